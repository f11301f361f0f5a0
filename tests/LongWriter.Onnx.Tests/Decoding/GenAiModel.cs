using Google.Protobuf;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Export;
using LongWriter.Onnx.Tests.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>
/// One model in the signature of onnxruntime-genai's builder, without our manifest, beside our own export of the same float32 weights. No file of the real
/// builder is here: these are our graphs in its inputs and outputs.
/// </summary>
public sealed class GenAiModel : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public GenAiModel()
    {
        RandomLlama.Write(folder.At("source"), RandomLlama.Config(), seed: 3);
        Export(folder.At("source"), "random");
        if (EmbeddedModel.Folder is not null)
        {
            Export(EmbeddedModel.Folder, "seed");
        }
    }

    /// <summary>"random" (96 tokens of vocabulary, 256 positions) or "seed"; "ours", "ours-half", "genai" or "half".</summary>
    internal string FolderOf(string model, string form)
    {
        Assert.SkipWhen(model == "seed" && EmbeddedModel.Folder is null, "No seed model on this machine.");
        return folder.At($"{model}-{form}");
    }

    internal DecodingEngine Load(string model, string form, int chunkTokens = 512, int slots = 2) => Load(FolderOf(model, form), chunkTokens, slots);

    internal static DecodingEngine Load(string path, int chunkTokens = 512, int slots = 2) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = path,
            Slots = slots,
            PrefillChunkTokens = chunkTokens,
            Threads = 1,
            Runtime = new OnnxRuntimeOptions { AllowSpinning = false },
        },
        NullLogger.Instance);

    public void Dispose() => folder.Dispose();

    internal static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    internal static void EditGraph(string path, Action<GraphProto> change)
    {
        string file = Path.Combine(path, "model.onnx");
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(file));
        change(model.Graph);
        File.WriteAllBytes(file, model.ToByteArray());
    }

    private void Export(string source, string name)
    {
        var options = new ExportOptions { Weights = WeightPrecision.Float32, Kv = KvPrecision.Float32 };
        ModelExporter.Export(source, folder.At($"{name}-ours"), options);
        ModelExporter.Export(source, folder.At($"{name}-ours-half"), options with { Kv = KvPrecision.Float16 });
        ModelExporter.Export(source, folder.At($"{name}-genai"), options with { Signature = Signature.GenAi });
        ModelExporter.Export(source, folder.At($"{name}-half"), options with { Signature = Signature.GenAi, Kv = KvPrecision.Float16 });
        File.Delete(folder.At($"{name}-genai", "longwriter.json"));
        File.Delete(folder.At($"{name}-half", "longwriter.json"));
    }
}

[CollectionDefinition(nameof(GenAiModel))]
public sealed class GenAiModelGroup : ICollectionFixture<GenAiModel>;
