using System.Text.Json.Nodes;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using LongWriter.Onnx.Tests.Model;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Export;

/// <summary>Graphs that compute in float16, as a GPU wants them; here on the CPU, against float32.</summary>
public sealed class HalfExportTests
{
    private static readonly ExportOptions Full = new() { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 };

    private static readonly ExportOptions Half = new() { Weights = WeightPrecision.Float16, Kv = KvPrecision.Float16, Activations = ActivationPrecision.Float16 };

    [Theory]
    [InlineData(false, false, EmbeddingPrecision.Float32)]
    [InlineData(true, true, EmbeddingPrecision.Float16)]
    [InlineData(true, false, EmbeddingPrecision.Float16)]
    [InlineData(false, true, EmbeddingPrecision.Float32)]
    public void Export_Float16_StaysNearFloat32(bool biases, bool tied, EmbeddingPrecision embedding)
    {
        using var folder = new TemporaryFolder();
        JsonObject json = RandomLlama.Config();
        json["attention_bias"] = biases;
        json["mlp_bias"] = biases;
        json["tie_word_embeddings"] = tied;
        RandomLlama.Write(folder.At("source"), json, seed: 21);
        int[] tokens = Prompt(40, 1, 96);
        float[][] expected = Run(folder, "float", folder.At("source"), Full, tokens);

        float[][] actual = Run(folder, "half", folder.At("source"), Half with { Embedding = embedding }, tokens);

        Assert.InRange(LogitDistance.RelativeError(expected, actual), 1e-6, 1e-2);
    }

    /// <summary>What float16 adds to 4-bit weights, which by themselves are far from float32 where weights are random.</summary>
    [Fact]
    public void Export_Gpu_StaysNearInt4WithFloat32()
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 21);
        int[] tokens = Prompt(40, 1, 96);
        float[][] expected = Run(folder, "int4", folder.At("source"), new ExportOptions { Weights = WeightPrecision.Int4, Kv = KvPrecision.Float32 }, tokens);

        float[][] actual = Run(folder, "gpu", folder.At("source"), ExportOptions.Gpu, tokens);

        double error = LogitDistance.RelativeError(expected, actual);
        TestContext.Current.SendDiagnosticMessage("float16 against float32, both with int4 weights: relative error {0:P2}", error);
        Assert.InRange(error, 1e-6, 0.06);
    }

    [Fact]
    public void Export_EmbeddedModel_AgreesWithFloat32OnTheBestToken()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        using var folder = new TemporaryFolder();
        int[] tokens = Prompt(200, 1);
        float[][] expected = Run(folder, "float", EmbeddedModel.Folder!, Full, tokens);
        double half = Agreement(expected, Run(folder, "half", EmbeddedModel.Folder!, Half, tokens));
        double int4 = Agreement(expected, Run(folder, "int4", EmbeddedModel.Folder!, new ExportOptions { Weights = WeightPrecision.Int4, Kv = KvPrecision.Float32 }, tokens));

        double gpu = Agreement(expected, Run(folder, "gpu", EmbeddedModel.Folder!, ExportOptions.Gpu, tokens));

        TestContext.Current.SendDiagnosticMessage("best token as in float32: float16 {0:P1}, int4 with float32 {1:P1}, ExportOptions.Gpu {2:P1}", half, int4, gpu);
        Assert.InRange(half, 0.98, 1);
        Assert.InRange(gpu, int4 - 0.05, 1);
    }

    [Fact]
    public void Export_Gpu_HasFloat16EverywhereAndOneCastForTheLogits()
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 21);
        ModelExporter.Export(folder.At("source"), folder.At("gpu"), ExportOptions.Gpu, cancellationToken: TestContext.Current.CancellationToken);

        GraphProto graph = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(File.ReadAllBytes(folder.At("gpu", "model.onnx"))).Graph;

        NodeProto cast = Assert.Single(graph.Node, node => node.OpType == "Cast");
        Assert.Equal("logits", Assert.Single(cast.Output));
        Assert.DoesNotContain(graph.Initializer, tensor => tensor.DataType == (int)TensorElementType.Float);
        Assert.Equal(2 * 4 + 1, graph.Node.Count(node => node.OpType == "MatMulNBits"));
    }

    [Theory]
    [InlineData(Signature.LongWriter)]
    [InlineData(Signature.GenAi)]
    public async Task DecodeAsync_GpuExport_DecodesAndGoesOnFromWhatIsCached(Signature signature)
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 3);
        ModelExporter.Export(folder.At("source"), folder.At("gpu"), ExportOptions.Gpu with { Signature = signature }, cancellationToken: TestContext.Current.CancellationToken);
        using var engine = DecodingEngine.Load(
            new EngineOptions { ModelFolder = folder.At("gpu"), Threads = 1, PromptLookup = false, Runtime = new OnnxRuntimeOptions { AllowSpinning = false } }, NullLogger.Instance);

        (int[] first, _) = await engine.Decode(Prompt(30, 1, 96), 20);
        (int[] again, DecodingResult result) = await engine.Decode(Prompt(30, 1, 96), 20);

        Assert.Equal(20, first.Length);
        Assert.Equal(first, again);
        Assert.Equal(29, result.CachedPromptTokens);
    }

    [Fact]
    public void Validate_TypesThatDoNotGoTogether_NamesThem()
    {
        ExportOptions options = new() { Weights = WeightPrecision.Float32, Activations = ActivationPrecision.Float16 };

        Assert.Equal(
            "Kv must be Float16 when Activations is Float16 but is Int8. Weights must be Int8, Int4 or Float16 when Activations is Float16 but is Float32.",
            Assert.Throws<ArgumentException>(options.Validate).Message);
        Assert.Equal(
            "Weights must be Int8, Int4 or Float32 when Activations is Float32 but is Float16.",
            Assert.Throws<ArgumentException>(new ExportOptions { Weights = WeightPrecision.Float16 }.Validate).Message);
        Assert.Equal("Activations must be Float32, Float16 or BFloat16 but is 4.", Assert.Throws<ArgumentException>(new ExportOptions { Activations = (ActivationPrecision)4 }.Validate).Message);
    }

    private static float[][] Run(TemporaryFolder folder, string name, string source, ExportOptions options, int[] tokens)
    {
        ModelExporter.Export(source, folder.At(name), options, cancellationToken: TestContext.Current.CancellationToken);
        using var decoder = new ExportedDecoder(folder.At(name), rows: 1, capacity: tokens.Length + 24);
        return decoder.Append(0, 0, tokens);
    }

    private static double Agreement(float[][] expected, float[][] actual) => expected.Zip(actual, (e, a) => Best(e) == Best(a)).Average(same => same ? 1.0 : 0.0);

    private static int Best(float[] logits) => Array.IndexOf(logits, logits.Max());
}
