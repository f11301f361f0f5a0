using LongWriter.Text;

namespace LongWriter.Writing;

/// <summary>Where a section that is too long may end: at the end of a sentence or a paragraph, never inside a list or a code block.</summary>
internal static class LengthCut
{
    /// <summary>The beginning of <paramref name="text"/> whose length suits the window best; the whole text where it has no border.</summary>
    public static string Nearest(string text, SectionWindow window, Func<string, int> count)
    {
        (string Text, int Distance)? best = null;
        foreach (string candidate in Candidates(text, count, window.Aim))
        {
            int distance = window.Distance(count(candidate));
            if (best is null || distance < best.Value.Distance)
            {
                best = (candidate, distance);
            }
        }

        return best?.Text ?? text;
    }

    /// <summary>The longest beginning of at most so many words that ends at a border; empty when there is none.</summary>
    public static string UpTo(string text, int words, Func<string, int> count)
    {
        List<int> borders = Borders(text);
        int fitting = FirstBeyond(text, borders, words, count) - 1;
        return fitting < 0 ? "" : text[..borders[fitting]];
    }

    /// <summary>Of all beginnings the last few up to the aim and the first few beyond it: one of them is the best.</summary>
    private static IEnumerable<string> Candidates(string text, Func<string, int> count, int aim)
    {
        const int OnEachSide = 3;
        List<int> borders = Borders(text);
        int beyond = FirstBeyond(text, borders, aim, count);
        for (int i = Math.Max(0, beyond - OnEachSide); i < Math.Min(borders.Count, beyond + OnEachSide); i++)
        {
            yield return text[..borders[i]];
        }
    }

    /// <summary>The first border with more than so many words before it; longer beginnings never have fewer words.</summary>
    private static int FirstBeyond(string text, List<int> borders, int words, Func<string, int> count)
    {
        int low = 0, high = borders.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = count(text[..borders[middle]]) > words ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private static List<int> Borders(string text)
    {
        List<int> ends = TextBorders.SentenceEnds(text);
        ends.RemoveAll(end => TextBorders.IsInsideCodeBlock(text.AsSpan(0, end)) || IsInsideList(text, end));
        return ends;
    }

    /// <summary>True between the items of a list, and inside one of them.</summary>
    private static bool IsInsideList(string text, int end)
    {
        if (!TextBorders.IsInsideList(text.AsSpan(0, end)))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text.AsSpan(end);
        ReadOnlySpan<char> trimmed = rest.TrimStart();
        int lineBreaks = rest[..^trimmed.Length].Count('\n');
        int lineEnd = trimmed.IndexOf('\n');
        return !trimmed.IsEmpty && (lineBreaks == 0 || TextBorders.IsInsideList(lineEnd < 0 ? trimmed : trimmed[..lineEnd]));
    }
}
