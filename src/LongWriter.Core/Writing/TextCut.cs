using LongWriter.Text;

namespace LongWriter.Writing;

/// <summary>Cuts a text to a number of tokens: at a sentence border, where there is none in reach at a line's, else at a word's.</summary>
internal static class TextCut
{
    /// <summary>The longest end of <paramref name="text"/> that fits and starts with a sentence, a line or a word; empty when not even the last word fits.</summary>
    public static string Tail(string text, int maxTokens, TokenBudget tokens)
    {
        if (tokens.Count(text) <= maxTokens)
        {
            return text;
        }

        // The token count falls as the start moves right, so a binary search over starts finds the border of "fits".
        int low = 0, high = text.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (tokens.Count(text[middle..]) <= maxTokens)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        int start = TextBorders.FirstSentenceStartAtOrAfter(text, low);
        if (start >= text.Length)
        {
            int border = StartAfter(text, low, '\n');
            start = border < text.Length ? border : StartAfter(text, low, ' ');
        }

        return start < text.Length ? text[start..]
            : low < text.Length && text.IndexOf(' ', StringComparison.Ordinal) < 0 ? text[(char.IsLowSurrogate(text[low]) ? low + 1 : low)..]
            : "";
    }

    /// <summary>The longest beginning of <paramref name="text"/> that fits and ends with a sentence, a line or a word; empty when not even the first word fits.</summary>
    public static string Head(string text, int maxTokens, TokenBudget tokens)
    {
        if (tokens.Count(text) <= maxTokens)
        {
            return text;
        }

        int low = 0, high = text.Length;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (tokens.Count(text[..middle]) <= maxTokens)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        ReadOnlySpan<char> fitting = text.AsSpan(0, low);
        int end = TextBorders.LastSentenceEnd(fitting);
        end = end > 0 ? end : Math.Max(0, fitting.LastIndexOf('\n'));
        end = end > 0 ? end : Math.Max(0, fitting.LastIndexOf(' '));
        return end > 0 ? text[..end]
            : low > 0 && text.IndexOf(' ', StringComparison.Ordinal) < 0 ? text[..(char.IsHighSurrogate(text[low - 1]) ? low - 1 : low)]
            : "";
    }

    /// <summary>Where the text goes on after the next separator, at <paramref name="index"/> or behind it; its length when it does not.</summary>
    private static int StartAfter(string text, int index, char separator)
    {
        int found = text.IndexOf(separator, Math.Max(0, index - 1));
        while (found >= 0 && found < text.Length && char.IsWhiteSpace(text[found]))
        {
            found++;
        }

        return found < 0 ? text.Length : found;
    }
}
