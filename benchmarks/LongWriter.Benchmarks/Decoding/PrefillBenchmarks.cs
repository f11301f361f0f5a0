using BenchmarkDotNet.Attributes;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Benchmarks.Decoding;

/// <summary>
/// 512 prompt tokens of the embedded model through the whole engine, to the first new token. The baseline feeds them one at a time, as a loop without
/// prefill would; the last one finds all but a turn of 32 tokens cached, as the next section of a document does.
/// </summary>
public class PrefillBenchmarks
{
    private const int Tokens = 512;
    private const int TurnTokens = 32;
    private const int FirstId = 100;

    private readonly int[] prompt = [.. Enumerable.Range(FirstId, Tokens)];
    private string folder = string.Empty;
    private DecodingEngine? stepwise;
    private DecodingEngine? chunked;

    [Params(WeightPrecision.Int4, WeightPrecision.Int8, WeightPrecision.Float32)]
    public WeightPrecision Weights { get; set; }

    [GlobalSetup]
    public async Task Setup()
    {
        folder = Directory.CreateTempSubdirectory("longwriter-").FullName;
        ModelExporter.Export(EmbeddedModel.Folder(), folder, new ExportOptions { Weights = Weights, Overwrite = true });
        stepwise = Load(chunkTokens: 1);
        chunked = Load(chunkTokens: Tokens);

        // So that the last turn finds the rest cached the first time, too.
        await Prefill();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        stepwise!.Dispose();
        chunked!.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public Task<int> TokenByToken() => FirstTokenAsync(stepwise!, changedFrom: 0);

    [Benchmark]
    public Task<int> Prefill() => FirstTokenAsync(chunked!, changedFrom: 0);

    [Benchmark]
    public Task<int> PrefillOfTheLastTurn() => FirstTokenAsync(chunked!, changedFrom: Tokens - TurnTokens);

    /// <summary>Changes the prompt at one place, so that what was computed the time before fits up to there and no further.</summary>
    private async Task<int> FirstTokenAsync(DecodingEngine engine, int changedFrom)
    {
        prompt[changedFrom] = prompt[changedFrom] == FirstId + Tokens ? FirstId + Tokens + 1 : FirstId + Tokens;
        DecodingResult result = await engine.DecodeAsync(new DecodingRequest(prompt, SamplingOptions.Greedy, 1, []), static _ => true, default);
        return result.CachedPromptTokens == changedFrom
            ? result.GeneratedTokens
            : throw new InvalidOperationException($"{changedFrom} prompt tokens should be cached but {result.CachedPromptTokens} were.");
    }

    private DecodingEngine Load(int chunkTokens) =>
        DecodingEngine.Load(new EngineOptions { ModelFolder = folder, Slots = 1, PrefillChunkTokens = chunkTokens }, NullLogger.Instance);
}
