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

        // Graphs that others made give logits as they compute them; ours always as float.
        LogitsType = AttentionMask is not null && session.Outputs.Any(output => output.Name == names.Logits && output.ElementType == TensorElementType.Float16)
            ? TensorElementType.Float16
            : TensorElementType.Float;
        Logits = AttentionMask is null
            ? Find(session.Outputs, names.Logits, LogitsType, null, manifest.VocabSize)
            : Find(session.Outputs, names.Logits, LogitsType, null, null, manifest.VocabSize);
        KvLayout kv = manifest.Kv;
        KvType = kv.ElementType switch { "int8" => TensorElementType.Int8, "float16" => TensorElementType.Float16, _ => TensorElementType.Float };
        Past = FindKv(session.Inputs, names.PastKey, names.PastValue);
        Present = FindKv(session.Outputs, names.PresentKey, names.PresentValue);
        RequireNoOtherInput();

        int[] FindKv(IReadOnlyList<OrtValueInfo> values, string key, string value) =>
        [
            .. Enumerable.Range(0, kv.LayerCount).SelectMany(layer => new[] { key, value }.Select(
                name => Find(values, name.Replace("{0}", $"{layer}", StringComparison.Ordinal), KvType, null, kv.HeadCount, null, kv.HeadDim))),
        ];
    }

    public ModelManifest Manifest { get; }

    public OrtSession Session { get; }

    public int InputIds { get; }

    /// <summary>Null, as the two that follow, when there is an <see cref="AttentionMask"/>.</summary>
    public int? SequenceLengths { get; }

    public int? TotalSequenceLength { get; }

    public int? LogitIndex { get; }

    public int? AttentionMask { get; }

    /// <summary>Null when the graph counts positions itself.</summary>
    public int? PositionIds { get; }

    public int Logits { get; }

    /// <summary>Float or Float16.</summary>
    public TensorElementType LogitsType { get; }

    public TensorElementType KvType { get; }

    /// <summary>Keys (even) and values (odd) by layer: indices of inputs.</summary>
    public int[] Past { get; }

    /// <summary>The same as outputs.</summary>
    public int[] Present { get; }

    /// <summary>Loads a folder with longwriter.json, else one with genai_config.json.</summary>
    /// <exception cref="ModelFormatException">A file is missing or contradicts another one.</exception>
    /// <exception cref="OnnxRuntimeException">The native library is missing or cannot load the graph.</exception>
    public static DecoderModel Load(string folder, OnnxRuntimeOptions options, ILogger logger)
    {
        bool isGenAi = !File.Exists(Path.Combine(folder, ModelManifest.FileName)) && File.Exists(Path.Combine(folder, GenAiModelConfig.FileName));
        (ModelManifest manifest, OrtSession session) = isGenAi
            ? GenAiFolder.Load(folder, path => OrtSession.Load(path, options, logger))
            : LoadExported(folder, options, logger);
        try
        {
            return new DecoderModel(manifest, session, isGenAi ? GenAiModelConfig.FileName : ModelManifest.FileName);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose() => Session.Dispose();

    private static (ModelManifest Manifest, OrtSession Session) LoadExported(string folder, OnnxRuntimeOptions options, ILogger logger)
    {
        ModelManifest manifest = ModelManifestReader.Load(folder);
        string graphPath = Path.Combine(folder, manifest.Model);
        GraphFile.Read(graphPath).RequireFiles(folder, manifest.Model);
        return (manifest, OrtSession.Load(graphPath, options, logger));
    }

    private int? FindOptional(string? name, TensorElementType type, params long?[] shape) => name is null ? null : Find(Session.Inputs, name, type, shape);

    private int Find(IReadOnlyList<OrtValueInfo> values, string name, TensorElementType type, params long?[] shape)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Name == name)
            {
                string expected = Describe(type, shape);
                string found = Describe(values[i].ElementType, [.. values[i].Dimensions.Select((dimension, axis) => axis < shape.Length && shape[axis] is null ? null : dimension.Size)]);
                return expected == found ? i : throw new ModelFormatException($"{Manifest.Model}: '{name}': expected {expected} by {describedBy}, found {found}.");
            }
        }

        throw new ModelFormatException($"{Manifest.Model}: '{name}': expected by {describedBy}, found no such input or output.");
    }

    /// <summary>A run without it would fail, far from here.</summary>
    private void RequireNoOtherInput()
    {
        HashSet<int> known = [InputIds, .. Past, .. new[] { SequenceLengths, TotalSequenceLength, LogitIndex, AttentionMask, PositionIds }.OfType<int>()];
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
