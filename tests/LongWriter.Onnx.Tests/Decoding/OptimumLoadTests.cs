using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>Which graph of a folder is loaded, what fills in what it leaves open, and what is refused, by name.</summary>
[Collection(nameof(GenAiModel))]
public sealed class OptimumLoadTests(GenAiModel model) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.At("copy");

    [Fact]
    public void Choose_SeveralGraphs_FollowsTheOrder()
    {
        Directory.CreateDirectory(folder.At("copy", "onnx"));
        string[] byPreference = ["model.onnx", "onnx/model.onnx", "onnx/decoder_model_merged.onnx", "onnx/model_quantized.onnx", "onnx/model_q4.onnx", "onnx/model_fp16.onnx"];
        foreach (string name in byPreference)
        {
            File.WriteAllBytes(System.IO.Path.Combine(Path, name), []);
        }

        foreach (string name in byPreference)
        {
            Assert.Equal(name, OptimumGraphs.Choose(Path, null));
            Assert.Equal("onnx/model_fp16.onnx", OptimumGraphs.Choose(Path, "onnx/model_fp16.onnx"));
            File.Delete(System.IO.Path.Combine(Path, name));
            File.WriteAllBytes(folder.At("copy", "onnx", "model_fp16.onnx"), []);
        }
    }

    [Fact]
    public void Choose_NothingTellsThemApart_ListsThem()
    {
        Directory.CreateDirectory(folder.At("copy", "onnx"));
        File.WriteAllBytes(folder.At("copy", "b.onnx"), []);
        Assert.Equal("b.onnx", OptimumGraphs.Choose(Path, null));
        File.WriteAllBytes(folder.At("copy", "onnx", "a.onnx"), []);

        Assert.Equal(
            $"'{Path}': expected model.onnx or another graph of a known name, or ModelFile to name one, found b.onnx, onnx/a.onnx.",
            Assert.Throws<ModelFormatException>(() => OptimumGraphs.Choose(Path, null)).Message);
        Assert.Equal(
            $"ModelFile: expected a file in '{Path}', found no 'onnx/c.onnx' but b.onnx, onnx/a.onnx.",
            Assert.Throws<ModelFormatException>(() => OptimumGraphs.Choose(Path, "onnx/c.onnx")).Message);
    }

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("onnx/../../model.onnx")]
    [InlineData("/model.onnx")]
    [InlineData("")]
    public void Of_ModelFileOutsideTheFolder_IsRefused(string modelFile) => Assert.Equal(
        $"ModelFile must name a file inside ModelFolder but is '{modelFile}'.", Assert.Throws<ArgumentException>(() => FolderForms.Of(folder.Path, modelFile)).Message);

    [Theory]
    [InlineData("longwriter.json")]
    [InlineData("genai_config.json")]
    public void Of_ModelFileBesideADescription_IsRefused(string description)
    {
        File.WriteAllText(folder.At(description), "{}");

        Assert.Equal(
            $"ModelFile must be null for a folder with {description}, which names its graph, but is 'model.onnx'.",
            Assert.Throws<ArgumentException>(() => FolderForms.Of(folder.Path, "model.onnx")).Message);
    }

    [Fact]
    public void Of_WeightsBesideAGraph_AreTakenUnlessItIsNamed()
    {
        File.WriteAllText(folder.At("model.onnx"), "");
        Assert.Equal(FolderForm.Optimum, FolderForms.Of(folder.Path, null));
        File.WriteAllText(folder.At("model.safetensors"), "");

        Assert.Equal(FolderForm.Source, FolderForms.Of(folder.Path, null));
        Assert.Equal(FolderForm.Optimum, FolderForms.Of(folder.Path, "model.onnx"));
        Assert.Equal(FolderForm.Source, FolderForms.Of(folder.At("none"), null));
    }

    [Fact]
    public async Task Load_SeveralPrecisions_TakesTheOneThatIsNamed()
    {
        OptimumModel.Write(model, "random", "half-logits", Path);
        Directory.CreateDirectory(folder.At("copy", "onnx"));
        File.Move(folder.At("copy", "model.onnx"), folder.At("copy", "onnx", "model_q4.onnx"));
        File.Move(folder.At("copy", "model.onnx.data"), folder.At("copy", "onnx", "model.onnx.data"));
        File.WriteAllText(folder.At("copy", "onnx", "model.onnx"), "no graph");
        using DecodingEngine ours = model.Load("random", "ours");
        int[] prompt = EngineCalls.Prompt(30, 1, 96);

        using DecodingEngine engine = OptimumModel.Load(Path, "onnx/model_q4.onnx");

        Assert.Equal((await ours.Decode(prompt, 10)).Tokens, (await engine.Decode(prompt, 10)).Tokens);
    }

    [Fact]
    public async Task Load_GraphThatLeavesSizesOpen_TakesThemFromTheConfiguration()
    {
        Copy(graph =>
        {
            foreach (ValueInfoProto value in graph.Input.Concat(graph.Output).Where(value => value.Type.TensorType.Shape.Dim.Count == 4))
            {
                value.Type.TensorType.Shape.Dim[1] = new() { DimParam = "heads" };
                value.Type.TensorType.Shape.Dim[3] = new() { DimParam = "head_dim" };
            }

            graph.Output[0].Type.TensorType.Shape.Dim[2] = new() { DimParam = "vocabulary" };
        });
        int[] prompt = EngineCalls.Prompt(30, 1, 96);
        using DecodingEngine ours = model.Load("random", "ours");
        using DecodingEngine engine = GenAiModel.Load(Path);
        Assert.Equal((await ours.Decode(prompt, 10)).Tokens, (await engine.Decode(prompt, 10)).Tokens);

        OptimumModel.EditConfig(Path, config => config.AsObject().Remove("head_dim"));
        OptimumModel.EditConfig(Path, config => config.AsObject().Remove("hidden_size"));
        Assert.Equal("config.json: head_dim: expected a number of 1 or more, as model.onnx leaves it open, found nothing.", Refused());
    }

    [Fact]
    public async Task Load_GraphOfOneTokenAtATime_GetsOneAtATime()
    {
        Copy(graph =>
        {
            foreach (ValueInfoProto input in graph.Input.Where(input => input.Name is "input_ids" or "position_ids"))
            {
                input.Type.TensorType.Shape.Dim[1] = new() { DimValue = 1 };
            }
        });
        int[] prompt = EngineCalls.Prompt(30, 1, 96);
        using DecodingEngine ours = model.Load("random", "ours");
        using DecodingEngine engine = GenAiModel.Load(Path);

        Assert.Equal((await ours.Decode(prompt, 10)).Tokens, (await engine.Decode(prompt, 10)).Tokens);
        Assert.Equal(30, (await engine.LogProbabilitiesAsync(prompt, TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task Load_FolderOfLinks_IsLoaded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        OptimumModel.Write(model, "random", "plain", Path);
        OptimumModel.MoveAndShard(Path);
        Directory.CreateDirectory(folder.At("snapshot", "onnx"));
        foreach (string file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            File.CreateSymbolicLink(folder.At("snapshot", System.IO.Path.GetRelativePath(Path, file)), file);
        }

        int[] prompt = EngineCalls.Prompt(30, 1, 96);
        using DecodingEngine ours = model.Load("random", "ours");
        using DecodingEngine engine = GenAiModel.Load(folder.At("snapshot"));

        Assert.Equal((await ours.Decode(prompt, 10)).Tokens, (await engine.Decode(prompt, 10)).Tokens);
    }

    [Fact]
    public void Load_NoConfiguration_IsRefused()
    {
        Copy(_ => { });
        File.Delete(folder.At("copy", "config.json"));

        Assert.Equal($"config.json: expected in '{Path}' beside the graph, found no such file.", Refused());
    }

    [Fact]
    public void Load_GraphWithoutKeysAndValues_SaysWhatItHas()
    {
        Copy(graph =>
        {
            foreach (ValueInfoProto input in graph.Input.Where(input => input.Name.StartsWith("past", StringComparison.Ordinal)))
            {
                input.Name = $"other.{input.Name}";
            }

            foreach (NodeProto node in graph.Node)
            {
                for (int i = 0; i < node.Input.Count; i++)
                {
                    node.Input[i] = node.Input[i].StartsWith("past", StringComparison.Ordinal) ? $"other.{node.Input[i]}" : node.Input[i];
                }
            }
        });

        Assert.Equal(
            "model.onnx: inputs: expected 'past_key_values.0.key' and the like, without which every token would compute the whole text anew, found 'input_ids', 'attention_mask', "
            + "'other.past_key_values.0.key', 'other.past_key_values.0.value', 'other.past_key_values.1.key', 'other.past_key_values.1.value', 'position_ids'. "
            + "Export the model with past keys and values.",
            Refused());
    }

    [Fact]
    public void Load_InputThatNobodyKnows_IsRefused()
    {
        Copy(graph => graph.Input.Add(new ValueInfoProto { Name = "inputs_embeds", Type = graph.Output[0].Type.Clone() }));

        Assert.Equal(
            "model.onnx: inputs: expected those that the signature of Optimum names and no other, found 'inputs_embeds: Float[batch, sequence, 96]'.", Refused());
    }

    [Fact]
    public void Load_EndOutsideTheVocabulary_IsRefused()
    {
        Copy(_ => { });
        OptimumModel.EditConfig(Path, config => config["eos_token_id"] = 96);

        Assert.Equal("config.json, generation_config.json: eos_token_id: expected ids in [0, 95], found 96.", Refused());
    }

    [Fact]
    public void Load_PastOfAFixedLength_IsRefused()
    {
        Copy(graph => graph.Input.Single(input => input.Name == "past_key_values.0.key").Type.TensorType.Shape.Dim[2] = new() { DimValue = 64 });

        Assert.Equal(
            "model.onnx: 'past_key_values.0.key': expected [batch, heads, any number of positions, head_dim], found 'past_key_values.0.key: Float[batch, 2, 64, 32]'.", Refused());
    }

    [Theory]
    [InlineData("{}", "config.json: max_position_embeddings: expected a number of 2 or more, found nothing.")]
    [InlineData("""{"n_positions":1}""", "config.json: n_positions: expected 2 or more, found 1.")]
    [InlineData("""{"n_positions":9,"vocab_size":"a"}""", "config.json: vocab_size: expected a whole number in [1, 268435456], found \"a\".")]
    [InlineData("[]", "config.json: expected an object, found Array.")]
    public void Parse_BadConfiguration_NamesTheField(string json, string message) =>
        Assert.Equal(message, Assert.Throws<ModelFormatException>(() => OptimumConfig.Parse(Encoding.UTF8.GetBytes(json))).Message);

    [Fact]
    public void Parse_DecoderUnderTextConfig_IsRead()
    {
        OptimumConfig config = OptimumConfig.Parse("""
            {"model_type":"a","eos_token_id":[1,106],"text_config":{"max_position_embeddings":64,"hidden_size":48,"num_attention_heads":6,"num_key_value_heads":2}}
            """u8.ToArray());

        Assert.Equal((64, null, 2, 8), (config.MaxPositions, config.VocabSize, config.KvHeadCount, config.HeadDim));
        Assert.Equal([1, 106], config.EosTokenIds);
    }

    [Fact]
    public void Load_SecondWeightFileIsMissing_NamesIt()
    {
        Shard();
        File.Delete(folder.At("copy", "onnx", "model.onnx_data_1"));

        Assert.Equal($"model.onnx: external data: expected a file in '{folder.At("copy", "onnx")}', found no 'model.onnx_data_1'.", Refused());
    }

    [Theory]
    [InlineData("../config.json")]
    [InlineData("data/../../config.json")]
    [InlineData("/etc/hostname")]
    public void Load_WeightsOutsideTheGraphsFolder_AreRefused(string location)
    {
        Shard();
        GenAiModel.EditGraph(folder.At("copy", "onnx"), graph =>
            graph.Initializer.First(tensor => tensor.ExternalData.Count > 0).ExternalData.Single(entry => entry.Key == "location").Value = location);

        Assert.Equal($"model.onnx: external data: expected a file inside the folder, found '{location}'.", Refused());
    }

    [Fact]
    public void Read_WeightsInsideABranch_AreFound()
    {
        OptimumModel.Write(model, "random", "merged", Path);
        GenAiModel.EditGraph(Path, graph => graph.Node[0].Attribute[1].G.Initializer.Add(new TensorProto
        {
            Name = "inner",
            ExternalData =
            {
                new StringStringEntryProto { Key = "location", Value = "inner.data" },
                new StringStringEntryProto { Key = "offset", Value = "9223372036854775807" },
                new StringStringEntryProto { Key = "length", Value = "64" },
            },
        }));

        GraphFile graph = GraphFile.Read(folder.At("copy", "model.onnx"));

        Assert.Equal(long.MaxValue, graph.ExternalFiles["inner.data"]);
        Assert.Equal(["Concat"], graph.Consumers["past_key_values.1.value"]);
    }

    [Fact]
    public void Read_DamagedGraphInAGraph_IsReadOrRefusedAndNothingElse()
    {
        OptimumModel.Write(model, "random", "merged", Path);
        byte[] whole = File.ReadAllBytes(folder.At("copy", "model.onnx"));
        string file = folder.At("damaged.onnx");
        Arbitrary<(int Position, byte Value)> damages = Gen.Choose(0, whole.Length - 1).SelectMany(
            position => Gen.Choose(0, 255).Select(value => (position, (byte)value))).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(11UL, 13UL), Prop.ForAll(damages, damage =>
        {
            byte[] bytes = [.. whole];
            bytes[damage.Position] = damage.Value;
            File.WriteAllBytes(file, bytes);
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

    [Fact]
    public void Load_GraphThatLooksAtThePastsLength_GetsNoSharedBuffer()
    {
        OptimumModel.Write(model, "random", "shared", Path);
        Assert.False(Grows());
        GenAiModel.EditGraph(Path, graph => graph.Node.Add(new NodeProto { OpType = "Shape", Input = { "past_key_values.1.key" }, Output = { "past_shape" } }));

        Assert.True(Grows());

        bool Grows()
        {
            using DecoderModel decoder = DecoderModel.Load(Path, new OnnxRuntimeOptions { IntraOpThreads = 1 }, NullLogger.Instance);
            return decoder.Manifest.Kv.Grows;
        }
    }

    public void Dispose() => folder.Dispose();

    private string Refused() => Assert.Throws<ModelFormatException>(() => GenAiModel.Load(Path)).Message;

    private void Copy(Action<GraphProto> change)
    {
        OptimumModel.Write(model, "random", "plain", Path);
        GenAiModel.EditGraph(Path, change);
    }

    private void Shard()
    {
        OptimumModel.Write(model, "random", "plain", Path);
        OptimumModel.MoveAndShard(Path);
    }
}
