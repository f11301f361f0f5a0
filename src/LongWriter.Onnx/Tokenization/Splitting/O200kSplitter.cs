namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>
/// The o200k family: words are an upper part and a lower part, a contraction belongs to its word.
/// <c>[^\r\n\p{L}\p{N}]?U*W+(?i:'s|…)?|[^\r\n\p{L}\p{N}]?U+W*(?i:'s|…)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>
/// with U = Lu Lt Lm Lo M and W = Ll Lm Lo M. Mistral's form has no contractions and takes digits one by one.
/// </summary>
internal sealed class O200kSplitter(int maxDigits, bool joinsContractions) : PieceSplitter
{
    private const int NoMatch = -1;

    public override int Next(ReadOnlySpan<char> text, int start, out bool keep)
    {
        keep = true;
        CodePointKind first = CodePointKinds.At(text, start, out int width);
        bool mayLead = (first & (CodePointKind.LineBreak | CodePointKind.Letter | CodePointKind.Number)) == 0;
        int afterLead = mayLead ? start + width : start;

        // A mark may lead a word or be its first character; the pattern tries the lead first, in both alternatives.
        int end = LowerEnded(text, afterLead);
        end = end == NoMatch && mayLead ? LowerEnded(text, start) : end;
        end = end == NoMatch ? UpperStarted(text, afterLead) : end;
        end = end == NoMatch && mayLead ? UpperStarted(text, start) : end;
        if (end != NoMatch)
        {
            return joinsContractions ? Contractions.Skip(text, end, ignoreCase: true) : end;
        }

        return (first & CodePointKind.Number) != 0
            ? CodePointKinds.SkipWhile(text, start, CodePointKind.Number, maxDigits)
            : PunctuationTail.Skip(text, start, first, CodePointKind.Letter, closesWithSlash: true);
    }

    /// <summary><c>U*W+</c>: where U+ swallowed everything, it gives back as little as leaves one W.</summary>
    private static int LowerEnded(ReadOnlySpan<char> text, int start)
    {
        int lastLower = NoMatch;
        int index = start;
        while (index < text.Length)
        {
            CodePointKind kind = CodePointKinds.At(text, index, out int width);
            if ((kind & CodePointKind.UpperPart) == 0)
            {
                return (kind & CodePointKind.LowerPart) != 0 ? CodePointKinds.SkipWhile(text, index, CodePointKind.LowerPart) : lastLower;
            }

            index += width;
            lastLower = (kind & CodePointKind.LowerPart) != 0 ? index : lastLower;
        }

        return lastLower;
    }

    /// <summary><c>U+W*</c>.</summary>
    private static int UpperStarted(ReadOnlySpan<char> text, int start)
    {
        int end = CodePointKinds.SkipWhile(text, start, CodePointKind.UpperPart);
        return end == start ? NoMatch : CodePointKinds.SkipWhile(text, end, CodePointKind.LowerPart);
    }
}
