namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>
/// The GPT-2 family: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>, also with numbers in
/// groups of at most <paramref name="maxDigits"/>.
/// </summary>
internal sealed class Gpt2Splitter(int maxDigits) : PieceSplitter
{
    private const CodePointKind Named = CodePointKind.Space | CodePointKind.Letter | CodePointKind.Number;

    public override int Next(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        int contraction = Contractions.Skip(text, start, ignoreCase: false);
        if (contraction > start)
        {
            return contraction;
        }

        int word = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        CodePointKind kind = CodePointKinds.At(text, word, out _);
        return (kind & Named) switch
        {
            CodePointKind.Letter => CodePointKinds.SkipWhile(text, word, CodePointKind.Letter),
            CodePointKind.Number => CodePointKinds.SkipWhile(text, word, CodePointKind.Number, maxDigits),
            CodePointKind.Other => CodePointKinds.SkipUntil(text, word, Named),
            _ => WhitespaceTail.Skip(text, start),
        };
    }
}
