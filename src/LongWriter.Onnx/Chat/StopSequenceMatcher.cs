namespace LongWriter.Onnx.Chat;

/// <summary>
/// Finds stop strings in text that comes in pieces. What could be the beginning of one is held back, so nothing of a stop string is ever
/// emitted, wherever the borders of tokens are. Ordinal comparison; one per reply.
/// </summary>
internal sealed class StopSequenceMatcher(IReadOnlyList<string> stops)
{
    private string held = "";

    /// <summary>True once a stop string was found; nothing may follow.</summary>
    public bool IsMatched { get; private set; }

    /// <summary>Takes the next piece and returns what is certain not to belong to a stop string.</summary>
    public string Append(string text)
    {
        if (stops.Count == 0 || text.Length == 0)
        {
            return text;
        }

        string pending = held + text;
        int first = -1;
        foreach (string stop in stops)
        {
            int at = pending.IndexOf(stop, StringComparison.Ordinal);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }

        if (first >= 0)
        {
            IsMatched = true;
            held = "";
            return pending[..first];
        }

        int hold = stops.Max(stop => LongestBegun(pending, stop));
        held = pending[^hold..];
        return pending[..^hold];
    }

    /// <summary>Ends the reply: what was held back is text after all.</summary>
    public string Flush()
    {
        string rest = held;
        held = "";
        return rest;
    }

    /// <summary>Characters at the end of <paramref name="text"/> that begin <paramref name="stop"/>.</summary>
    private static int LongestBegun(string text, string stop)
    {
        for (int length = Math.Min(stop.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }
}
