using BenchmarkDotNet.Attributes;
using LongWriter.Onnx.Chat.Length;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Tokenization;

namespace LongWriter.Benchmarks.Decoding;

/// <summary>One token of prose, sampled as the embedded model recommends, without and with a length window over it. The window's part does not depend on the vocabulary.</summary>
public class LengthWindowBenchmarks
{
    private const int EndId = 2;
    private const string Prose =
        "The old man went down to the harbour, as he did every morning, and looked at the boats. “They are late,” he said to no one. "
        + "It had rained in the night; the stones were wet, and a cold wind came in from the sea.\n\nMr. Hale was there before him. He did not turn round.\n\n";

    private static readonly SamplingOptions Options = new() { Temperature = 0.7f, TopP = 0.9f, Seed = 1 };

    private readonly SamplerState plain = new(Options, null);
    private readonly float[] logits = new float[4_096];
    private float[] source = [];
    private Sampler sampler = new(1);
    private LengthGuide? guide;
    private SamplerState? guided;
    private (int Id, string Piece)[] tokens = [];
    private int next;

    [GlobalSetup]
    public void Setup()
    {
        var generator = new Random(1);
        source = [.. logits.Select(_ => (float)(2.5 * Math.Sqrt(-2 * Math.Log(1 - generator.NextDouble())) * Math.Cos(2 * Math.PI * generator.NextDouble())))];
        sampler = new Sampler(logits.Length);
        var tokenizer = Tokenizer.Load(Path.Combine(EmbeddedModel.Folder(), "tokenizer.json"));
        var detokenizer = new StreamingDetokenizer(tokenizer);
        tokens = [.. tokenizer.Encode(Prose, parseSpecialTokens: false).Select(id => (id, detokenizer.Append(id)))];
        guide = new LengthGuide(new LengthWindow(0, 1_000_000_000, 1_000_000_000, WordCounter.Unicode), [EndId], new GuideTokens(tokenizer));
        guided = new SamplerState(Options, null, guide);
    }

    [Benchmark(Baseline = true)]
    public int WithoutWindow()
    {
        source.CopyTo(logits, 0);
        return sampler.Sample(logits, plain);
    }

    [Benchmark]
    public int WithWindow()
    {
        source.CopyTo(logits, 0);
        int id = sampler.Sample(logits, guided!);
        Append();
        return id;
    }

    /// <summary>What the window adds, by itself.</summary>
    [Benchmark]
    public int WindowAlone()
    {
        guide!.Process(logits);
        Append();
        return guide.Words;
    }

    private void Append()
    {
        (int id, string piece) = tokens[next];
        next = (next + 1) % tokens.Length;
        guide!.Append(id, piece);
    }
}
