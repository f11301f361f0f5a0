using System.Globalization;
using System.Runtime.InteropServices;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Export;

/// <summary>The file beside the graph that holds the weights. Tensors are written as they come, so none has to be in memory as a whole.</summary>
internal sealed class ExternalDataWriter(string path) : IDisposable
{
    /// <summary>Windows maps files at multiples of 64 KiB, other systems at pages of 4 KiB; smaller tensors are copied rather than mapped.</summary>
    private const long LargeAlignment = 64 * 1024;
    private const long SmallAlignment = 64;
    private const long LargeTensorBytes = 1024 * 1024;

    private readonly FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
    private long expectedEnd;

    public string FileName { get; } = Path.GetFileName(path);

    /// <summary>Begins a tensor: describes it for the graph; the caller then writes exactly its bytes.</summary>
    public TensorProto Begin(string name, TensorElementType type, params ReadOnlySpan<long> shape)
    {
        EndTensor();
        long count = 1;
        foreach (long dimension in shape)
        {
            count = checked(count * dimension);
        }

        long lengthBytes = type.ByteCount(count);
        long alignment = lengthBytes >= LargeTensorBytes ? LargeAlignment : SmallAlignment;
        Span<byte> padding = stackalloc byte[1024];
        padding.Clear();
        for (long missing = (alignment - stream.Position % alignment) % alignment; missing > 0; missing -= Math.Min(missing, padding.Length))
        {
            stream.Write(padding[..(int)Math.Min(missing, padding.Length)]);
        }

        expectedEnd = stream.Position + lengthBytes;
        return new TensorProto
        {
            Name = name,
            DataType = (int)type,
            Dims = { shape.ToArray() },
            DataLocation = TensorProto.Types.DataLocation.External,
            ExternalData =
            {
                new StringStringEntryProto { Key = "location", Value = FileName },
                new StringStringEntryProto { Key = "offset", Value = stream.Position.ToString(CultureInfo.InvariantCulture) },
                new StringStringEntryProto { Key = "length", Value = lengthBytes.ToString(CultureInfo.InvariantCulture) },
            },
        };
    }

    /// <summary>Writes elements of the tensor that was begun; the file is little-endian, as the machines we run on.</summary>
    public void Write<T>(ReadOnlySpan<T> values)
        where T : unmanaged => stream.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Checks the last tensor and closes the file.</summary>
    public void Complete()
    {
        EndTensor();
        stream.Flush(flushToDisk: true);
    }

    public void Dispose() => stream.Dispose();

    private void EndTensor()
    {
        if (expectedEnd != 0 && stream.Position != expectedEnd)
        {
            throw new InvalidOperationException($"A tensor must end at byte {expectedEnd} of {FileName} but ends at {stream.Position}.");
        }
    }
}
