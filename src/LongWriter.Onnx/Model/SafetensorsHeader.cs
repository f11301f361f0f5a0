using System.Buffers.Binary;
using System.Text.Json;

namespace LongWriter.Onnx.Model;

/// <summary>
/// Reads and checks the header of a safetensors file: 8 bytes of length, then JSON that gives each tensor's type, shape and place. The data must be
/// covered without overlap, gap or rest, so a file that passes cannot make a reader touch anything it should not.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The limit of the reference implementation.</summary>
    private const long LargestHeaderBytes = 100_000_000;

    public static IReadOnlyDictionary<string, TensorInfo> Read(string fileName, Stream stream)
    {
        byte[] prefix = new byte[sizeof(ulong)];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            throw new ModelFormatException($"{fileName}: expected 8 bytes of header length, found a file of {stream.Length} bytes.");
        }

        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerBytes > LargestHeaderBytes || (long)headerBytes > stream.Length - prefix.Length)
        {
            throw new ModelFormatException(
                $"{fileName}: expected a header of at most {Math.Min(LargestHeaderBytes, stream.Length - prefix.Length)} bytes, found a header length of {headerBytes}.");
        }

        byte[] header = new byte[headerBytes];
        stream.ReadExactly(header);
        long dataStart = prefix.Length + (long)headerBytes;
        return Parse(fileName, header, dataStart, stream.Length - dataStart);
    }

    /// <param name="fileName">For messages.</param>
    /// <param name="header">The JSON.</param>
    /// <param name="dataStart">Where the data begins in the file.</param>
    /// <param name="dataBytes">How much data there is.</param>
    public static IReadOnlyDictionary<string, TensorInfo> Parse(string fileName, ReadOnlyMemory<byte> header, long dataStart, long dataBytes) =>
        ModelJson.Read($"{fileName}: header", header, root => ParseTensors(fileName, root, dataStart, dataBytes));

    private static Dictionary<string, TensorInfo> ParseTensors(string fileName, JsonElement root, long dataStart, long dataBytes)
    {
        var tensors = new Dictionary<string, TensorInfo>(StringComparer.Ordinal);
        List<(long Begin, long End, string Name)> places = [];
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                continue;
            }

            TensorInfo tensor = ParseTensor($"{fileName}: tensor '{property.Name}'", property, dataStart, dataBytes, out long end);
            places.Add((tensor.OffsetBytes - dataStart, end, tensor.Name));
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                throw new ModelFormatException($"{fileName}: tensor '{tensor.Name}': expected one entry, found two.");
            }
        }

        CheckCover(fileName, places, dataBytes);
        return tensors;
    }

    private static TensorInfo ParseTensor(string place, JsonProperty property, long dataStart, long dataBytes, out long end)
    {
        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFormatException($"{place}: expected an object, found {property.Value.ValueKind}.");
        }

        string typeName = property.Value.TryGetProperty("dtype", out JsonElement type) && type.ValueKind == JsonValueKind.String ? type.GetString()! : type.ToString();
        TensorDType dtype = TensorDTypes.Parse(typeName) ?? throw new ModelFormatException($"{place}: dtype: expected a type such as F32 or BF16, found '{typeName}'.");
        long[] shape = Numbers(place, property.Value, "shape");
        long[] offsets = Numbers(place, property.Value, "data_offsets");
        if (offsets is not [long begin, long last] || begin > last || last > dataBytes)
        {
            throw new ModelFormatException(
                $"{place}: data_offsets: expected [begin, end] with begin <= end <= {dataBytes}, found [{string.Join(", ", offsets)}].");
        }

        long count = ElementCount(place, shape, dtype);
        if (last - begin != count * dtype.SizeBytes())
        {
            throw new ModelFormatException(
                $"{place}: data_offsets: expected {count * dtype.SizeBytes()} bytes for {typeName} [{string.Join(", ", shape)}], found {last - begin}.");
        }

        end = last;
        return new TensorInfo(property.Name, dtype, shape, dataStart + begin, count);
    }

    private static long[] Numbers(string place, JsonElement tensor, string name)
    {
        if (!tensor.TryGetProperty(name, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new ModelFormatException($"{place}: {name}: expected a list of numbers, found {(list.ValueKind == JsonValueKind.Undefined ? "nothing" : list.GetRawText())}.");
        }

        long[] numbers = new long[list.GetArrayLength()];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (list[i].ValueKind != JsonValueKind.Number || !list[i].TryGetInt64(out numbers[i]) || numbers[i] < 0)
            {
                throw new ModelFormatException($"{place}: {name}: expected whole numbers of 0 or more, found {list[i].GetRawText()}.");
            }
        }

        return numbers;
    }

    private static long ElementCount(string place, long[] shape, TensorDType dtype)
    {
        try
        {
            long count = 1;
            foreach (long dimension in shape)
            {
                count = checked(count * dimension);
            }

            // The bytes must fit as well.
            _ = checked(count * dtype.SizeBytes());
            return count;
        }
        catch (OverflowException e)
        {
            throw new ModelFormatException($"{place}: shape: expected a tensor of less than 2^63 bytes, found [{string.Join(", ", shape)}].", e);
        }
    }

    private static void CheckCover(string fileName, List<(long Begin, long End, string Name)> places, long dataBytes)
    {
        places.Sort();
        long covered = 0;
        string previous = "the header";
        foreach ((long begin, long end, string name) in places)
        {
            if (begin != covered)
            {
                throw new ModelFormatException($"{fileName}: tensor '{name}': data_offsets: expected to begin at {covered}, where {previous} ends, found {begin}.");
            }

            covered = end;
            previous = $"'{name}'";
        }

        if (covered != dataBytes)
        {
            throw new ModelFormatException($"{fileName}: expected {covered} bytes of data, found {dataBytes}.");
        }
    }
}
