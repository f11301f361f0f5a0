using System.Globalization;
using Google.Protobuf;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Export;

/// <summary>
/// Looks at an exported folder's graph before native code does: whether it is a graph at all, whether its weights lie inside the files of the folder, and
/// whether it is as long as the manifest says, from which memory is taken.
/// </summary>
internal static class ExportedGraphCheck
{
    /// <summary>Graphs of ours are below 1 MB, as their weights lie beside them.</summary>
    internal const long LargestGraphBytes = 64 * 1024 * 1024;

    /// <exception cref="ModelFormatException">A file is missing, damaged or contradicts another one; the message names the tensor.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static void Check(string folder)
    {
        ModelManifest manifest = ModelManifestReader.Load(folder);
        Check(folder, manifest, manifest.Model);
        if (manifest.PrefillModel is { } prefill)
        {
            Check(folder, manifest, prefill);
        }
    }

    private static void Check(string folder, ModelManifest manifest, string file)
    {
        GraphProto graph = Parse(Path.Combine(folder, file), file).Graph ?? throw new ModelFormatException($"{file}: expected a graph, found none.");
        foreach (TensorProto tensor in graph.Initializer)
        {
            CheckTensor($"{file}: initializer '{tensor.Name}'", tensor, folder);
        }

        long? positions = graph.Initializer.FirstOrDefault(tensor => tensor.Name == TableWriter.CosineTable)?.Dims.FirstOrDefault();
        if (positions is null || positions < manifest.MaxPositions)
        {
            throw new ModelFormatException(
                $"{ModelManifest.FileName}: max_positions: expected at most the {positions ?? 0} rows of {TableWriter.CosineTable} in {file}, found {manifest.MaxPositions}.");
        }
    }

    private static ModelProto Parse(string path, string name)
    {
        using FileStream stream = File.OpenRead(path);
        if (stream.Length > LargestGraphBytes)
        {
            throw new ModelFormatException($"{name}: expected a graph of at most {LargestGraphBytes} bytes, found {stream.Length}.");
        }

        try
        {
            return ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFormatException($"{name}: expected an ONNX model, found what is none: {e.Message}", e);
        }
    }

    private static void CheckTensor(string place, TensorProto tensor, string folder)
    {
        long bytes = ByteCount(place, tensor);
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
        {
            return;
        }

        string location = tensor.ExternalData.LastOrDefault(entry => entry.Key == "location")?.Value ?? "";

        // A name with a folder in it could lead out of the model's folder; a device has no length.
        if (location.Length == 0 || location.AsSpan().ContainsAny('/', '\\', '\0') || !File.Exists(Path.Combine(folder, location)))
        {
            throw new ModelFormatException($"{place}: location: expected the name of a file in the same folder, found '{location}'.");
        }

        long fileBytes = LinkedFile.Resolve(Path.Combine(folder, location)).Length;
        long offset = Number(place, tensor, "offset", absent: 0);
        long length = Number(place, tensor, "length", absent: bytes);
        if (length != bytes)
        {
            throw new ModelFormatException($"{place}: length: expected {bytes} bytes for [{string.Join(", ", tensor.Dims)}] of {(TensorElementType)tensor.DataType}, found {length}.");
        }

        if (offset > fileBytes - length)
        {
            throw new ModelFormatException($"{place}: expected bytes {offset} to {(Int128)offset + length} in {location}, found a file of {fileBytes} bytes.");
        }
    }

    private static long ByteCount(string place, TensorProto tensor)
    {
        try
        {
            long count = 1;
            foreach (long dimension in tensor.Dims)
            {
                count = dimension >= 0 ? checked(count * dimension) : throw new ModelFormatException($"{place}: dims: expected numbers of 0 or more, found {dimension}.");
            }

            return ((TensorElementType)tensor.DataType).ByteCount(count);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
        {
            throw new ModelFormatException($"{place}: expected a tensor of numbers with less than 2^63 bytes, found type {tensor.DataType}, dims [{string.Join(", ", tensor.Dims)}].", e);
        }
    }

    private static long Number(string place, TensorProto tensor, string key, long absent)
    {
        string? text = tensor.ExternalData.LastOrDefault(entry => entry.Key == key)?.Value;
        return text is null ? absent
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : throw new ModelFormatException($"{place}: {key}: expected a number of 0 or more, found '{text}'.");
    }
}
