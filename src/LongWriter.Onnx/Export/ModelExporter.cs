using System.Text.Json;
using Google.Protobuf;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Export;

/// <summary>Turns a Hugging Face model folder (config.json, safetensors, tokenizer) into a folder that the local engine runs.</summary>
public static class ModelExporter
{
    internal const string GraphFile = "model.onnx";
    internal const string DataFile = "model.onnx.data";
    internal const string PrefillFile = "prefill.onnx";

    /// <summary>A file that asks for more gets it only when the caller does, too: the rotary tables take 1 KB a position for heads of 128.</summary>
    internal const int LargestUnaskedPositions = 1 << 20;

    /// <summary>
    /// Exports a model. The result appears at <paramref name="to"/> as a whole or not at all, and the same input gives the same bytes. Weights are
    /// streamed: memory does not grow with the model (43 to 97 MB were measured for a source
    /// of 1.25 GB), but for the scales of one matrix.
    /// </summary>
    /// <param name="from">Folder with config.json and model.safetensors (or shards with their index).</param>
    /// <param name="to">Folder to make; must not exist unless <see cref="ExportOptions.Overwrite"/> is set.</param>
    /// <param name="options">Precisions and positions; null for the defaults.</param>
    /// <param name="progress">Told after each step, or null.</param>
    /// <param name="cancellationToken">Ends the export; nothing is left behind.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="IOException">The target exists, or a file cannot be read or written.</exception>
    /// <exception cref="ModelFormatException">The source is not a model that can be exported.</exception>
    public static void Export(
        string from, string to, ExportOptions? options = null, IProgress<ExportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(from);
        ArgumentException.ThrowIfNullOrEmpty(to);
        options ??= ExportOptions.Reproducible;
        options.Validate();
        ModelConfig config = ModelConfigReader.Load(from);
        if (options.MaxPositions > config.MaxPositions)
        {
            throw new ArgumentException($"MaxPositions must be at most the model's {config.MaxPositions} but is {options.MaxPositions}.");
        }

        if (options.MaxPositions is null && config.MaxPositions > LargestUnaskedPositions)
        {
            throw new ModelFormatException(
                $"config.json: max_position_embeddings: expected at most {LargestUnaskedPositions} unless MaxPositions is set, as tables of that length are written, found {config.MaxPositions}.");
        }

        options = options.Kv == KvPrecision.Int8 ? options with { KvScales = options.KvScales ?? KvScalesFile.Find(from) } : options;
        options.KvScales?.Validate(config.LayerCount);
        using var target = new AtomicFolder(to, options.Overwrite);
        using (SafetensorsModel source = SafetensorsModel.Open(from))
        {
            Write(config, options, source, target.Path, new Steps(progress, config.LayerCount + 3), cancellationToken);
            CompanionFiles.Copy(from, target.Path);
        }

        cancellationToken.ThrowIfCancellationRequested();
        target.Commit();
    }

    private static void Write(
        ModelConfig config, ExportOptions options, SafetensorsModel source, string folder, Steps steps, CancellationToken cancellationToken)
    {
        string hash = SourceHash.Compute(source.FilePaths, cancellationToken);
        steps.Done("source hash");
        KvScales? scales = options.Kv == KvPrecision.Int8 ? options.KvScales ?? KvScaleEstimate.FromWeights(config, source) : null;
        ModelProto model;
        using (var data = new ExternalDataWriter(Path.Combine(folder, DataFile)))
        {
            var builder = new DecoderGraphBuilder(config, options, source, data, scales);
            model = builder.Build(layer => steps.Done($"layer {layer}"), cancellationToken);
            data.Complete();
        }

        steps.Done("output projection");
        WriteGraph(model, GraphFile);
        if (options.HasFloatPrefill)
        {
            WriteGraph(PrefillGraph.From(model), PrefillFile);
        }

        ModelManifest manifest = ToManifest(config, options, scales, hash);
        File.WriteAllBytes(Path.Combine(folder, ModelManifest.FileName), JsonSerializer.SerializeToUtf8Bytes(manifest, ModelManifestJson.Default.ModelManifest));
        if (options.Signature == Signature.GenAi)
        {
            File.WriteAllBytes(Path.Combine(folder, GenAiModelConfig.FileName), GenAiConfig.Write(config, manifest));
        }

        steps.Done("graph");

        void WriteGraph(ModelProto graph, string name)
        {
            using FileStream stream = File.Create(Path.Combine(folder, name));
            graph.WriteTo(stream);
        }
    }

    private static ModelManifest ToManifest(ModelConfig config, ExportOptions options, KvScales? scales, string hash) => new()
    {
        Version = ModelManifest.CurrentVersion,
        Model = GraphFile,
        PrefillModel = options.HasFloatPrefill ? PrefillFile : null,
        Profile = options.IsReproducible ? ModelManifest.Reproducible : ModelManifest.Fast,
        Precision = PrecisionTypes.NameOf(options.Weights),
        BlockSize = options.HasBlocks ? options.BlockSize : null,
        OwnOperators = options.HasOwnOperators,
        EmbeddingPrecision = PrecisionTypes.NameOf(PrecisionTypes.Of(options.Embedding)),
        Kv = new KvLayout
        {
            LayerCount = config.LayerCount,
            HeadCount = config.KvHeadCount,
            HeadDim = config.HeadDim,
            ElementType = PrecisionTypes.NameOf(PrecisionTypes.Of(options.Kv)),
            KeyScales = scales?.Keys,
            ValueScales = scales?.Values,
        },
        Signature = options.Signature == Signature.GenAi ? GraphSignature.GenAi : GraphSignature.Exported,
        MaxPositions = options.MaxPositions ?? config.MaxPositions,
        VocabSize = config.VocabSize,
        EosTokenIds = config.EosTokenIds,
        SourceSha256 = hash,
    };

    private sealed class Steps(IProgress<ExportProgress>? progress, int total)
    {
        private int completed;

        public void Done(string stage) => progress?.Report(new ExportProgress(stage, ++completed, total));
    }
}
