namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>
/// The part that the newer families share once words and numbers are ruled out:
/// <c> ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal static class PunctuationTail
{
    public static int Skip(ReadOnlySpan<char> text, int start, CodePointKind first, CodePointKind word, bool closesWithSlash)
    {
        CodePointKind named = CodePointKind.Space | CodePointKind.Number | word;
        int sign = text[start] == ' ' ? start + 1 : start;
        bool startsSigns = sign == start
            ? (first & named) == 0
            : sign < text.Length && (CodePointKinds.At(text, sign, out _) & named) == 0;
        if (!startsSigns)
        {
            return WhitespaceTail.SkipWithLineBreaks(text, start);
        }

        int end = CodePointKinds.SkipUntil(text, sign, named);
        while (end < text.Length && (text[end] is '\r' or '\n' || (closesWithSlash && text[end] == '/')))
        {
            end++;
        }

        return end;
    }
}
