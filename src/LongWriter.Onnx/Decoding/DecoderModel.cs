using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Decoding;

/// <summary>A loaded graph whose inputs and outputs are what its folder's description says, by index. Owns the session.</summary>
internal sealed class DecoderModel : IDisposable
{
    private readonly string describedBy;

    private DecoderModel(ModelManifest manifest, OrtSession session, string describedBy)
    {
        this.describedBy = describedBy;
        Manifest = manifest;
        Session = session;
        GraphSignature names = manifest.Signature;
        InputIds = Find(session.Inputs, names.InputIds, TensorElementType.Int64, null, null);
        SequenceLengths = FindOptional(names.SequenceLengths, TensorElementType.Int32, [null]);
        TotalSequenceLength = FindOptional(names.TotalSequenceLength, TensorElementType.Int32, []);
        LogitIndex = FindOptional(names.LogitIndex, TensorElementType.Int64, [null]);
        AttentionMask = FindOptional(names.AttentionMask, TensorElementType.Int64, null, null);
        PositionIds = FindOptional(names.PositionIds, TensorElementType.Int64, null, null);
        UseCacheBranch = FindOptional(names.UseCacheBranch, TensorElementType.Bool, [null]);
        LogitsToKeep = FindOptional(names.LogitsToKeep, TensorElementType.Int64, NumberShape(names.LogitsToKeep));

        // Graphs that others made give logits as they compute them; ours always as float.
        LogitsType = AttentionMask is null ? TensorElementType.Float : session.Outputs.FirstOrDefault(output => output.Name == names.Logits)?.ElementType switch
        {
            TensorElementType.Float16 => TensorElementType.Float16,
            TensorElementType.BFloat16 => TensorElementType.BFloat16,
            _ => TensorElementType.Float,
        };
        Logits = AttentionMask is null
            ? Find(session.Outputs, names.Logits, LogitsType, null, manifest.VocabSize)
            : Find(session.Outputs, names.Logits, LogitsType, null, null, manifest.VocabSize);
        KvLayout kv = manifest.Kv;
        KvType = kv.ElementType switch { "int8" => TensorElementType.Int8, "float16" => TensorElementType.Float16, "bfloat16" => TensorElementType.BFloat16, _ => TensorElementType.Float };
        Past = FindKv(session.Inputs, names.PastKey, names.PastValue);
        Present = FindKv(session.Outputs, names.PresentKey, names.PresentValue);
        RequireNoOtherInput();

        // A number is a scalar or a list of one.
        long?[] NumberShape(string? name) => session.Inputs.FirstOrDefault(input => input.Name == name)?.Dimensions.Count == 1 ? [null] : [];

        int[] FindKv(IReadOnlyList<OrtValueInfo> values, string key, string value) =>
        [
            .. Enumerable.Range(0, kv.LayerCount).SelectMany(layer => new[] { key, value }.Select(
                name => Find(values, name.Replace("{0}", $"{layer}", StringComparison.Ordinal), KvType, null, kv.HeadCount, null, kv.HeadDim))),
        ];
    }

    public ModelManifest Manifest { get; }

    /// <summary>The same weights with float32 keys and values, for reading prompts; null for none.</summary>
    public DecoderModel? Prefill { get; private init; }

    public OrtSession Session { get; }

    /// <summary>Where the session reads inputs that are not in the host's memory; null when there are none.</summary>
    public OrtDevice? Device { get; private set; }

    /// <summary>The same for keys and values: null when attention runs on the CPU.</summary>
    public OrtDevice? KvDevice { get; private set; }

    /// <summary>Whether steps of one token for each row are captured as CUDA graphs.</summary>
    public bool CapturesDecodeSteps { get; private set; }

    public int InputIds { get; }

    /// <summary>Null, as the two that follow, when there is an <see cref="AttentionMask"/>.</summary>
    public int? SequenceLengths { get; }

    public int? TotalSequenceLength { get; }

    public int? LogitIndex { get; }

    public int? AttentionMask { get; }

    /// <summary>Null when the graph counts positions itself.</summary>
    public int? PositionIds { get; }

    /// <summary>Null when the graph has one branch.</summary>
    public int? UseCacheBranch { get; }

    /// <summary>Null when the graph gives all logits, or has a <see cref="LogitIndex"/>.</summary>
    public int? LogitsToKeep { get; }

    public int Logits { get; }

    /// <summary>Float, Float16 or BFloat16.</summary>
    public TensorElementType LogitsType { get; }

    public TensorElementType KvType { get; }

    /// <summary>Keys (even) and values (odd) by layer: indices of inputs.</summary>
    public int[] Past { get; }

    /// <summary>The same as outputs.</summary>
    public int[] Present { get; }

    /// <summary>
    /// True when one run may append a token to each of several rows. A mask says one length for all of them, and where keys and values grow they would have
    /// to be equally long; where a device gives no addresses, rows are tensors of their own.
    /// </summary>
    public bool Batches => AttentionMask is null && !Manifest.Kv.Grows && KvDevice is not { IsAddressable: false };

    /// <summary>
    /// Tokens that one step takes at most behind <paramref name="past"/> others. Where a past has a branch of its own, that one was traced with one token:
    /// among several it would let each see those after it.
    /// </summary>
    public int MaxStepTokens(int past) => Manifest.OneTokenSteps || (past > 0 && UseCacheBranch is not null) ? 1 : int.MaxValue;

    /// <summary>Loads a folder with longwriter.json, else one with genai_config.json, else one of Optimum.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="logger">Told what the library says.</param>
    /// <param name="modelFile">The graph of a folder of Optimum; null to choose one.</param>
    /// <param name="withPrefill">Whether <see cref="Prefill"/> is loaded where the folder has it.</param>
    /// <exception cref="ArgumentException"><paramref name="modelFile"/> is not for this folder.</exception>
    /// <exception cref="ModelFormatException">A file is missing or contradicts another one.</exception>
    /// <exception cref="OnnxRuntimeException">The native library is missing or cannot load the graph.</exception>
    public static DecoderModel Load(string folder, OnnxRuntimeOptions options, ILogger logger, string? modelFile = null, bool withPrefill = false)
    {
        switch (FolderForms.Of(folder, modelFile))
        {
            case FolderForm.GenAi:
                return Create(GenAiFolder.Load(folder, LoadSession), GenAiModelConfig.FileName, options.Provider, logger);
            case FolderForm.Optimum:
                return Create(OptimumFolder.Load(folder, modelFile, LoadSession), OptimumFolder.DescribedBy, options.Provider, logger);
            default:
                ModelManifest manifest = ModelManifestReader.Load(folder);
                RequireOperators(manifest, options);
                RequireTypes(manifest, options.Provider);
                return withPrefill && manifest.PrefillModel is not null && options.Provider == ExecutionProvider.Cpu
                    ? LoadPair(folder, manifest, options, logger)
                    : Create((manifest, LoadExported(folder, manifest, options, logger)), ModelManifest.FileName, options.Provider, logger);
        }

        OrtSession LoadSession(string path) => OrtSession.Load(path, options, logger);
    }

    public void Dispose()
    {
        Prefill?.Dispose();
        Device?.Dispose();
        Session.Dispose();
    }

    private static DecoderModel Create(
        (ModelManifest Manifest, OrtSession Session) loaded, string describedBy, ExecutionProvider provider, ILogger logger, DecoderModel? prefill = null)
    {
        try
        {
            var model = new DecoderModel(loaded.Manifest, loaded.Session, describedBy) { Prefill = prefill };
            (model.Device, model.KvDevice, model.CapturesDecodeSteps) = DevicePlacement.Of(model, provider, logger);
            return model;
        }
        catch
        {
            loaded.Session.Dispose();
            throw;
        }
    }

    /// <summary>ONNX Runtime itself would name the first operator that it has not.</summary>
    private static void RequireTypes(ModelManifest manifest, ExecutionProvider provider)
    {
        if (manifest.Kv.ElementType == "bfloat16" && provider == ExecutionProvider.Cpu)
        {
            throw new ModelFormatException(
                $"{ModelManifest.FileName}: kv.element_type: expected float32, float16 or int8 on the CPU, where ONNX Runtime has no operators for bfloat16, found bfloat16. Export the model otherwise or choose a GPU.");
        }
    }

    /// <summary>ONNX Runtime itself would say that it does not know them.</summary>
    private static void RequireOperators(ModelManifest manifest, OnnxRuntimeOptions options)
    {
        if (!manifest.OwnOperators)
        {
            return;
        }

        if (options.Provider != ExecutionProvider.Cpu)
        {
            throw new ModelFormatException(
                $"{manifest.Model}: expected ONNX Runtime's operators for the execution provider '{options.Provider.Name}', found this library's, which run on the CPU. Export with OwnOperators = false, or with ExportOptions.Gpu.");
        }

        options.Validate();
        OrtEnvironment.Get(options).Library.RequireOperatorFunctions();
    }

    private static DecoderModel LoadPair(string folder, ModelManifest manifest, OnnxRuntimeOptions options, ILogger logger)
    {
        ModelManifest ofPrefill = manifest with
        {
            Model = manifest.PrefillModel!,
            PrefillModel = null,
            Kv = manifest.Kv with { ElementType = "float32", KeyScales = null, ValueScales = null },
        };
        (OrtSession session, OrtSession prefillSession) = SessionPair.Load(folder, manifest.Model, ofPrefill.Model, options, logger);
        DecoderModel? prefill = null;
        try
        {
            prefill = Create((ofPrefill, prefillSession), ModelManifest.FileName, options.Provider, logger);
            return Create((manifest, session), ModelManifest.FileName, options.Provider, logger, prefill);
        }
        catch
        {
            prefill?.Dispose();
            session.Dispose();
            throw;
        }
    }

    private static OrtSession LoadExported(string folder, ModelManifest manifest, OnnxRuntimeOptions options, ILogger logger)
    {
        string graphPath = Path.Combine(folder, manifest.Model);
        GraphFile graph = GraphFile.Read(graphPath);
        graph.RequireFiles(folder, manifest.Model);
        if (SessionPair.IsForOne(graph, options))
        {
            return SessionPair.LoadOne(graph, folder, manifest.Model, options, logger);
        }

        return DevicePlacement.LoadForCapture(
            options.Provider, manifest, () => OrtSession.Load(graphPath, options, logger, (model, saved) => Probe(model).AsSpan().SequenceEqual(Probe(saved))));

        float[] Probe(OrtSession session)
        {
            var model = new DecoderModel(manifest, session, ModelManifest.FileName);
            int[] ids = [.. Enumerable.Range(0, Math.Min(8, manifest.MaxPositions)).Select(i => i * 31 % manifest.VocabSize)];
            using KvCache cache = KvCache.Create(model, rows: 1, ids.Length);
            using var runner = new ModelRunner(model, cache);
            using var run = new OrtRunOptions(session.Environment);
            return runner.Run(0, ids, 0, ids.Length, run).ToArray();
        }
    }

    private int? FindOptional(string? name, TensorElementType type, params long?[] shape) => name is null ? null : Find(Session.Inputs, name, type, shape);

    private int Find(IReadOnlyList<OrtValueInfo> values, string name, TensorElementType type, params long?[] shape)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Name == name)
            {
                string expected = Describe(type, shape);
                string found = Describe(values[i].ElementType, [.. values[i].Dimensions.Select((dimension, axis) => Found(dimension, axis < shape.Length, axis < shape.Length ? shape[axis] : null))]);
                return expected == found ? i : throw new ModelFormatException($"{Manifest.Model}: '{name}': expected {expected} by {describedBy}, found {found}.");
            }
        }

        throw new ModelFormatException($"{Manifest.Model}: '{name}': expected by {describedBy}, found no such input or output.");

        // What Optimum's graphs leave open is filled in from config.json, and shows at the first run.
        long? Found(OrtDimension dimension, bool isExpected, long? size) =>
            isExpected && (size is null || (dimension.Size is null && describedBy == OptimumFolder.DescribedBy)) ? size : dimension.Size;
    }

    /// <summary>A run without it would fail, far from here.</summary>
    private void RequireNoOtherInput()
    {
        HashSet<int> known = [InputIds, .. Past, .. new[] { SequenceLengths, TotalSequenceLength, LogitIndex, AttentionMask, PositionIds, UseCacheBranch, LogitsToKeep }.OfType<int>()];
        for (int i = 0; i < Session.Inputs.Count; i++)
        {
            if (!known.Contains(i))
            {
                throw new ModelFormatException($"{Manifest.Model}: inputs: expected those that {describedBy} names and no other, found '{Session.Inputs[i]}'.");
            }
        }
    }

    private static string Describe(TensorElementType type, long?[] shape) => $"{type} [{string.Join(", ", shape.Select(size => size is null ? "any" : $"{size}"))}]";
}
