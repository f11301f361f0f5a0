using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Export;
using LongWriter.Onnx.Tests.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>The seed model and a smaller random one, exported once for all tests of the engine; both in the reproducible profile.</summary>
public sealed class ExportedEmbeddedModel : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ExportedEmbeddedModel()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        ModelExporter.Export(EmbeddedModel.Folder!, SeedFolder);
        RandomLlama.Write(folder.At("random-source"), RandomLlama.Config(), seed: 3);
        ModelExporter.Export(folder.At("random-source"), RandomFolder);
    }

    public string SeedFolder => folder.At("seed");

    /// <summary>96 tokens of vocabulary, 256 positions.</summary>
    public string RandomFolder => folder.At("random");

    public void Dispose() => folder.Dispose();

    internal DecodingEngine Load(int chunkTokens = 512, int slots = 2, int? contextTokens = null, bool random = false, int concurrent = 4) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = random ? RandomFolder : SeedFolder,
            Slots = slots,
            MaxConcurrentSequences = concurrent,
            MaxContextTokens = contextTokens,
            PrefillChunkTokens = chunkTokens,
            Threads = 1,
            PromptLookup = false,
            Runtime = new OnnxRuntimeOptions { AllowSpinning = false },
        },
        NullLogger.Instance);
}

[CollectionDefinition(nameof(ExportedEmbeddedModel))]
public sealed class ExportedEmbeddedModelGroup : ICollectionFixture<ExportedEmbeddedModel>;

/// <summary>Shorthands of the tests.</summary>
internal static class EngineCalls
{
    /// <summary>Ids that are above the special tokens and differ by seed.</summary>
    public static int[] Prompt(int count, int seed, int vocabSize = 4096)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(4, vocabSize))];
    }

    public static async Task<(int[] Tokens, DecodingResult Result)> Decode(
        this IDecodingEngine engine, int[] prompt, int maxNewTokens, SamplingOptions? sampling = null, params int[] stopIds)
    {
        List<int> tokens = [];
        DecodingResult result = await engine.DecodeAsync(
            new DecodingRequest(prompt, sampling ?? SamplingOptions.Greedy, maxNewTokens, stopIds),
            token =>
            {
                tokens.Add(token);
                return true;
            },
            TestContext.Current.CancellationToken);
        return ([.. tokens], result);
    }
}
