using BenchmarkDotNet.Attributes;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Benchmarks.Decoding;

/// <summary>
/// Tokens of the embedded model through the whole engine: 128 greedy ones after a short prompt, whose keys and values are cached from the run before, so
/// that the time is that of decoding. The baseline computes the context anew for each token, as a loop without a cache would.
/// </summary>
public class DecodeStepBenchmarks
{
    private const int Tokens = 128;

    private static readonly int[] Prompt = [.. Enumerable.Range(100, 32)];

    private string folder = string.Empty;
    private DecodingEngine? engine;

    [Params(WeightPrecision.Int4, WeightPrecision.Int8, WeightPrecision.Float32)]
    public WeightPrecision Weights { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        folder = Directory.CreateTempSubdirectory("longwriter-").FullName;
        ModelExporter.Export(EmbeddedModel.Folder(), folder, new ExportOptions { Weights = Weights, Overwrite = true });
        engine = DecodingEngine.Load(new EngineOptions { ModelFolder = folder, Slots = 1 }, NullLogger.Instance);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        engine!.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Tokens)]
    public async Task<int> WithoutCache()
    {
        List<int> ids = [.. Prompt];
        for (int token = 0; token < Tokens; token++)
        {
            // The first token is another one each time, so that nothing of the run before fits.
            ids[0] = 100 + token;
            await engine!.DecodeAsync(Request([.. ids], 1), Add, default);
        }

        return ids[^1];

        bool Add(int token)
        {
            ids.Add(token);
            return true;
        }
    }

    [Benchmark(OperationsPerInvoke = Tokens)]
    public async Task<int> Decode() => (await engine!.DecodeAsync(Request(Prompt, Tokens), static _ => true, default)).GeneratedTokens;

    private static DecodingRequest Request(int[] prompt, int tokens) => new(prompt, SamplingOptions.Greedy, tokens, []);
}
