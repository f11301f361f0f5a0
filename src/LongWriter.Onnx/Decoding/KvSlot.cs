namespace LongWriter.Onnx.Decoding;

/// <summary>A place for one sequence: which tokens there are keys and values for. What lies beyond <see cref="CachedTokens"/> is never read.</summary>
internal sealed class KvSlot(int row, int capacity)
{
    private readonly int[] ids = new int[capacity];

    /// <summary>The row of the cache where its keys and values lie; <see cref="BatchRows"/> may move them.</summary>
    public int Row { get; private set; } = row;

    public int CachedTokens { get; private set; }

    /// <summary>Positions of its row that were written since their memory was given back last, and so take memory.</summary>
    public int HeldTokens { get; private set; }

    /// <summary>Positions that the sequence in it may come to need; counted while it is taken, where there is a limit to memory.</summary>
    public int ReservedTokens { get; set; }

    /// <summary>When it was taken or given back last; larger is later, 0 is never.</summary>
    public long LastUse { get; set; }

    /// <summary>True while a sequence computes in it. Others may copy from it, but not take it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>The tokens by position; those from <see cref="CachedTokens"/> on wait to be computed.</summary>
    public Span<int> Ids => ids;

    /// <summary>Forgets what lies beyond. The length is all there is to a rewind.</summary>
    public void Rewind(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)tokens, (uint)CachedTokens, nameof(tokens));
        CachedTokens = tokens;
    }

    /// <summary>The next <paramref name="tokens"/> positions have their keys and values.</summary>
    public void Advance(int tokens)
    {
        CachedTokens += tokens;
        Touch(CachedTokens);
    }

    /// <summary>Positions before <paramref name="end"/> are about to be written, even where the step then fails.</summary>
    public void Touch(int end) => HeldTokens = Math.Max(HeldTokens, end);

    /// <summary>Memory beyond <see cref="CachedTokens"/> was given back.</summary>
    public void ForgetHeld() => HeldTokens = CachedTokens;

    /// <summary>Its keys and values now lie in another row, whose memory beyond them was given back where there is a limit.</summary>
    public void MoveTo(int row)
    {
        Row = row;
        ForgetHeld();
    }

    /// <summary>The same tokens as another slot, whose first <paramref name="tokens"/> keys and values were copied here.</summary>
    public void CopyPrefix(KvSlot other, int tokens)
    {
        other.Ids[..tokens].CopyTo(ids);
        CachedTokens = tokens;
        Touch(tokens);
    }

    /// <summary>How many of <paramref name="prompt"/>'s first tokens are there.</summary>
    public int CommonPrefix(ReadOnlySpan<int> prompt) => prompt.CommonPrefixLength(ids.AsSpan(0, CachedTokens));
}
