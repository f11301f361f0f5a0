namespace LongWriter.Onnx.Decoding;

/// <summary>How often each token was generated, and which ones the prompt holds. Cleared in the time of what was counted, not of the vocabulary.</summary>
internal sealed class TokenCounts(int vocabSize)
{
    // 0: never seen; 1: in the prompt only; 1 + n: generated n times. One look-up serves all three penalties.
    private readonly int[] marks = new int[vocabSize];
    private readonly int[] seen = new int[vocabSize];
    private int seenCount;

    /// <summary>Tokens that were seen, in the order of their first sight.</summary>
    public ReadOnlySpan<int> Seen => seen.AsSpan(0, seenCount);

    /// <summary>How often a seen token was generated.</summary>
    public int Generated(int id) => marks[id] - 1;

    public void AddPrompt(ReadOnlySpan<int> ids)
    {
        foreach (int id in ids)
        {
            MarkSeen(id);
        }
    }

    public void AddGenerated(int id)
    {
        MarkSeen(id);
        marks[id]++;
    }

    public void Clear()
    {
        foreach (int id in Seen)
        {
            marks[id] = 0;
        }

        seenCount = 0;
    }

    private void MarkSeen(int id)
    {
        if (marks[id] == 0)
        {
            marks[id] = 1;
            seen[seenCount++] = id;
        }
    }
}
