using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Decoding;

/// <summary>A loaded graph whose inputs and outputs are what its manifest says, by index. Owns the session.</summary>
internal sealed class DecoderModel : IDisposable
{
    private DecoderModel(ModelManifest manifest, OrtSession session)
    {
        Manifest = manifest;
        Session = session;
        GraphSignature names = manifest.Signature;
        InputIds = Find(session.Inputs, names.InputIds, TensorElementType.Int64, null, null);
        SequenceLengths = Find(session.Inputs, names.SequenceLengths, TensorElementType.Int32, [null]);
        TotalSequenceLength = Find(session.Inputs, names.TotalSequenceLength, TensorElementType.Int32, []);
        LogitIndex = Find(session.Inputs, names.LogitIndex, TensorElementType.Int64, [null]);
        Logits = Find(session.Outputs, names.Logits, TensorElementType.Float, null, manifest.VocabSize);
        KvLayout kv = manifest.Kv;
        KvType = kv.ElementType == "int8" ? TensorElementType.Int8 : TensorElementType.Float;
        Past = FindKv(session.Inputs, names.PastKey, names.PastValue);
        Present = FindKv(session.Outputs, names.PresentKey, names.PresentValue);

        int[] FindKv(IReadOnlyList<OrtValueInfo> values, string key, string value) =>
        [
            .. Enumerable.Range(0, kv.LayerCount).SelectMany(layer => new[] { key, value }.Select(
                name => Find(values, name.Replace("{0}", $"{layer}", StringComparison.Ordinal), KvType, null, kv.HeadCount, null, kv.HeadDim))),
        ];
    }

    public ModelManifest Manifest { get; }

    public OrtSession Session { get; }

    public int InputIds { get; }

    public int SequenceLengths { get; }

    public int TotalSequenceLength { get; }

    public int LogitIndex { get; }

    public int Logits { get; }

    public TensorElementType KvType { get; }

    /// <summary>Keys (even) and values (odd) by layer: indices of inputs.</summary>
    public int[] Past { get; }

    /// <summary>The same as outputs.</summary>
    public int[] Present { get; }

    /// <exception cref="ModelFormatException">A file is missing or contradicts another one.</exception>
    /// <exception cref="OnnxRuntimeException">The native library is missing or cannot load the graph.</exception>
    public static DecoderModel Load(string folder, OnnxRuntimeOptions options, ILogger logger)
    {
        ModelManifest manifest = ModelManifestReader.Load(folder);
        OrtSession session = OrtSession.Load(Path.Combine(folder, manifest.Model), options, logger);
        try
        {
            return new DecoderModel(manifest, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose() => Session.Dispose();

    private int Find(IReadOnlyList<OrtValueInfo> values, string name, TensorElementType type, params long?[] shape)
    {
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i].Name == name)
            {
                string expected = Describe(type, shape);
                string found = Describe(values[i].ElementType, [.. values[i].Dimensions.Select((dimension, axis) => axis < shape.Length && shape[axis] is null ? null : dimension.Size)]);
                return expected == found ? i : throw new ModelFormatException($"{Manifest.Model}: '{name}': expected {expected}, found {found}.");
            }
        }

        throw new ModelFormatException($"{Manifest.Model}: '{name}': expected by {ModelManifest.FileName}, found no such input or output.");
    }

    private static string Describe(TensorElementType type, long?[] shape) => $"{type} [{string.Join(", ", shape.Select(size => size is null ? "any" : $"{size}"))}]";
}
