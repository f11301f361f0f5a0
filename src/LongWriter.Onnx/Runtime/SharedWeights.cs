using System.IO.MemoryMappedFiles;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Weights that several sessions use: mapped from their file once, and packed for the processor's kernels once. Sessions that were loaded with it keep what they need alive; it must outlive
/// their loading.
/// </summary>
internal sealed unsafe class SharedWeights : IDisposable
{
    private readonly OrtApi api;
    private readonly List<(byte[] Name, OrtHandle Value)> values = [];
    private readonly Mapping mapping;

    /// <param name="environment">The environment.</param>
    /// <param name="path">The file that holds them.</param>
    /// <param name="tensors">Which are shared, all in that file.</param>
    public SharedWeights(OrtEnvironment environment, string path, IEnumerable<StoredTensor> tensors)
    {
        api = environment.Library.Api;
        mapping = new Mapping(path);
        nint container;
        api.Check(api.CreatePrepackedWeights(&container), "Creating a container of packed weights");
        Packed = new OrtHandle(container, api.ReleasePrepackedWeights, released: mapping.Dispose);
        try
        {
            Add(environment, tensors);
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

    private void Add(OrtEnvironment environment, IEnumerable<StoredTensor> tensors)
    {
        using OrtHandle.Lease memory = OrtMemory.Cpu(environment).Use();
        foreach (StoredTensor tensor in tensors)
        {
            nint value;
            fixed (long* shape = tensor.Shape.ToArray())
            {
                api.Check(
                    api.CreateTensorWithData(
                        memory.Pointer, mapping.Pointer + tensor.OffsetBytes, (nuint)tensor.LengthBytes, shape, (nuint)tensor.Shape.Count, tensor.DataType, &value),
                    $"Creating the tensor '{tensor.Name}'");
            }

            values.Add((Utf8.Write(tensor.Name), new OrtHandle(value, api.ReleaseValue, Packed)));
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
