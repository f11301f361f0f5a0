using System.Text.Json.Nodes;
using Google.Protobuf;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Hostile;

/// <summary>Lies that the mutants found, or might take long to find, each with the message that names it.</summary>
public sealed class LyingFilesTests : IDisposable
{
    private const string Scales = "model.layers.0.self_attn.o_proj.scales";

    private readonly TemporaryFolder folder = new();

    public LyingFilesTests() => MutantFolders.WriteOriginals(folder.Path);

    [Theory]
    [InlineData("location", "../model.onnx.data", "location: expected the name of a file in the same folder, found '../model.onnx.data'.")]
    [InlineData("location", "/dev/zero", "location: expected the name of a file in the same folder, found '/dev/zero'.")]
    [InlineData("location", "none", "location: expected the name of a file in the same folder, found 'none'.")]
    [InlineData("offset", "-1", "offset: expected a number of 0 or more, found '-1'.")]
    [InlineData("length", "513", "length: expected 1024 bytes for [64, 4] of Float, found 513.")]
    public void Load_WeightsOutsideTheirFile_AreNamed(string key, string value, string expected)
    {
        ChangeGraph(model => Tensor(model, Scales).ExternalData.Single(entry => entry.Key == key).Value = value);

        Assert.Equal($"model.onnx: initializer '{Scales}': {expected}", Refused(MutantFolders.Export));
    }

    [Fact]
    public void Load_WeightsBehindTheEndOfTheFile_AreNamed()
    {
        ChangeGraph(model => Tensor(model, Scales).ExternalData.Single(entry => entry.Key == "offset").Value = "9223372036854775807");
        long bytes = new FileInfo(folder.At(MutantFolders.Export, "model.onnx.data")).Length;

        Assert.Equal(
            $"model.onnx: initializer '{Scales}': expected bytes 9223372036854775807 to 9223372036854776831 in model.onnx.data, found a file of {bytes} bytes.",
            Refused(MutantFolders.Export));
    }

    [Theory]
    [InlineData(-4, 1, "dims: expected numbers of 0 or more, found -4.")]
    [InlineData(4611686018427387904, 1, "expected a tensor of numbers with less than 2^63 bytes, found type 1, dims [64, 4611686018427387904].")]
    [InlineData(4, 8, "expected a tensor of numbers with less than 2^63 bytes, found type 8, dims [64, 4].")]
    public void Load_ImpossibleShapeOrType_IsNamed(long dimension, int type, string expected)
    {
        ChangeGraph(model => (Tensor(model, Scales).Dims[1], Tensor(model, Scales).DataType) = (dimension, type));

        Assert.Equal($"model.onnx: initializer '{Scales}': {expected}", Refused(MutantFolders.Export));
    }

    [Fact]
    public void Load_NoProtobuf_IsRefused()
    {
        File.WriteAllBytes(folder.At(MutantFolders.Export, "model.onnx"), [0xFF, 0xFF, 0xFF]);

        Assert.StartsWith("model.onnx: expected an ONNX model, found what is none: ", Refused(MutantFolders.Export), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ManifestLongerThanTheGraph_IsRefusedBeforeMemoryIsTaken()
    {
        Change(MutantFolders.Export, ModelManifest.FileName, manifest => manifest["max_positions"] = int.MaxValue);

        Assert.Equal("longwriter.json: max_positions: expected at most the 96 rows of rope.cos in model.onnx, found 2147483647.", Refused(MutantFolders.Export));
    }

    [Fact]
    public void Load_NullNameInTheSignature_IsRefused()
    {
        Change(MutantFolders.Export, ModelManifest.FileName, manifest => manifest["signature"]!["past_key"] = null);

        Assert.Equal("longwriter.json: signature: expected names of inputs and outputs, found one that is null or empty.", Refused(MutantFolders.Export));
    }

    [Fact]
    public void Load_IndexWithoutTensors_IsRefused()
    {
        Change(MutantFolders.Source, "model.safetensors.index.json", index => index["weight_map"] = new JsonObject());

        Assert.Equal("model.safetensors.index.json: weight_map: expected one tensor or more, found none.", Refused(MutantFolders.Source));
    }

    [Fact]
    public void Load_MorePositionsThanAnybodyAskedFor_IsRefusedBeforeTheyAreWritten()
    {
        Change(MutantFolders.Source, "config.json", config => config["max_position_embeddings"] = 1 << 28);

        Assert.Equal(
            "config.json: max_position_embeddings: expected at most 1048576 unless MaxPositions is set, as tables of that length are written, found 268435456.",
            Refused(MutantFolders.Source));
    }

    [Fact]
    public void Load_EndOfTextOfOneCharacter_IsRefused()
    {
        Change(MutantFolders.Source, "generation_config.json", config => config["eos_token_id"] = 7);

        Assert.Equal(
            "tokenizer.json: expected special tokens and ends of text of two characters or more, found '%', which any text could contain.", Refused(MutantFolders.Source));
    }

    [Fact]
    public async Task GetResponse_TemplateOfNothing_SaysSo()
    {
        Change(MutantFolders.Export, "tokenizer_config.json", config => config["chat_template"] = "");
        using OnnxChatClient client = Load(MutantFolders.Export);

        var e = await Assert.ThrowsAsync<ChatTemplateException>(() => client.GetResponseAsync("A lamp.", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("The chat template gives no tokens for the conversation: expected one or more.", e.Message);
    }

    public void Dispose() => folder.Dispose();

    private string Refused(string name) => Assert.Throws<ModelFormatException>(() => Load(name)).Message;

    private OnnxChatClient Load(string name) => OnnxChatClient.Load(
        new OnnxChatClientOptions { ModelFolder = folder.At(name), CacheFolder = folder.At("cache"), Slots = 1, Runtime = new OnnxRuntimeOptions { IntraOpThreads = 1 } },
        cancellationToken: TestContext.Current.CancellationToken);

    private static TensorProto Tensor(ModelProto model, string name) => model.Graph.Initializer.Single(tensor => tensor.Name == name);

    private void ChangeGraph(Action<ModelProto> change)
    {
        string path = folder.At(MutantFolders.Export, "model.onnx");
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        change(model);
        File.WriteAllBytes(path, model.ToByteArray());
    }

    private void Change(string name, string file, Action<JsonNode> change)
    {
        string path = folder.At(name, file);
        JsonNode json = JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
