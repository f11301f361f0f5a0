using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>Folders of the builder in which a file is missing or contradicts another one.</summary>
[Collection(nameof(GenAiModel))]
public sealed class GenAiLoadTests(GenAiModel model) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.At("copy");

    [Fact]
    public void Load_GraphIsMissing_NamesIt()
    {
        Copy();
        File.Delete(folder.At("copy", "model.onnx"));

        Assert.Equal($"genai_config.json: model.decoder.filename: expected a file in '{Path}', found no 'model.onnx'.", Refused());
    }

    [Fact]
    public void Load_WeightsAreMissing_NamesThem()
    {
        Copy();
        File.Delete(folder.At("copy", "model.onnx.data"));

        Assert.Equal($"model.onnx: external data: expected a file in '{Path}', found no 'model.onnx.data'.", Refused());
    }

    [Fact]
    public void Load_WeightsAreCutOff_SaysWhatIsThere()
    {
        Copy();
        long lengthBytes = new FileInfo(folder.At("copy", "model.onnx.data")).Length;
        using (FileStream data = File.OpenWrite(folder.At("copy", "model.onnx.data")))
        {
            data.SetLength(1000);
        }

        Assert.Equal($"model.onnx.data: expected {lengthBytes} bytes or more by model.onnx, found 1000.", Refused());
    }

    [Fact]
    public void Load_WeightsOutsideTheFolder_AreRefused()
    {
        Copy();
        GenAiModel.EditGraph(Path, graph => graph.Initializer.First(tensor => tensor.ExternalData.Count > 0).ExternalData[0].Value = "../other.data");

        Assert.Equal("model.onnx: external data: expected a file inside the folder, found '../other.data'.", Refused());
    }

    [Fact]
    public void Load_TokenizerIsMissing_NamesIt()
    {
        Copy();

        string message = Assert.Throws<ModelFormatException>(() => OnnxChatClient.Load(
            new OnnxChatClientOptions { ModelFolder = Path }, cancellationToken: TestContext.Current.CancellationToken)).Message;

        Assert.Equal($"tokenizer.json: expected in '{Path}', found none.", message);
    }

    [Fact]
    public void Load_SeveralBadFields_NamesThemAll()
    {
        Copy(config =>
        {
            config["model"]!["context_length"] = 1;
            config["model"]!["eos_token_id"] = new JsonArray(1, 96);
            config["model"]!["decoder"]!["filename"] = "../model.onnx";
            config["model"]!["decoder"]!.AsObject().Remove("head_size");
            config["model"]!["decoder"]!["inputs"]!["past_key_names"] = "past.key";
        });

        Assert.Equal(
            "genai_config.json: model.decoder.filename: expected the name of a file, found '../model.onnx'. model.eos_token_id: expected ids in [0, 95], found 96. "
            + "model.context_length: expected 2 or more, found 1. model.decoder.head_size: expected a number of 1 or more, found nothing. "
            + "model.decoder.inputs.past_key_names: expected a name with one %d for the layer, found 'past.key'.",
            Refused());
    }

    [Theory]
    [InlineData("{}", "genai_config.json: model: expected an object, found none.")]
    [InlineData("""{"model":{}}""", "genai_config.json: model.decoder: expected an object, found none.")]
    [InlineData("[]", "genai_config.json: expected an object, found Array.")]
    public void Parse_NoDecoder_SaysWhatIsMissing(string json, string message) =>
        Assert.Equal(message, Assert.Throws<ModelFormatException>(() => GenAiConfigReader.Parse(Encoding.UTF8.GetBytes(json))).Message);

    [Fact]
    public void Parse_NothingButSizes_TakesTheRuntimesNamesAndOneEnd()
    {
        GenAiModelConfig config = GenAiConfigReader.Parse("""
            {"model":{"context_length":8,"vocab_size":9,"eos_token_id":2,
             "decoder":{"filename":"m.onnx","head_size":4,"num_hidden_layers":1,"num_key_value_heads":1}}}
            """u8.ToArray());

        Assert.Equal(GraphSignature.GenAi with { PositionIds = "position_ids" }, config.Signature);
        Assert.Equal([2], config.EosTokenIds);
    }

    [Theory]
    [InlineData("num_hidden_layers", 3, "model.onnx: 'past_key_values.%d.key': expected 3 layers by genai_config.json, found 2.")]
    [InlineData("num_key_value_heads", 3, "model.onnx: 'past_key_values.0.key': expected Float [any, 3, any, 32] by genai_config.json, found Float [any, 2, any, 32].")]
    [InlineData("head_size", 64, "model.onnx: 'past_key_values.0.key': expected Float [any, 2, any, 64] by genai_config.json, found Float [any, 2, any, 32].")]
    public void Load_OtherSizes_ContradictTheGraph(string field, int value, string message)
    {
        Copy(config => config["model"]!["decoder"]![field] = value);

        Assert.Equal(message, Refused());
    }

    [Fact]
    public void Load_OtherVocabulary_ContradictsTheGraph()
    {
        Copy(config => config["model"]!["vocab_size"] = 100);

        Assert.Equal("model.onnx: 'logits': expected Float [any, any, 100] by genai_config.json, found Float [any, any, 96].", Refused());
    }

    [Fact]
    public void Load_OtherNameOfTheMask_ContradictsTheGraph()
    {
        Copy(config => config["model"]!["decoder"]!["inputs"]!["attention_mask"] = "mask");

        Assert.Equal("model.onnx: 'mask': expected by genai_config.json, found no such input or output.", Refused());
    }

    [Fact]
    public void Load_InputThatNobodyNames_IsRefused()
    {
        Copy();
        GenAiModel.EditGraph(Path, graph =>
        {
            ValueInfoProto other = graph.Input.First(input => input.Name == "input_ids").Clone();
            other.Name = "token_type_ids";
            graph.Input.Add(other);
        });

        Assert.Equal(
            "model.onnx: inputs: expected those that genai_config.json names and no other, found 'token_type_ids: Int64[batch, sequence]'.", Refused());
    }

    [Fact]
    public void Load_AttentionThatCannotShareABuffer_IsRefused()
    {
        Copy();
        GenAiModel.EditGraph(Path, graph =>
        {
            foreach (NodeProto node in graph.Node.Where(node => node.OpType == "GroupQueryAttention"))
            {
                node.OpType = "MultiHeadAttention";
            }
        });

        Assert.Equal(
            "model.onnx: 'past_key_values.0.key': expected to go into GroupQueryAttention, as keys and values are kept in one buffer, found MultiHeadAttention.",
            Refused());
    }

    [Fact]
    public void Load_GraphThatIsNone_IsRefused()
    {
        Copy();
        File.WriteAllBytes(folder.At("copy", "model.onnx"), []);

        Assert.Equal("model.onnx: expected an ONNX model, found no graph.", Refused());
    }

    [Fact]
    public void Read_DamagedGraph_IsReadOrRefusedAndNothingElse()
    {
        byte[] whole = File.ReadAllBytes(System.IO.Path.Combine(model.FolderOf("random", "genai"), "model.onnx"));
        string file = folder.At("damaged.onnx");
        Arbitrary<(int Position, byte Value, int Length)> damages = Gen.Choose(0, whole.Length - 1).SelectMany(
            position => Gen.Choose(0, 255).SelectMany(value => Gen.Choose(1, whole.Length).Select(length => (position, (byte)value, length)))).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(7UL, 9UL), Prop.ForAll(damages, damage =>
        {
            byte[] bytes = [.. whole];
            bytes[damage.Position] = damage.Value;
            File.WriteAllBytes(file, bytes[..damage.Length]);
            try
            {
                return GraphFile.Read(file).Consumers.Count >= 0;
            }
            catch (ModelFormatException e)
            {
                return e.Message.StartsWith("damaged.onnx: expected an ONNX model, found ", StringComparison.Ordinal);
            }
        }));
    }

    public void Dispose() => folder.Dispose();

    private string Refused() => Assert.Throws<ModelFormatException>(() => GenAiModel.Load(Path)).Message;

    private void Copy(Action<JsonNode>? change = null)
    {
        GenAiModel.Copy(model.FolderOf("random", "genai"), Path);
        JsonNode config = JsonNode.Parse(File.ReadAllText(folder.At("copy", "genai_config.json")))!;
        change?.Invoke(config);
        File.WriteAllText(folder.At("copy", "genai_config.json"), config.ToJsonString());
    }
}
