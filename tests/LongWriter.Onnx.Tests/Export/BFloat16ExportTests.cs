using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Google.Protobuf;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Model;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Export;

/// <summary>
/// Graphs that compute in bfloat16, which no CPU of ONNX Runtime's can run. So their numbers are widened to float32, each of the same value, and then they run here: that proves weights and wiring. That a GPU's
/// bfloat16 rounds in between is not seen.
/// </summary>
public sealed class BFloat16ExportTests
{
    private static readonly ExportOptions Full = new() { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 };

    private static readonly ExportOptions Brain = new()
    {
        Weights = WeightPrecision.BFloat16, Kv = KvPrecision.BFloat16, Activations = ActivationPrecision.BFloat16, Embedding = EmbeddingPrecision.BFloat16,
    };

    [Theory]
    [InlineData("llama", true)]
    [InlineData("llama", false)]
    [InlineData("qwen2", true)]
    public void Export_BFloat16Widened_StaysNearFloat32(string modelType, bool tied)
    {
        using var folder = new TemporaryFolder();
        JsonObject json = RandomLlama.Config();
        json["model_type"] = modelType;
        json["tie_word_embeddings"] = tied;
        RandomLlama.Write(folder.At("source"), json, seed: 21, changeRow: Round);
        int[] tokens = Prompt(40, 1, 96);
        float[][] expected = Run(folder, "float", Full, tokens);

        float[][] actual = Run(folder, "brain", Brain, tokens, Widen);

        Assert.InRange(LogitDistance.RelativeError(expected, actual), 1e-6, 3e-2);
    }

    [Theory]
    [InlineData(Signature.LongWriter)]
    [InlineData(Signature.GenAi)]
    public void Export_Int4InBFloat16_HasBFloat16Everywhere(Signature signature)
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 21);

        GraphProto graph = Export(folder, "brain", Brain with { Weights = WeightPrecision.Int4, Signature = signature });

        Assert.DoesNotContain(graph.Initializer, tensor => (TensorElementType)tensor.DataType is TensorElementType.Float or TensorElementType.Float16);
        Assert.Equal(2 * 4 + 1, graph.Node.Count(node => node.OpType == "MatMulNBits"));
        Assert.All(graph.Input.Where(input => input.Name.Contains("past", StringComparison.Ordinal)), input => Assert.Equal((int)TensorElementType.BFloat16, input.Type.TensorType.ElemType));
        TensorElementType logits = signature == Signature.GenAi ? TensorElementType.BFloat16 : TensorElementType.Float;
        Assert.Equal((int)logits, graph.Output.First(output => output.Name == "logits").Type.TensorType.ElemType);
    }

    /// <summary>The embedded model is published in bfloat16.</summary>
    [Fact]
    public void Export_WeightsInBFloat16_AreTheSourcesBits()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        using var folder = new TemporaryFolder();
        ModelExporter.Export(EmbeddedModel.Folder!, folder.At("brain"), Brain, cancellationToken: TestContext.Current.CancellationToken);
        using SafetensorsModel source = SafetensorsModel.Open(EmbeddedModel.Folder!);
        ModelConfig config = ModelConfigReader.Load(EmbeddedModel.Folder!);

        TensorProto table = Read(folder.At("brain", "model.onnx")).Graph.Initializer.First(tensor => tensor.Name == "model.embed_tokens.weight");
        float[] written = [.. MemoryMarshal.Cast<byte, ushort>(External(folder.At("brain"), table)).ToArray().Select(BFloat16Bits.ToSingle)];

        Assert.Equal(source.ReadAll(source.Require("model.embed_tokens.weight", config.VocabSize, config.HiddenSize)), written);
    }

    [Fact]
    public void Load_OnTheCpu_SaysWhereItRuns()
    {
        using var folder = new TemporaryFolder();
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 3);
        Export(folder, "brain", Brain);

        var failure = Assert.Throws<ModelFormatException>(() => DecodingEngine.Load(new EngineOptions { ModelFolder = folder.At("brain") }, NullLogger.Instance));

        Assert.StartsWith("longwriter.json: kv.element_type: expected float32, float16 or int8 on the CPU, where ONNX Runtime has no operators for bfloat16, found bfloat16.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_TypesThatDoNotGoTogether_NamesThem()
    {
        Assert.Equal(
            "Kv must be BFloat16 when Activations is BFloat16 but is Float16. Weights must be Int8, Int4 or BFloat16 when Activations is BFloat16 but is Float16.",
            Assert.Throws<ArgumentException>((Brain with { Kv = KvPrecision.Float16, Weights = WeightPrecision.Float16 }).Validate).Message);
        Brain.Validate();
    }

    [Fact]
    public void From_NumbersBetween_AreTheNearestAndTheEvenOne()
    {
        Assert.Equal(0x3F80, BFloat16Bits.From(1));
        Assert.Equal(0x3F80, BFloat16Bits.From(BitConverter.UInt32BitsToSingle(0x3F808000)));
        Assert.Equal(0x3F82, BFloat16Bits.From(BitConverter.UInt32BitsToSingle(0x3F818000)));
        Assert.Equal(0x3F81, BFloat16Bits.From(BitConverter.UInt32BitsToSingle(0x3F808001)));
        Assert.Equal(-2.5f, BFloat16Bits.ToSingle(BFloat16Bits.From(-2.5f)));
    }

    private static float[][] Run(TemporaryFolder folder, string name, ExportOptions options, int[] tokens, Action<string>? change = null)
    {
        Export(folder, name, options);
        change?.Invoke(folder.At(name));
        using var decoder = new ExportedDecoder(folder.At(name), rows: 1, capacity: tokens.Length + 24);
        return decoder.Append(0, 0, tokens);
    }

    private static GraphProto Export(TemporaryFolder folder, string name, ExportOptions options)
    {
        ModelExporter.Export(folder.At("source"), folder.At(name), options, cancellationToken: TestContext.Current.CancellationToken);
        return Read(folder.At(name, "model.onnx")).Graph;
    }

    private static ModelProto Read(string path) => ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));

    private static byte[] External(string folder, TensorProto tensor)
    {
        int Number(string key) => int.Parse(tensor.ExternalData.First(entry => entry.Key == key).Value, CultureInfo.InvariantCulture);
        byte[] data = File.ReadAllBytes(Path.Combine(folder, tensor.ExternalData.First(entry => entry.Key == "location").Value));
        return data.AsSpan(Number("offset"), Number("length")).ToArray();
    }

    private static void Round(Span<float> row)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = BFloat16Bits.ToSingle(BFloat16Bits.From(row[i]));
        }
    }

    /// <summary>Every bfloat16 of a folder becomes a float32 of the same value.</summary>
    private static void Widen(string folder)
    {
        string path = Path.Combine(folder, "model.onnx");
        ModelProto model = Read(path);
        foreach (TensorProto tensor in model.Graph.Initializer.Where(tensor => tensor.DataType == (int)TensorElementType.BFloat16))
        {
            float[] wide = [.. MemoryMarshal.Cast<byte, ushort>(External(folder, tensor)).ToArray().Select(BFloat16Bits.ToSingle)];
            tensor.DataType = (int)TensorElementType.Float;
            tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(wide));
            tensor.ExternalData.Clear();
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        }

        foreach (ValueInfoProto value in model.Graph.Input.Concat(model.Graph.Output).Where(value => value.Type.TensorType.ElemType == (int)TensorElementType.BFloat16))
        {
            value.Type.TensorType.ElemType = (int)TensorElementType.Float;
        }

        foreach (AttributeProto to in model.Graph.Node.Where(node => node.OpType == "Cast").SelectMany(node => node.Attribute).Where(attribute => attribute.I == (long)TensorElementType.BFloat16))
        {
            to.I = (long)TensorElementType.Float;
        }

        File.WriteAllBytes(path, model.ToByteArray());
        string manifest = Path.Combine(folder, ModelManifest.FileName);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("bfloat16", "float32", StringComparison.Ordinal));
    }
}
