using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Export;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Exports with operators of ours compute the model that exports with ONNX Runtime's compute.</summary>
public sealed class OwnOperatorExportTests
{
    private static readonly ExportOptions Floats = new() { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 };

    /// <summary>The width of 112 is no multiple of any block.</summary>
    [Theory]
    [InlineData(WeightPrecision.Int4, 32)]
    [InlineData(WeightPrecision.Int4, 64)]
    [InlineData(WeightPrecision.Int4, 128)]
    [InlineData(WeightPrecision.Int8, 32)]
    [InlineData(WeightPrecision.Int8, 128)]
    public void Export_OwnOperators_StaysNearOnnxRuntimes(WeightPrecision weights, int blockSize)
    {
        ExportOptions options = Own(weights, blockSize);
        using var model = new OwnOperatorModel(options);
        AssertNear(model, options);

        // The comparison can fail: other tokens are far away.
        float[][] found = model.Run("own", options, OwnOperatorModel.Tokens(40));
        Assert.InRange(LogitDistance.RelativeError(found, model.Run("own", options, OwnOperatorModel.Tokens(40, seed: 5))), 0.5, 10);
        Assert.Equal(["BlockMatMul", "DecoderLayer"], Operators(model.Export("own", options), GraphWriter.OwnDomain));
        Assert.DoesNotContain("MatMulNBits", Operators(model.Export("own", options), GraphWriter.MicrosoftDomain));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Export_Biases_StaysNearOnnxRuntimes(bool ofAttention, bool ofFeedForward)
    {
        ExportOptions options = Own(WeightPrecision.Int4, 32);
        using var model = new OwnOperatorModel(options, config => (config["attention_bias"], config["mlp_bias"]) = (ofAttention, ofFeedForward));

        AssertNear(model, options);
        Assert.Contains(ofFeedForward ? "CachedAttention" : "DecoderLayer", Operators(model.Export("own", options), GraphWriter.OwnDomain));
    }

    /// <summary>Query, key and value have biases, the projection has none.</summary>
    [Fact]
    public void Export_Qwen2_StaysNearOnnxRuntimes()
    {
        ExportOptions options = Own(WeightPrecision.Int4, 32);
        using var model = new OwnOperatorModel(options, config => config["model_type"] = "qwen2");

        AssertNear(model, options);
        Assert.Equal(["BlockMatMul", "DecoderLayer"], Operators(model.Export("own", options), GraphWriter.OwnDomain));
    }

    /// <summary>Heads of other sizes than our attention takes are left to ONNX Runtime's, and the products stay ours.</summary>
    [Theory]
    [InlineData(528, 2, 1, false)]
    [InlineData(16, 6, 2, true)]
    [InlineData(48, 3, 3, true)]
    [InlineData(64, 8, 1, true)]
    public void Export_HeadsOfAnySize_StaysNearOnnxRuntimes(int dim, int heads, int kvHeads, bool ownAttention)
    {
        ExportOptions options = Own(WeightPrecision.Int8, 32);
        using var model = new OwnOperatorModel(options, config => (config["head_dim"], config["num_attention_heads"], config["num_key_value_heads"]) = (dim, heads, kvHeads));

        AssertNear(model, options);
        string[] expected = ownAttention ? ["BlockMatMul", "DecoderLayer"] : ["BlockMatMul", "NormedBlockMatMul"];
        Assert.Equal(expected, Operators(model.Export("own", options), GraphWriter.OwnDomain));
    }

    /// <summary>These ONNX Runtime's attention over int8 does not take either: it says so, as it does without operators of ours.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(24)]
    public void Run_HeadsThatNeitherTakes_AreNamed(int dim)
    {
        ExportOptions options = Own(WeightPrecision.Int8, 32);
        using var model = new OwnOperatorModel(options, config => config["head_dim"] = dim);

        string own = Assert.Throws<OnnxRuntimeException>(() => model.Run("own", options, [4, 5])).Message;
        string theirs = Assert.Throws<OnnxRuntimeException>(() => model.Run("theirs", options with { OwnOperators = false }, [4, 5])).Message;

        Assert.Contains("head_size shall be a multiple of 16", own, StringComparison.Ordinal);
        Assert.Equal(theirs, own);
    }

    /// <summary>Layers that are one operator, and the same layers as several: but for the first norm and the last, which are ONNX Runtime's in one form and ours in the other, they do the same.</summary>
    [Theory]
    [InlineData(WeightPrecision.Int4, "llama")]
    [InlineData(WeightPrecision.Int8, "llama")]
    [InlineData(WeightPrecision.Int4, "qwen2")]
    public void Export_LayersInParts_StaysNear(WeightPrecision weights, string modelType)
    {
        ExportOptions options = Own(weights, 32);
        ExportOptions inParts = options with { MayFuseLayers = false };
        using var model = new OwnOperatorModel(options, config => config["model_type"] = modelType);
        int[] tokens = OwnOperatorModel.Tokens(40);

        Assert.InRange(LogitDistance.RelativeError(model.Run("own", options, tokens), model.Run("parts", inParts, tokens)), 0, 0.01);
        Assert.Equal(["BlockMatMul", "CachedAttention", "NormedBlockMatMul"], Operators(model.Export("parts", inParts), GraphWriter.OwnDomain));
    }

    /// <summary>Gates and values that begin in the middle of a group leave the layer in parts.</summary>
    [Fact]
    public void Export_IntermediateOfAnySize_StaysNearOnnxRuntimes()
    {
        ExportOptions options = Own(WeightPrecision.Int4, 32);
        using var model = new OwnOperatorModel(options, config => config["intermediate_size"] = 120);

        AssertNear(model, options);
        Assert.Equal(["BlockMatMul", "CachedAttention", "NormedBlockMatMul"], Operators(model.Export("own", options), GraphWriter.OwnDomain));
    }

    [Fact]
    public void Export_TiedEmbedding_StaysNearOnnxRuntimes()
    {
        ExportOptions options = Own(WeightPrecision.Int4, 32);
        using var model = new OwnOperatorModel(options, config => config["tie_word_embeddings"] = true);

        AssertNear(model, options);
    }

    [Fact]
    public void Export_ProjectionsByThemselves_StaysNearOnnxRuntimes()
    {
        ExportOptions options = Own(WeightPrecision.Int4, 32) with { PackProjections = false };
        using var model = new OwnOperatorModel(options);

        AssertNear(model, options);
    }

    [Fact]
    public void Rewrite_CalibratedScales_AreThoseOfTheOwnAttention()
    {
        ExportOptions options = Own(WeightPrecision.Int8, 32);
        using var model = new OwnOperatorModel(options);
        int[] tokens = OwnOperatorModel.Tokens(40);
        ExportedDecoder floats = model.Decoder("floats", Floats);
        float[][] expected = floats.Append(0, 0, tokens);
        float[] largest = [.. Enumerable.Range(0, 2 * floats.Manifest.Kv.LayerCount).Select(index => floats.ReadKv(index, tokens.Length).Max(Math.Abs) / 127)];
        var calibrated = new KvScales([.. largest.Where((_, index) => index % 2 == 0)], [.. largest.Where((_, index) => index % 2 == 1)]);
        double estimated = LogitDistance.RelativeError(expected, model.Run("own", options, tokens));

        KvScaleRewriter.Rewrite(model.Export("own", options), calibrated);

        double rewritten = LogitDistance.RelativeError(expected, model.Run("own", options, tokens));
        Assert.True(rewritten < estimated, $"Calibrated scales err by {rewritten}, estimated ones by {estimated}.");
        Assert.Equal(File.ReadAllBytes(Path.Combine(model.Export("given", options with { KvScales = calibrated }), "model.onnx")), File.ReadAllBytes(Path.Combine(model.Export("own", options), "model.onnx")));
    }

    private static ExportOptions Own(WeightPrecision weights, int blockSize) => new() { Weights = weights, BlockSize = blockSize, OwnOperators = true, FloatPrefill = false };

    private static void AssertNear(OwnOperatorModel model, ExportOptions options)
    {
        int[] tokens = OwnOperatorModel.Tokens(40);
        float[][] found = model.Run("own", options, tokens);
        double ofFloats = LogitDistance.RelativeError(model.Run("floats", Floats, tokens), found);
        double ofOnnxRuntime = LogitDistance.RelativeError(model.Run("theirs", options with { OwnOperators = false }, tokens), found);
        TestContext.Current.SendDiagnosticMessage("{0} block {1}: {2:P2} from float32, {3:P2} from ONNX Runtime's", options.Weights, options.BlockSize, ofFloats, ofOnnxRuntime);
        Assert.InRange(ofFloats, 1e-6, 0.12);

        // Both quantize activations alike, so that what differs is the order of additions, and a number now and then that is rounded to the next whole one.
        Assert.InRange(ofOnnxRuntime, double.Epsilon, 0.03);
    }

    private static string[] Operators(string folder, string domain) =>
        [.. ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "model.onnx"))).Graph.Node.Where(node => node.Domain == domain).Select(node => node.OpType).Distinct().Order(StringComparer.Ordinal)];
}
