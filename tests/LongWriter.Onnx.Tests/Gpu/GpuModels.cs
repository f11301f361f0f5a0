using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using LongWriter.Onnx.Tests.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>Random models in the forms that matter to a GPU, exported once. 96 tokens of vocabulary, 256 positions, 2 layers, so 4 tensors of keys and values.</summary>
public sealed class GpuModels : IDisposable
{
    public const int Tensors = 4;
    public const int Context = 256;

    private readonly TemporaryFolder folder = new();

    public GpuModels()
    {
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 3);
        ModelExporter.Export(folder.At("source"), Reproducible);
        ModelExporter.Export(folder.At("source"), Half, ExportOptions.Gpu);
        ModelExporter.Export(
            folder.At("source"), Brain, ExportOptions.Gpu with { Kv = KvPrecision.BFloat16, Activations = ActivationPrecision.BFloat16, Embedding = EmbeddingPrecision.BFloat16 });
        ModelExporter.Export(folder.At("source"), Full, new ExportOptions { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 });
        ModelExporter.Export(folder.At("source"), Growing, new ExportOptions { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32, Signature = Signature.GenAi });
        File.Delete(folder.At("growing", "longwriter.json"));
        File.Delete(folder.At("growing", "genai_config.json"));
        GenAiModel.EditGraph(Growing, graph => PlainGraph.Rewrite(graph, OptimumModel.Plain));
        ModelExporter.Export(folder.At("source"), GenAi, new ExportOptions { Signature = Signature.GenAi, Kv = KvPrecision.Float16 });
    }

    /// <summary>The reproducible profile: the same tokens alone and in a batch, so that what differs is the device's doing.</summary>
    public string Reproducible => folder.At("int8");

    /// <summary>What a GPU wants: <see cref="ExportOptions.Gpu"/>.</summary>
    public string Half => folder.At("half");

    /// <summary>The same in bfloat16, which only a real one runs.</summary>
    public string Brain => folder.At("brain");

    /// <summary>float32 throughout, for devices without float16.</summary>
    public string Full => folder.At("single");

    /// <summary>With an attention mask.</summary>
    public string GenAi => folder.At("genai");

    /// <summary>As Optimum exports: keys and values are new tensors in every step.</summary>
    public string Growing => folder.At("growing");

    public void Dispose() => folder.Dispose();

    internal static DecodingEngine Load(
        string modelFolder, FakeDevice? device, ExecutionProvider? provider = null, int slots = 2, int concurrent = 4, int chunkTokens = 512, ILogger? logger = null) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = modelFolder,
            Slots = slots,
            MaxConcurrentSequences = concurrent,
            PrefillChunkTokens = chunkTokens,
            Threads = 1,
            PromptLookup = false,
            Runtime = new OnnxRuntimeOptions
            {
                AllowSpinning = false,
                Provider = device is null ? ExecutionProvider.Cpu : provider ?? new CudaProvider(),
                Environment = device?.Environment,
            },
        },
        logger ?? NullLogger.Instance);

    /// <summary>Replies of 20, 35, 50, … tokens at the same time: the first one waits at its first token until all were asked for.</summary>
    internal static async Task<int[][]> DecodeTogether(DecodingEngine engine, int[][] prompts)
    {
        using var allAsked = new ManualResetEventSlim();
        List<int>[] tokens = [.. prompts.Select(_ => new List<int>())];
        Task<DecodingResult>[] replies = [.. prompts.Select((prompt, i) => engine.DecodeAsync(
            new DecodingRequest(prompt, SamplingOptions.Greedy, NewTokens(i), []),
            token =>
            {
                allAsked.Wait();
                tokens[i].Add(token);
                return true;
            },
            TestContext.Current.CancellationToken))];
        allAsked.Set();
        await Task.WhenAll(replies);
        return [.. tokens.Select(reply => reply.ToArray())];
    }

    internal static async Task<int[][]> DecodeInTurn(DecodingEngine engine, int[][] prompts)
    {
        int[][] tokens = new int[prompts.Length][];
        for (int i = 0; i < prompts.Length; i++)
        {
            (tokens[i], _) = await engine.Decode(prompts[i], NewTokens(i));
        }

        return tokens;
    }

    private static int NewTokens(int reply) => 20 + 15 * reply;
}

/// <summary>Not parallel to each other: the double is one at a time.</summary>
[CollectionDefinition(nameof(GpuModels))]
public sealed class GpuModelsGroup : ICollectionFixture<GpuModels>;
