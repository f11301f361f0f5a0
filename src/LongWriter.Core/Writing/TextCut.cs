using LongWriter.Text;

namespace LongWriter.Writing;

/// <summary>Cuts a text to a number of tokens at a sentence border.</summary>
internal static class TextCut
{
    /// <summary>The longest end of <paramref name="text"/> that fits and starts with a sentence; empty when not even the last sentence fits.</summary>
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
        return start >= text.Length ? "" : text[start..];
    }

    /// <summary>The longest beginning of <paramref name="text"/> that fits and ends with a sentence; empty when not even the first sentence fits.</summary>
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

        return text[..TextBorders.LastSentenceEnd(text.AsSpan(0, low))];
    }
}
