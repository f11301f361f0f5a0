using System.Text.Json;
using System.Text.Json.Nodes;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Tests.Model;

namespace LongWriter.Onnx.Tests.Export;

public sealed class ModelExporterTests
{
    [Theory]
    [InlineData(WeightPrecision.Float32)]
    [InlineData(WeightPrecision.Int8)]
    [InlineData(WeightPrecision.Int4)]
    public void Export_Again_IsByteIdentical(WeightPrecision weights)
    {
        using TemporaryFolder folder = Source();
        var options = new ExportOptions { Weights = weights };
        Export(folder, "first", options);

        Export(folder, "second", options);

        string[] files = [.. Directory.EnumerateFiles(folder.At("first")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(["config.json", "longwriter.json", "model.onnx", "model.onnx.data", "tokenizer.json"], files);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(folder.At("first", file)), File.ReadAllBytes(folder.At("second", file))));
    }

    [Fact]
    public void Export_Default_DescribesItself()
    {
        using TemporaryFolder folder = Source();

        Export(folder, "out", ExportOptions.Reproducible with { MaxPositions = 100 });

        ModelManifest manifest = JsonSerializer.Deserialize(File.ReadAllBytes(folder.At("out", "longwriter.json")), ModelManifestJson.Default.ModelManifest)!;
        Assert.Equal("reproducible", manifest.Profile);
        Assert.Equal("int8", manifest.Precision);
        Assert.Equal(32, manifest.BlockSize);
        Assert.Equal("int8", manifest.Kv.ElementType);
        Assert.Equal(2, manifest.Kv.KeyScales!.Count);
        Assert.Equal(100, manifest.MaxPositions);
        Assert.Equal([1], manifest.EosTokenIds);
        Assert.Matches("^[0-9a-f]{64}$", manifest.SourceSha256);
    }

    [Fact]
    public void Export_GenAiSignature_DescribesItselfForGenAiToo()
    {
        using TemporaryFolder folder = Source();

        Export(folder, "out", new ExportOptions { Signature = Signature.GenAi, Kv = KvPrecision.Float32, MaxPositions = 100 });

        ModelManifest manifest = ModelManifestReader.Load(folder.At("out"));
        Assert.Equal(GraphSignature.GenAi, manifest.Signature);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {
                  "model": {
                    "eos_token_id": [1], "pad_token_id": 1, "context_length": 100, "type": "llama", "vocab_size": 96,
                    "decoder": {
                      "session_options": { "provider_options": [] },
                      "filename": "model.onnx", "head_size": 32, "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 2, "num_key_value_heads": 2,
                      "inputs": {
                        "input_ids": "input_ids", "attention_mask": "attention_mask",
                        "past_key_names": "past_key_values.%d.key", "past_value_names": "past_key_values.%d.value"
                      },
                      "outputs": { "logits": "logits", "present_key_names": "present.%d.key", "present_value_names": "present.%d.value" }
                    }
                  },
                  "search": { "max_length": 100, "past_present_share_buffer": true }
                }
                """),
            JsonNode.Parse(File.ReadAllText(folder.At("out", "genai_config.json")))));
    }

    [Fact]
    public void Export_GenAiSignatureWithInt8KeysAndValues_IsRefused() => Assert.Equal(
        "Kv must be Float32, Float16 or BFloat16 when Signature is GenAi but is Int8.",
        Assert.Throws<ArgumentException>(() => new ExportOptions { Signature = Signature.GenAi }.Validate()).Message);

    [Fact]
    public void Export_OtherWeights_HaveAnotherSourceHash()
    {
        using TemporaryFolder folder = Source();
        Export(folder, "first", ExportOptions.Fast);
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 2);

        Export(folder, "second", ExportOptions.Fast);

        Assert.NotEqual(Hash("first"), Hash("second"));

        string? Hash(string name) => (string?)JsonNode.Parse(File.ReadAllText(folder.At(name, "longwriter.json")))!["source_sha256"];
    }

    [Fact]
    public void Export_TargetExists_IsRefusedUnlessOverwrite()
    {
        using TemporaryFolder folder = Source();
        Directory.CreateDirectory(folder.At("out"));
        File.WriteAllText(folder.At("out", "mine.txt"), "mine");

        var failure = Assert.Throws<IOException>(() => Export(folder, "out", ExportOptions.Reproducible));

        Assert.Equal($"'{folder.At("out")}' already exists. Choose another folder, delete it, or set Overwrite.", failure.Message);
        Assert.Equal("mine", File.ReadAllText(folder.At("out", "mine.txt")));
        Export(folder, "out", ExportOptions.Reproducible with { Overwrite = true });
        Assert.True(File.Exists(folder.At("out", "model.onnx")));
        Assert.False(File.Exists(folder.At("out", "mine.txt")));
        Assert.Equal(["out", "source"], Directory.EnumerateDirectories(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Export_Cancelled_LeavesNothing()
    {
        using TemporaryFolder folder = Source();
        using var cancellation = new CancellationTokenSource();
        var progress = new Callback(report =>
        {
            if (report.Stage == "layer 0")
            {
                cancellation.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(
            () => ModelExporter.Export(folder.At("source"), folder.At("out"), ExportOptions.Reproducible, progress, cancellation.Token));

        Assert.Equal(["source"], Directory.EnumerateDirectories(folder.Path).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void Export_Progress_CountsEveryStep()
    {
        using TemporaryFolder folder = Source();
        List<ExportProgress> reports = [];

        ModelExporter.Export(
            folder.At("source"), folder.At("out"), ExportOptions.Reproducible, new Callback(reports.Add), TestContext.Current.CancellationToken);

        Assert.Equal(["source hash", "layer 0", "layer 1", "output projection", "graph"], reports.Select(report => report.Stage));
        Assert.Equal([1, 2, 3, 4, 5], reports.Select(report => report.CompletedSteps));
        Assert.All(reports, report => Assert.Equal(5, report.TotalSteps));
    }

    [Fact]
    public void Export_WeightsThatContradictTheConfig_NamesTheTensorAndLeavesNothing()
    {
        using TemporaryFolder folder = Source();
        JsonObject config = RandomLlama.Config();
        config["intermediate_size"] = 128;
        File.WriteAllText(folder.At("source", "config.json"), config.ToJsonString());

        var failure = Assert.Throws<ModelFormatException>(() => Export(folder, "out", ExportOptions.Reproducible));

        Assert.Equal("model.safetensors: tensor 'model.layers.0.mlp.gate_proj.weight': expected shape [128, 64] by config.json, found [112, 64].", failure.Message);
        Assert.Equal(["source"], Directory.EnumerateDirectories(folder.Path).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void Export_SeveralBadOptions_NamesThemAll()
    {
        var options = new ExportOptions
        {
            Weights = (WeightPrecision)9,
            BlockSize = 48,
            Kv = KvPrecision.Float32,
            Embedding = (EmbeddingPrecision)7,
            MaxPositions = 0,
            Signature = (Signature)5,
            KvScales = new KvScales([1], [1]),
        };

        var failure = Assert.Throws<ArgumentException>(() => ModelExporter.Export("from", "to", options, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(
            "Weights must be Float32, Int8, Int4, Float16 or BFloat16 but is 9. BlockSize must be 32, 64 or 128 but is 48. Signature must be LongWriter or GenAi but is 5. Embedding must be Float32, Float16 or BFloat16 but is 7. "
                + "MaxPositions must be 1 or more but is 0. KvScales must be null when Kv is Float32.",
            failure.Message);
    }

    [Fact]
    public void Export_ScalesThatCannotBe_NamesThem()
    {
        using TemporaryFolder folder = Source();

        var failure = Assert.Throws<ArgumentException>(() => Export(folder, "out", new ExportOptions { KvScales = new KvScales([1, 1], [1, float.NaN]) }));
        var tooFew = Assert.Throws<ArgumentException>(() => Export(folder, "out", new ExportOptions { KvScales = new KvScales([1], [1, 1]) }));
        var tooLong = Assert.Throws<ArgumentException>(() => Export(folder, "out", new ExportOptions { MaxPositions = 257 }));

        Assert.Equal("KvScales.Values[1] must be a finite number above 0 but is NaN.", failure.Message);
        Assert.Equal("KvScales.Keys must have one scale for each of 2 layers but has 1.", tooFew.Message);
        Assert.Equal("MaxPositions must be at most the model's 256 but is 257.", tooLong.Message);
    }

    private static TemporaryFolder Source()
    {
        var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 1);
        File.WriteAllText(folder.At("source", "tokenizer.json"), "{}");
        return folder;
    }

    private static void Export(TemporaryFolder folder, string name, ExportOptions options) =>
        ModelExporter.Export(folder.At("source"), folder.At(name), options, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Progress(T) would report on another thread.</summary>
    private sealed class Callback(Action<ExportProgress> report) : IProgress<ExportProgress>
    {
        public void Report(ExportProgress value) => report(value);
    }
}
