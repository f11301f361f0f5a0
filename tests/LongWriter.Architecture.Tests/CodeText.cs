namespace LongWriter.Architecture;

/// <summary>Blanks out what is not code, so that a word in a comment or a string is no use of it. Line breaks and columns stay.</summary>
internal static class CodeText
{
    /// <summary>The text with comments, string literals and character literals replaced by spaces. What stands inside an interpolation goes, too.</summary>
    public static string Blank(string text)
    {
        char[] code = text.ToCharArray();
        int i = 0;
        while (i < text.Length)
        {
            int end = EndOfNonCode(text, i);
            for (int k = i; k < end; k++)
            {
                code[k] = text[k] is '\n' or '\r' ? text[k] : ' ';
            }

            i = Math.Max(end, i + 1);
        }

        return new string(code);
    }

    /// <summary>Where the comment or literal that starts here ends; the start itself when none does.</summary>
    private static int EndOfNonCode(string text, int start)
    {
        ReadOnlySpan<char> rest = text.AsSpan(start);
        if (rest.StartsWith("//"))
        {
            return After(text, "\n", start) is int end && end < text.Length ? end - 1 : text.Length;
        }

        if (rest.StartsWith("/*"))
        {
            return After(text, "*/", start + 2);
        }

        if (rest[0] == '\'')
        {
            return EndOfEscaped(text, start, '\'');
        }

        if (rest[0] != '"')
        {
            return start;
        }

        int quotes = rest.IndexOfAnyExcept('"') is int count and >= 0 ? count : rest.Length;
        bool verbatim = start > 0 && (text[start - 1] == '@' || (start > 1 && text[start - 1] == '$' && text[start - 2] == '@'));
        return verbatim ? EndOfVerbatim(text, start)
            : quotes >= 3 ? After(text, new string('"', quotes), start + quotes)
            : EndOfEscaped(text, start, '"');
    }

    private static int EndOfEscaped(string text, int start, char quote)
    {
        for (int i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (text[i] == quote || text[i] == '\n')
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    private static int EndOfVerbatim(string text, int start)
    {
        for (int i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                if (i + 1 == text.Length || text[i + 1] != '"')
                {
                    return i + 1;
                }

                i++;
            }
        }

        return text.Length;
    }

    private static int After(string text, string mark, int from) =>
        text.IndexOf(mark, from, StringComparison.Ordinal) is int at and >= 0 ? at + mark.Length : text.Length;
}
