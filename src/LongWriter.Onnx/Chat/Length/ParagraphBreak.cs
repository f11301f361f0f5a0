using LongWriter.Onnx.Tokenization;

namespace LongWriter.Onnx.Chat.Length;

/// <summary>The tokens that begin a new paragraph.</summary>
/// <param name="BlankLineId">Two newlines in one token, or null when the vocabulary has none.</param>
/// <param name="NewlineId">One newline, or null when the vocabulary has none.</param>
internal sealed record ParagraphBreak(int? BlankLineId, int? NewlineId)
{
    public static ParagraphBreak Of(Tokenizer tokenizer)
    {
        return new ParagraphBreak(Find("\n\n"), Find("\n"));

        // Behind a letter: some vocabularies put a space before the first token, some join newlines to the stop before them.
        int? Find(string newlines)
        {
            ReadOnlySpan<int> ids = tokenizer.Encode("a" + newlines, parseSpecialTokens: false).ToArray();
            return !ids.IsEmpty && IsNewlines(tokenizer.BytesOf(ids[^1], skipSpecialTokens: false), newlines.Length) ? ids[^1] : null;
        }
    }

    /// <summary>The token that is missing to a blank line behind so many newlines; null when the line is blank, or no token would do.</summary>
    public int? Next(int newlines) => newlines switch
    {
        0 => BlankLineId ?? NewlineId,
        1 => NewlineId,
        _ => null,
    };

    private static bool IsNewlines(ReadOnlySpan<byte> bytes, int count) => bytes.Length == count && !bytes.ContainsAnyExcept((byte)'\n');
}
