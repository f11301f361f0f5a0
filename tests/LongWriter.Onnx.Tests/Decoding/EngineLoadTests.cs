using System.Text.Json.Nodes;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>Folders that are not what they should be.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class EngineLoadTests(ExportedEmbeddedModel model) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Load_EmptyFolder_NamesTheManifest() =>
        Assert.Equal($"longwriter.json or genai_config.json: expected in '{folder.Path}', found neither. Export the model into a folder first.", Refused(folder.Path));

    [Fact]
    public void Load_GraphIsMissing_NamesIt()
    {
        string path = Copy(_ => { });
        File.Delete(Path.Combine(path, "model.onnx"));

        Assert.Equal($"longwriter.json: model: expected a file in '{path}', found no 'model.onnx'.", Refused(path));
    }

    [Fact]
    public void Load_WeightsAreMissing_NamesThem()
    {
        string path = Copy(_ => { });
        File.Delete(Path.Combine(path, "model.onnx.data"));

        Assert.Equal($"model.onnx: external data: expected a file in '{path}', found no 'model.onnx.data'.", Refused(path));
    }

    [Fact]
    public void Load_NoJson_SaysWhere()
    {
        string path = Copy(_ => { });
        File.WriteAllText(Path.Combine(path, ModelManifest.FileName), "{ \"version\": x");

        Assert.StartsWith("longwriter.json: $.version: expected a manifest, found an error: ", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NewerVersion_IsRefused() =>
        Assert.Equal("longwriter.json: version: expected 1, found 2.", Refused(Copy(manifest => manifest["version"] = 2)));

    [Fact]
    public void Load_Contradictions_AreAllNamed()
    {
        string path = Copy(manifest =>
        {
            manifest["eos_token_ids"] = new JsonArray(1, 96);
            manifest["max_positions"] = 1;
            manifest["kv"]!["key_scales"] = new JsonArray(0.5f);
            manifest["kv"]!.AsObject().Remove("value_scales");
        });

        Assert.Equal(
            "longwriter.json: max_positions: expected 2 or more, found 1. eos_token_ids: expected ids in [0, 95], found 96. "
            + "kv.key_scales: expected 2 for int8, found 1. kv.value_scales: expected 2 for int8, found none.",
            Refused(path));
    }

    [Fact]
    public void Load_ModelOutsideTheFolder_IsRefused() => Assert.Equal(
        "longwriter.json: model: expected the name of a file, found '../model.onnx'.", Refused(Copy(manifest => manifest["model"] = "../model.onnx")));

    [Fact]
    public void Load_NullWhereThereMustBeAnObject_IsRefused() => Assert.Equal(
        "longwriter.json: model, kv, signature, eos_token_ids and source_sha256: expected a value for each, found null.",
        Refused(Copy(manifest => manifest["kv"] = null)));

    [Fact]
    public void Load_OtherHeads_ContradictTheGraph() => Assert.Equal(
        "model.onnx: 'past_key_values.0.key': expected Int8 [any, 3, any, 32] by longwriter.json, found Int8 [any, 2, any, 32].",
        Refused(Copy(manifest => manifest["kv"]!["head_count"] = 3)));

    [Fact]
    public void Load_OtherName_ContradictsTheGraph() => Assert.Equal(
        "model.onnx: 'tokens': expected by longwriter.json, found no such input or output.",
        Refused(Copy(manifest => manifest["signature"]!["input_ids"] = "tokens")));

    [Fact]
    public void Load_MaskAndLengths_IsRefused() => Assert.Equal(
        "longwriter.json: signature: expected sequence_lengths, total_sequence_length and logit_index, or attention_mask, found 3 of the three and an attention_mask.",
        Refused(Copy(manifest => manifest["signature"]!["attention_mask"] = "attention_mask")));

    [Fact]
    public void Load_ContextAboveTheModels_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => model.Load(contextTokens: 257, random: true));

        Assert.Equal("MaxContextTokens must be at most the model's 256 but is 257.", e.Message);
    }

    public void Dispose() => folder.Dispose();

    private static string Refused(string path) =>
        Assert.Throws<ModelFormatException>(() => DecodingEngine.Load(new EngineOptions { ModelFolder = path, Threads = 1 }, NullLogger.Instance)).Message;

    private string Copy(Action<JsonNode> change)
    {
        string path = folder.At("copy");
        Directory.CreateDirectory(path);
        foreach (string file in Directory.EnumerateFiles(model.RandomFolder))
        {
            File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        }

        string manifestPath = Path.Combine(path, ModelManifest.FileName);
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(manifestPath))!;
        change(manifest);
        File.WriteAllText(manifestPath, manifest.ToJsonString());
        return path;
    }
}
