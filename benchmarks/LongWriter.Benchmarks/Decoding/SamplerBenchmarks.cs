using BenchmarkDotNet.Attributes;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Tests.Decoding;

namespace LongWriter.Benchmarks.Decoding;

/// <summary>One token chosen from logits, against sorting them all. Logits as a model gives them: most far below the best.</summary>
public class SamplerBenchmarks
{
    private static readonly SamplingOptions Filtered = new() { Temperature = 0.8f, TopK = 40, TopP = 0.9f, Seed = 1 };

    private float[] source = [];
    private float[] logits = [];
    private Sampler sampler = new(1);
    private readonly SamplerState greedy = new(SamplingOptions.Greedy, null);
    private readonly SamplerState plainTemperature = new(new SamplingOptions { Temperature = 0.8f, Seed = 1 }, null);
    private readonly SamplerState topP = new(new SamplingOptions { Temperature = 0.8f, TopP = 0.9f, Seed = 1 }, null);
    private readonly SamplerState minP = new(new SamplingOptions { Temperature = 0.8f, MinP = 0.05f, Seed = 1 }, null);
    private readonly SamplerState filtered = new(Filtered, null);
    private Xoshiro256 random = new(1);

    [Params(4_096, 32_000, 128_000)]
    public int VocabSize { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var generator = new Random(1);
        source = [.. Enumerable.Range(0, VocabSize).Select(_ => (float)(2.5 * Math.Sqrt(-2 * Math.Log(1 - generator.NextDouble())) * Math.Cos(2 * Math.PI * generator.NextDouble())))];
        logits = new float[VocabSize];
        sampler = new Sampler(VocabSize);
    }

    /// <summary>Top-k and top-p by LINQ and double precision.</summary>
    [Benchmark(Baseline = true)]
    public int PlainTopKTopP() => PlainSampler.Draw(PlainSampler.Distribution(source, Filtered, [], []), random.NextDouble()).Id;

    [Benchmark]
    public int TopKTopP() => Sample(filtered);

    [Benchmark]
    public int TopP() => Sample(topP);

    [Benchmark]
    public int MinP() => Sample(minP);

    [Benchmark]
    public int Temperature() => Sample(plainTemperature);

    [Benchmark]
    public int Greedy() => Sample(greedy);

    private int Sample(SamplerState state)
    {
        source.CopyTo(logits, 0);
        return sampler.Sample(logits, state);
    }
}
