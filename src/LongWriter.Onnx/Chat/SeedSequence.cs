namespace LongWriter.Onnx.Chat;

/// <summary>
/// Seeds of calls that name none: the n-th call of a client always has the same one, and each call another. SplitMix64 (Steele, Lea, Flood, 2014)
/// over the client's seed and the call's number.
/// </summary>
internal sealed class SeedSequence(long seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private long calls;

    /// <summary>A seed in [0, 2^63).</summary>
    public long Next()
    {
        ulong z = unchecked((ulong)seed + GoldenGamma * (ulong)Interlocked.Increment(ref calls));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (long)((z ^ (z >> 31)) >> 1);
    }
}
