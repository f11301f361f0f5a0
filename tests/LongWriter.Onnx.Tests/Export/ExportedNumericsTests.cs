using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Tests.Model;

namespace LongWriter.Onnx.Tests.Export;

/// <summary>The exported graph against the plain reference.</summary>
public sealed class ExportedNumericsTests
{
    private static readonly ExportOptions Float32 = new() { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 };

    public static TheoryData<string> RopeScalings => new(
        "null",
        """{"rope_type": "default"}""",
        """{"type": "linear", "factor": 4.0}""",
        """{"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32}""",
        """{"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64}""");

    [Theory]
    [MemberData(nameof(RopeScalings))]
    public void Export_Float32RandomModel_MatchesTheReference(string ropeScaling)
    {
        using var folder = new TemporaryFolder();
        JsonObject json = RandomLlama.Config();
        json["rope_scaling"] = JsonNode.Parse(ropeScaling);
        RandomLlama.Write(folder.At("source"), json, seed: 11);

        AssertMatches(folder, folder.At("source"), Float32, tokenCount: 64, tolerance: 1e-3);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    public void Export_BiasesAndTiedEmbeddings_MatchesTheReference(bool attentionBias, bool mlpBias, bool tied)
    {
        using var folder = new TemporaryFolder();
        JsonObject json = RandomLlama.Config();
        json["attention_bias"] = attentionBias;
        json["mlp_bias"] = mlpBias;
        json["tie_word_embeddings"] = tied;
        RandomLlama.Write(folder.At("source"), json, seed: 12, shards: 3);

        AssertMatches(folder, folder.At("source"), Float32, tokenCount: 24, tolerance: 1e-3);
    }

    [Fact]
    public void Export_Qwen2_MatchesTheReference()
    {
        using var folder = new TemporaryFolder();
        JsonObject json = RandomLlama.Config();
        json["model_type"] = "qwen2";
        json["use_sliding_window"] = false;
        RandomLlama.Write(folder.At("source"), json, seed: 13);

        AssertMatches(folder, folder.At("source"), Float32, tokenCount: 24, tolerance: 1e-3);
    }

    [Fact]
    public void Export_Float32EmbeddedModel_MatchesTheReference()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        using var folder = new TemporaryFolder();

        AssertMatches(folder, EmbeddedModel.Folder!, Float32, tokenCount: 64, tolerance: 1e-3);
    }

    [Fact]
    public void Export_Float32EmbeddedModel_MatchesPyTorch()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        JsonNode golden = GoldenFiles.Read("llama", "logits.json");
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(EmbeddedModel.Folder!, "model.safetensors"))));
        Assert.SkipUnless(hash == (string?)golden["model_sha256"], "The golden logits are of other weights.");
        using var folder = new TemporaryFolder();
        ModelExporter.Export(EmbeddedModel.Folder!, folder.At("exported"), Float32, cancellationToken: TestContext.Current.CancellationToken);
        int[] tokens = [.. golden["tokens"]!.AsArray().Select(token => (int)token!)];
        int step = (int)golden["vocabulary_step"]!;

        using var decoder = new ExportedDecoder(folder.At("exported"), rows: 1, capacity: tokens.Length);
        float[][] actual = decoder.Append(0, 0, tokens);

        double largest = 0;
        foreach (JsonNode? row in golden["rows"]!.AsArray())
        {
            float[] logits = actual[(int)row!["position"]!];
            Assert.Equal((int)row["best"]!, Array.IndexOf(logits, logits.Max()));
            largest = Math.Max(largest, row["logits"]!.AsArray().Select((value, index) => Math.Abs((double)value! - logits[index * step])).Max());
        }

        TestContext.Current.SendDiagnosticMessage("largest difference to PyTorch: {0:E2}", largest);
        Assert.True(largest < 1e-3, $"The logits differ by up to {largest}.");
    }

    private static void AssertMatches(TemporaryFolder folder, string source, ExportOptions options, int tokenCount, double tolerance)
    {
        ModelExporter.Export(source, folder.At("exported"), options, cancellationToken: TestContext.Current.CancellationToken);
        ModelConfig config = ModelConfigReader.Load(source);
        using SafetensorsModel weights = SafetensorsModel.Open(source);
        var random = new Random(5);
        int[] tokens = [.. Enumerable.Range(0, tokenCount).Select(_ => random.Next(config.VocabSize))];
        RopeFrequencies rope = RopeFrequencies.From(config);
        double[][] expected = new TinyLlamaReference(config, weights, [.. rope.Frequencies], rope.AttentionFactor).Logits(tokens);

        using var decoder = new ExportedDecoder(folder.At("exported"), rows: 1, capacity: tokenCount + 7);
        float[][] actual = decoder.Append(0, 0, tokens);

        double largest = expected.Zip(actual, (e, a) => e.Zip(a, (x, y) => Math.Abs(x - y)).Max()).Max();
        TestContext.Current.SendDiagnosticMessage("largest difference of logits: {0:E2}", largest);
        Assert.True(largest < tolerance, $"The logits differ by up to {largest}.");
        Assert.True(expected.SelectMany(row => row).Max() > 1, "The logits must be large enough for the comparison to mean something.");
    }
}
