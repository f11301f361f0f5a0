using System.Collections.Frozen;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Chat.Length;

/// <summary>Tokens that a <see cref="LengthGuide"/> favours or forbids. What a vocabulary has not in one token is null, and then not favoured.</summary>
internal sealed class GuideTokens
{
    private readonly int? blankLineId;
    private readonly FrozenDictionary<char, int> marks;

    public GuideTokens(Tokenizer tokenizer)
    {
        SpecialIds = [.. tokenizer.SpecialTokens.Values.Order()];
        blankLineId = Find("\n\n");
        marks = (OpenPairs.Closers + ".。\n").Distinct().Where(mark => Find(mark.ToString()) is not null).ToFrozenDictionary(mark => mark, mark => Find(mark.ToString())!.Value);

        // Behind a letter: some vocabularies put a space before the first token, some join newlines to the stop before them.
        int? Find(string text)
        {
            List<int> ids = tokenizer.Encode("a" + text, parseSpecialTokens: false);
            return ids.Count > 1 && tokenizer.Decode(ids[^1..].ToArray()) == text ? ids[^1] : null;
        }
    }

    /// <summary>Tokens that are no text, ends among them.</summary>
    public IReadOnlyList<int> SpecialIds { get; }

    /// <summary>The token of a closing mark, full stop or newline, alone.</summary>
    public int? Of(char mark) => marks.TryGetValue(mark, out int id) ? id : null;

    /// <summary>The token that is missing to a blank line behind so many newlines; null when the line is blank.</summary>
    public int? ForBlankLine(int newlines) => newlines switch
    {
        0 => blankLineId ?? Of('\n'),
        1 => Of('\n'),
        _ => null,
    };
}
