namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>
/// The cl100k family, which Llama 3, GLM-4 and Qwen share:
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// Qwen takes digits one by one; its later form counts marks as parts of words.
/// </summary>
internal sealed class Cl100kSplitter(int maxDigits, bool marksAreLetters) : PieceSplitter
{
    private readonly CodePointKind word = marksAreLetters ? CodePointKind.Letter | CodePointKind.Mark : CodePointKind.Letter;

    public override int Next(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        int contraction = Contractions.Skip(text, start, ignoreCase: true);
        if (contraction > start)
        {
            return contraction;
        }

        CodePointKind first = CodePointKinds.At(text, start, out int width);
        if ((first & word) != 0)
        {
            return CodePointKinds.SkipWhile(text, start, word);
        }

        if ((first & CodePointKind.Number) != 0)
        {
            return CodePointKinds.SkipWhile(text, start, CodePointKind.Number, maxDigits);
        }

        int second = start + width;
        bool leadsWord = (first & CodePointKind.LineBreak) == 0 && second < text.Length
            && (CodePointKinds.At(text, second, out _) & word) != 0;
        if (leadsWord)
        {
            return CodePointKinds.SkipWhile(text, second, word);
        }

        return PunctuationTail.Skip(text, start, first, word, closesWithSlash: false);
    }
}
