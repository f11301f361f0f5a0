namespace LongWriter.Onnx.Chat;

/// <summary>
/// Remembers which ids a reply was generated with, by the exact prompt it answered. A later prompt that begins with that prompt and goes on with
/// that text, or with a beginning of it, gets the same ids, so that the engine's keys and values still fit. Safe for concurrent use; bounded,
/// the oldest go first.
/// </summary>
/// <remarks>
/// A text alone would not do as key: another conversation that happens to begin its reply alike would change the ids of this one. Under its
/// prompt a reply can only meet replies to the same prompt, and of those the choice does not depend on who came first.
/// </remarks>
/// <param name="capacityTokens">Ids kept at most. A long document has some tens of thousands.</param>
internal sealed class SegmentCache(int capacityTokens = SegmentCache.DefaultCapacityTokens)
{
    public const int DefaultCapacityTokens = 1 << 18;

    private readonly Lock gate = new();
    private readonly Dictionary<PromptKey, List<GeneratedSegment>> segments = [];
    private readonly Queue<(PromptKey Prompt, GeneratedSegment Segment)> byAge = new();
    private int tokenCount;

    public int TokenCount
    {
        get
        {
            lock (gate)
            {
                return tokenCount;
            }
        }
    }

    public void Add(PromptKey prompt, GeneratedSegment segment)
    {
        if (segment.Ids.Length == 0 || segment.Ids.Length > capacityTokens)
        {
            return;
        }

        lock (gate)
        {
            if (!segments.TryGetValue(prompt, out List<GeneratedSegment>? replies))
            {
                segments.Add(prompt, replies = []);
            }

            if (replies.Exists(known => known.Ids.AsSpan().SequenceEqual(segment.Ids)))
            {
                return;
            }

            replies.Add(segment);
            byAge.Enqueue((prompt, segment));
            tokenCount += segment.Ids.Length;
            while (tokenCount > capacityTokens)
            {
                RemoveOldest();
            }
        }
    }

    /// <summary>The ids of the longest known beginning of <paramref name="text"/>; empty when none is known.</summary>
    /// <param name="prompt">The prompt up to the text.</param>
    /// <param name="text">The text.</param>
    /// <param name="charCount">Characters of the text that the ids stand for.</param>
    public ReadOnlySpan<int> Find(PromptKey prompt, ReadOnlySpan<char> text, out int charCount)
    {
        charCount = 0;
        ReadOnlySpan<int> best = [];
        lock (gate)
        {
            foreach (GeneratedSegment reply in segments.GetValueOrDefault(prompt) ?? [])
            {
                ReadOnlySpan<int> ids = reply.Ids.AsSpan(0, reply.Match(text, out int chars));

                // Among equals the smaller ids, so that the order in which concurrent replies came does not matter.
                if (chars > charCount || (chars == charCount && chars > 0 && ids.SequenceCompareTo(best) < 0))
                {
                    best = ids;
                    charCount = chars;
                }
            }
        }

        return best;
    }

    private void RemoveOldest()
    {
        (PromptKey prompt, GeneratedSegment segment) = byAge.Dequeue();
        List<GeneratedSegment> replies = segments[prompt];
        replies.Remove(segment);
        if (replies.Count == 0)
        {
            segments.Remove(prompt);
        }

        tokenCount -= segment.Ids.Length;
    }
}
