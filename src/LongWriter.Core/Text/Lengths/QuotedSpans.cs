namespace LongWriter.Text.Lengths;

/// <summary>Where an instruction quotes: what stands there is material, not a demand.</summary>
internal sealed class QuotedSpans
{
    private const string Opening = "“「『《\"`";
    private const string Closing = "”」』》\"`";

    private readonly List<(int Start, int End)> spans = [];

    public QuotedSpans(FoldedText text)
    {
        int[] lastClosing = [.. Closing.Select(mark => text.Span.LastIndexOf(mark))];
        for (int index = 0; index < text.Length; index++)
        {
            int kind = Opening.IndexOf(text[index], StringComparison.Ordinal);
            bool opens = kind >= 0 && lastClosing[kind] > index && (Opening[kind] != '"' || !char.IsLetterOrDigit(text[index - 1]));
            if (opens)
            {
                int end = index + 1 + text.Span[(index + 1)..].IndexOf(Closing[kind]);
                spans.Add((index, end));
                index = end;
            }
        }

        ReadOnlySpan<char> trimmed = text.Span.Trim();
        if (spans.Count == 1 && spans[0].End - spans[0].Start + 1 == trimmed.Length)
        {
            spans.Clear(); // the instruction itself was handed over in quotes
        }
    }

    /// <summary>Whether a place is inside a quotation.</summary>
    public bool Hold(int start)
    {
        int low = 0;
        int high = spans.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            (int spanStart, int spanEnd) = spans[middle];
            if (spanEnd < start)
            {
                low = middle + 1;
            }
            else if (spanStart > start)
            {
                high = middle - 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
