namespace LongWriter.Text;

/// <summary>
/// Where sentences and paragraphs of English and Chinese end, for cutting context and for seeing that a text was cut off.
/// Rules, not a model: in doubt no border is reported, so what is cut there is whole. Indices are UTF-16; methods are linear, and allocate nothing but what they return.
/// </summary>
internal static class TextBorders
{
    /// <summary>
    /// Index just past the last sentence that is complete, closing quotes and brackets included; 0 when there is none.
    /// A blank line ends a sentence too (headings and verses have no stop).
    /// </summary>
    public static int LastSentenceEnd(ReadOnlySpan<char> text)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            int end = text[i] == '\n' ? ParagraphEndAt(text, i) : SentenceEndAt(text, i);
            if (end > 0)
            {
                return end;
            }
        }

        return 0;
    }

    /// <summary>
    /// Index of the first sentence that starts at <paramref name="index"/> or after it; the text's length when none does.
    /// Text before it is complete, so the rest reads from a beginning.
    /// </summary>
    public static int FirstSentenceStartAtOrAfter(ReadOnlySpan<char> text, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, text.Length);
        int first = SkipSpace(text, 0);
        if (index <= first)
        {
            return first;
        }

        for (int i = StartOfBorderBefore(text, index); i < text.Length; i++)
        {
            int end = text[i] == '\n' ? ParagraphEndAt(text, i) : SentenceEndAt(text, i);
            int start = end > 0 ? SkipSpace(text, end) : -1;
            if (start >= index)
            {
                return start;
            }
        }

        return text.Length;
    }

    /// <summary>Indices just past every complete sentence, in order; a blank line and the end of a sentence at the text's end are among them.</summary>
    public static List<int> SentenceEnds(ReadOnlySpan<char> text)
    {
        var ends = new List<int>();
        for (int i = 0; i < text.Length; i++)
        {
            int end = text[i] == '\n' ? ParagraphEndAt(text, i) : SentenceEndAt(text, i);
            if (end > 0 && (ends.Count == 0 || end > ends[^1]))
            {
                ends.Add(end);
            }
        }

        return ends;
    }

    /// <summary>Index just past the last paragraph that a blank line closes, without that blank line; 0 when there is none.</summary>
    public static int LastParagraphEnd(ReadOnlySpan<char> text)
    {
        for (int i = text.Length - 1; i >= 0; i--)
        {
            int end = text[i] == '\n' ? ParagraphEndAt(text, i) : 0;
            if (end > 0)
            {
                return end;
            }
        }

        return 0;
    }

    /// <summary>Whether the text, trailing space aside, ends with a complete sentence. False for an empty text.</summary>
    public static bool EndsSentence(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> trimmed = text.TrimEnd();
        int stop = trimmed.Length - 1;
        while (stop >= 0 && IsCloser(trimmed[stop]))
        {
            stop--;
        }

        return stop >= 0 && SentenceEndAt(trimmed, stop) == trimmed.Length;
    }

    /// <summary>Whether a code fence (three or more ` or ~ at the start of a line) is open at the end of the text.</summary>
    public static bool IsInsideCodeBlock(ReadOnlySpan<char> text)
    {
        char fence = '\0';
        int fenceLength = 0;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            ReadOnlySpan<char> content = line.TrimStart(' ');
            int run = content.Length > 0 && content[0] is '`' or '~' ? content.Length - content.TrimStart(content[0]).Length : 0;
            if (run < 3 || line.Length - content.Length > 3)
            {
                continue;
            }

            if (fence == '\0')
            {
                (fence, fenceLength) = (content[0], run);
            }
            else if (content[0] == fence && run >= fenceLength && content[run..].IsWhiteSpace())
            {
                fence = '\0';
            }
        }

        return fence != '\0';
    }

    /// <summary>Whether the last line that is not blank is a list item: "- x", "* x", "+ x", "1. x", "2) x", "3、x".</summary>
    public static bool IsInsideList(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> trimmed = text.TrimEnd();
        ReadOnlySpan<char> line = trimmed[(trimmed.LastIndexOf('\n') + 1)..].TrimStart();
        if (line.Length < 2)
        {
            return false;
        }

        ReadOnlySpan<char> afterNumber = line.TrimStart("0123456789");
        return afterNumber.Length == line.Length
            ? line[0] is '-' or '*' or '+' && line[1] == ' '
            : afterNumber.Length > 1 && (afterNumber[0] == '、' || (afterNumber[0] is '.' or ')' && afterNumber[1] == ' '));
    }

    // The end of the sentence whose last stop is at `stop`, or 0. Looks only at the stop's surroundings.
    private static int SentenceEndAt(ReadOnlySpan<char> text, int stop)
    {
        char mark = text[stop];
        if (!IsStop(mark) || (stop + 1 < text.Length && IsStop(text[stop + 1])))
        {
            return 0;
        }

        int end = stop + 1;
        while (end < text.Length && IsCloser(text[end]))
        {
            end++;
        }

        if (mark is '。' or '！' or '？' or '｡')
        {
            return end;
        }

        int following = SkipSpace(text, end);
        char next = following < text.Length ? text[following] : '\0';
        bool atEnd = next == '\0' || HasBlankLine(text[end..following]);
        if (atEnd)
        {
            return mark != '.' || IsEllipsis(text, stop) || Abbreviations.Of(text, stop, '\0') != StopMeaning.GoesOn ? end : 0;
        }

        // "3.14", "a.b", and "Wait… what": nothing between, or it goes on in lower case.
        if (char.IsLower(next) || (following == end && !(IsWide(next) && mark is '!' or '?')))
        {
            return 0;
        }

        return mark != '.' || IsEllipsis(text, stop) || Abbreviations.Of(text, stop, next) == StopMeaning.Ends ? end : 0;
    }

    // At the newline that closes a line with text, when a blank line follows: the end of that text, or 0.
    private static int ParagraphEndAt(ReadOnlySpan<char> text, int newline)
    {
        int next = newline + 1;
        while (next < text.Length && IsBlank(text[next]))
        {
            next++;
        }

        if (next >= text.Length || text[next] != '\n')
        {
            return 0;
        }

        int end = newline;
        while (end > 0 && IsBlank(text[end - 1]))
        {
            end--;
        }

        return end > 0 && text[end - 1] != '\n' ? end : 0;
    }

    // A border whose sentence starts at or after `index` may lie before it, over closers and space.
    private static int StartOfBorderBefore(ReadOnlySpan<char> text, int index)
    {
        int start = index;
        while (start > 0 && (char.IsWhiteSpace(text[start - 1]) || IsCloser(text[start - 1])))
        {
            start--;
        }

        return Math.Max(0, start - 1);
    }

    private static int SkipSpace(ReadOnlySpan<char> text, int index)
    {
        while (index < text.Length && char.IsWhiteSpace(text[index]))
        {
            index++;
        }

        return index;
    }

    private static bool HasBlankLine(ReadOnlySpan<char> space) => space.Count('\n') > 1;

    private static bool IsEllipsis(ReadOnlySpan<char> text, int stop) => stop > 0 && text[stop - 1] == '.';

    private static bool IsStop(char c) => c is '.' or '!' or '?' or '…' or '。' or '！' or '？' or '｡' or '．' or '‼' or '⁇' or '⁈' or '⁉';

    private static bool IsCloser(char c) =>
        c is '"' or '\'' or ')' or ']' or '}' or '*' or '_' or '’' or '”' or '»' or '›' or '」' or '』' or '）' or '】' or '》' or '〉' or '〕' or '］' or '｣';

    private static bool IsBlank(char c) => c is ' ' or '\t' or '\r' or '\u3000';

    private static bool IsWide(char c) => c >= '\u2E80';
}
