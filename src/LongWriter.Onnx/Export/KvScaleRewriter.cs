using System.Runtime.InteropServices;
using System.Text.Json;
using Google.Protobuf;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;

namespace LongWriter.Onnx.Export;

/// <summary>Puts calibrated scales of int8 keys and values into an exported model: the graph's file and the manifest change, the weights do not.</summary>
internal static class KvScaleRewriter
{
    /// <param name="folder">An exported folder with int8 keys and values.</param>
    /// <param name="scales">The new scales.</param>
    /// <exception cref="ModelFormatException">The folder has no int8 keys and values.</exception>
    public static void Rewrite(string folder, KvScales scales)
    {
        string manifestPath = Path.Combine(folder, ModelManifest.FileName);
        ModelManifest manifest = JsonSerializer.Deserialize(File.ReadAllBytes(manifestPath), ModelManifestJson.Default.ModelManifest)
            ?? throw new ModelFormatException($"{ModelManifest.FileName}: expected an object, found null.");
        if (manifest.Kv.ElementType != "int8")
        {
            throw new ModelFormatException($"{ModelManifest.FileName}: kv.element_type: expected int8, found {manifest.Kv.ElementType}.");
        }

        scales.Validate(manifest.Kv.LayerCount);
        string graphPath = Path.Combine(folder, manifest.Model);
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(graphPath));
        for (int layer = 0; layer < manifest.Kv.LayerCount; layer++)
        {
            Set(model.Graph, manifest.Model, KvScaleNames.Key(layer), scales.Keys[layer]);
            Set(model.Graph, manifest.Model, KvScaleNames.Value(layer), scales.Values[layer]);
        }

        Replace(graphPath, model.ToByteArray());
        ModelManifest updated = manifest with { Kv = manifest.Kv with { KeyScales = scales.Keys, ValueScales = scales.Values } };
        Replace(manifestPath, JsonSerializer.SerializeToUtf8Bytes(updated, ModelManifestJson.Default.ModelManifest));
    }

    private static void Set(GraphProto graph, string fileName, string name, float scale)
    {
        TensorProto tensor = graph.Initializer.FirstOrDefault(initializer => initializer.Name == name)
            ?? throw new ModelFormatException($"{fileName}: initializer '{name}': expected one, found none.");
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>([scale]));
    }

    private static void Replace(string path, byte[] content)
    {
        string partial = $"{path}.partial";
        File.WriteAllBytes(partial, content);
        File.Move(partial, path, overwrite: true);
    }
}
