namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>The last alternatives of every family: a run of whitespace, of which a following word keeps the last character.</summary>
internal static class WhitespaceTail
{
    /// <summary><c>\s+(?!\S)|\s+</c> at a whitespace character.</summary>
    public static int Skip(ReadOnlySpan<char> text, int start)
        => EndOfRun(text, start, CodePointKinds.SkipWhile(text, start, CodePointKind.Space));

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c> at a whitespace character.</summary>
    public static int SkipWithLineBreaks(ReadOnlySpan<char> text, int start)
    {
        int end = CodePointKinds.SkipWhile(text, start, CodePointKind.Space);
        int lastBreak = text[start..end].LastIndexOfAny('\r', '\n');
        return lastBreak >= 0 ? start + lastBreak + 1 : EndOfRun(text, start, end);
    }

    // All whitespace is in the basic plane, so stepping back by one unit steps back by one character.
    private static int EndOfRun(ReadOnlySpan<char> text, int start, int end)
        => end == text.Length || end - start == 1 ? end : end - 1;
}
