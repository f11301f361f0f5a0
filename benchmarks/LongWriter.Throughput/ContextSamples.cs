using LongWriter.Onnx.Model;

namespace LongWriter.Throughput;

/// <summary>What the rounds gave for one precision and one length of context.</summary>
internal sealed class ContextSamples(int contextTokens)
{
    private readonly List<double> interTokenMs = [];
    private readonly List<double> tokensPerSecond = [];
    private readonly List<double> allocatedBytes = [];
    private readonly List<double> outsideShares = [];

    public int ContextTokens => contextTokens;

    public List<double> ColdFirstTokenMs { get; } = [];

    public List<double> CachedFirstTokenMs { get; } = [];

    /// <summary>Adds the times between the tokens of one round.</summary>
    public void AddInterToken(IReadOnlyList<double> times)
    {
        interTokenMs.AddRange(times);
        tokensPerSecond.Add(1000 * times.Count / times.Sum());
    }

    /// <param name="bytes">Managed bytes taken for a token.</param>
    /// <param name="outsideNative">Share of the time between tokens that is not native.</param>
    public void AddOverhead(double bytes, double outsideNative)
    {
        allocatedBytes.Add(bytes);
        outsideShares.Add(outsideNative);
    }

    public ThroughputRow ToRow(ModelManifest manifest, long kvBytes, int newTokens) => new()
    {
        Profile = ThroughputRun.ProfileOf(manifest),
        Precision = manifest.Precision,
        BlockSize = manifest.BlockSize,
        KvType = manifest.Kv.ElementType,
        ContextTokens = contextTokens,
        ColdFirstTokenMs = Percentiles.Median(ColdFirstTokenMs),
        PrefillTokensPerSecond = 1000 * contextTokens / Percentiles.Median(ColdFirstTokenMs),
        CachedFirstTokenMs = Percentiles.Median(CachedFirstTokenMs),
        DecodeTokensPerSecond = Percentiles.Median(tokensPerSecond),
        InterTokenP50Ms = Percentiles.At(interTokenMs, 0.50),
        InterTokenP95Ms = Percentiles.At(interTokenMs, 0.95),
        InterTokenP99Ms = Percentiles.At(interTokenMs, 0.99),

        // The engine takes the whole context's; this text fills so much of it.
        KvBytes = kvBytes / manifest.MaxPositions * (contextTokens + newTokens),
        KvBytesAllocated = kvBytes,
        AllocatedBytesPerToken = Percentiles.Median(allocatedBytes),
        OutsideNativeShare = Percentiles.Median(outsideShares),
        ColdFirstTokenMsByRound = ColdFirstTokenMs,
        CachedFirstTokenMsByRound = CachedFirstTokenMs,
        DecodeTokensPerSecondByRound = tokensPerSecond,
    };
}
