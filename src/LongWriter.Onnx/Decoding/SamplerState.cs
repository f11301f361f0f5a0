namespace LongWriter.Onnx.Decoding;

/// <summary>What sampling remembers of one sequence.</summary>
internal sealed class SamplerState(SamplingOptions options, TokenCounts? counts, ILogitsProcessor? processor = null)
{
    private Xoshiro256 random = new(options.Seed ?? Xoshiro256.UnknownSeed());

    public SamplingOptions Options { get; } = options;

    /// <summary>Null when no penalty needs them.</summary>
    public TokenCounts? Counts { get; } = counts;

    /// <summary>Null when the request has none.</summary>
    public ILogitsProcessor? Processor { get; } = processor;

    /// <summary>The bias as arrays, because walking a dictionary by its interface allocates.</summary>
    public int[] BiasIds { get; } = [.. options.LogitBias?.Keys.Order() ?? Enumerable.Empty<int>()];

    public float[] Biases { get; } = [.. options.LogitBias?.OrderBy(pair => pair.Key).Select(pair => pair.Value) ?? []];

    public double NextRandom() => random.NextDouble();
}
