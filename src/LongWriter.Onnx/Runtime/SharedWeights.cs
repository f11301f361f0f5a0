using System.IO.MemoryMappedFiles;
using LongWriter.Onnx.Runtime.Kernels;
using Microsoft.Win32.SafeHandles;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Weights that several sessions use: mapped from their file once, and packed for the processor's kernels once. Those of operators of ours are packed in the file already; they are read into huge
/// pages, from which they come faster than from a mapping. Sessions that were loaded with it keep what they need alive; it must outlive their loading.
/// </summary>
internal sealed unsafe class SharedWeights : IDisposable
{
    private readonly OrtApi api;
    private readonly List<(byte[] Name, OrtHandle Value)> values = [];
    private readonly Mapping mapping;
    private readonly NativeBuffer? packedAlready;

    /// <param name="environment">The environment.</param>
    /// <param name="path">The file that holds them.</param>
    /// <param name="tensors">Which are shared, all in that file.</param>
    public SharedWeights(OrtEnvironment environment, string path, IReadOnlyCollection<StoredTensor> tensors)
    {
        api = environment.Library.Api;
        mapping = new Mapping(path);
        nint container;
        api.Check(api.CreatePrepackedWeights(&container), "Creating a container of packed weights");
        Packed = new OrtHandle(container, api.ReleasePrepackedWeights, released: Free);
        try
        {
            long bytes = tensors.Where(ArePacked).Sum(tensor => Scratch.Align(tensor.LengthBytes));
            packedAlready = bytes > 0 ? NativeBuffer.Huge(bytes) : null;
            Add(environment, tensors, path);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The packed weights; must outlive the sessions.</summary>
    internal OrtHandle Packed { get; }

    /// <summary>Makes a session that is created with these options take the weights from here; gives the container for their packed forms, which the caller keeps alive by this object.</summary>
    internal nint AddTo(nint sessionOptions)
    {
        foreach ((byte[] name, OrtHandle value) in values)
        {
            using OrtHandle.Lease lease = value.Use();
            fixed (byte* nameBytes = name)
            {
                api.Check(api.AddInitializer(sessionOptions, nameBytes, lease.Pointer), "Sharing a weight");
            }
        }

        return Packed.DangerousGetHandle();
    }

    public void Dispose()
    {
        foreach ((_, OrtHandle value) in values)
        {
            value.Dispose();
        }

        Packed.Dispose();
    }

    /// <summary>Whether a weight is one of an operator of ours: these alone are lists of bytes.</summary>
    public static bool ArePacked(StoredTensor tensor) => tensor.DataType == (int)TensorElementType.UInt8 && tensor.Shape.Count == 1;

    private void Free()
    {
        mapping.Dispose();
        packedAlready?.Dispose();
    }

    private void Add(OrtEnvironment environment, IEnumerable<StoredTensor> tensors, string path)
    {
        using OrtHandle.Lease memory = OrtMemory.Cpu(environment).Use();
        using SafeFileHandle file = File.OpenHandle(path);
        long filled = 0;
        foreach (StoredTensor tensor in tensors)
        {
            byte* data = mapping.Pointer + tensor.OffsetBytes;
            if (ArePacked(tensor))
            {
                data = (byte*)packedAlready!.DangerousGetHandle() + filled;
                filled += Scratch.Align(tensor.LengthBytes);
                Read(file, tensor, data);
            }

            nint value;
            fixed (long* shape = tensor.Shape.ToArray())
            {
                api.Check(
                    api.CreateTensorWithData(memory.Pointer, data, (nuint)tensor.LengthBytes, shape, (nuint)tensor.Shape.Count, tensor.DataType, &value),
                    $"Creating the tensor '{tensor.Name}'");
            }

            values.Add((Utf8.Write(tensor.Name), new OrtHandle(value, api.ReleaseValue, Packed)));
        }
    }

    private static void Read(SafeFileHandle file, StoredTensor tensor, byte* target)
    {
        for (long done = 0; done < tensor.LengthBytes;)
        {
            int read = RandomAccess.Read(file, new Span<byte>(target + done, (int)Math.Min(1 << 30, tensor.LengthBytes - done)), tensor.OffsetBytes + done);
            done += read > 0 ? read : throw new EndOfStreamException($"'{tensor.Name}': the file ended {tensor.LengthBytes - done} bytes too early.");
        }
    }

    private sealed class Mapping : IDisposable
    {
        private readonly MemoryMappedFile file;
        private readonly MemoryMappedViewAccessor view;

        public Mapping(string path)
        {
            file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
            view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            byte* pointer = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            Pointer = pointer + view.PointerOffset;
        }

        public byte* Pointer { get; }

        public void Dispose()
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
        }
    }
}
