using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Model;

/// <summary>
/// One safetensors file, mapped into memory: opening reads the header alone, reading copies the elements asked for. Safe for concurrent reads.
/// Source: the format section of the safetensors README, huggingface/safetensors.
/// </summary>
internal sealed class SafetensorsFile : IDisposable
{
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    private SafetensorsFile(string path, MemoryMappedFile file, MemoryMappedViewAccessor view, IReadOnlyDictionary<string, TensorInfo> tensors)
    {
        Path = path;
        this.file = file;
        this.view = view;
        Tensors = tensors;
    }

    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    private string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">The header does not describe the file; the message names the tensor.</exception>
    public static SafetensorsFile Open(string path)
    {
        IReadOnlyDictionary<string, TensorInfo> tensors;
        using (FileStream stream = File.OpenRead(path))
        {
            tensors = SafetensorsHeader.Read(System.IO.Path.GetFileName(path), stream);
        }

        MemoryMappedFile file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        try
        {
            return new SafetensorsFile(path, file, file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), tensors);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads elements of a float tensor (F64, F32, F16 or BF16) as float32.</summary>
    /// <param name="tensor">A tensor of this file.</param>
    /// <param name="firstElement">From which element on.</param>
    /// <param name="target">Filled.</param>
    /// <exception cref="ModelFormatException">The tensor does not hold floating-point numbers.</exception>
    public void Read(TensorInfo tensor, long firstElement, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstElement);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstElement, tensor.ElementCount - target.Length);
        ulong offset = (ulong)(tensor.OffsetBytes + firstElement * tensor.DType.SizeBytes());
        switch (tensor.DType)
        {
            case TensorDType.F32:
                view.SafeMemoryMappedViewHandle.ReadSpan(offset, target);
                break;
            case TensorDType.BF16:
                // The narrow values go into the second half of the target and are widened from the front, so nothing is overwritten before it was read.
                Span<ushort> bits = MemoryMarshal.Cast<float, ushort>(target)[target.Length..];
                view.SafeMemoryMappedViewHandle.ReadSpan(offset, bits);
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = BitConverter.Int32BitsToSingle(bits[i] << 16);
                }

                break;
            case TensorDType.F16:
                Span<Half> halves = MemoryMarshal.Cast<float, Half>(target)[target.Length..];
                view.SafeMemoryMappedViewHandle.ReadSpan(offset, halves);
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = (float)halves[i];
                }

                break;
            case TensorDType.F64:
                for (int i = 0; i < target.Length; i++)
                {
                    target[i] = (float)view.ReadDouble((long)offset + i * sizeof(double));
                }

                break;
            default:
                throw new ModelFormatException($"{Name}: tensor '{tensor.Name}': expected F32, F16, BF16 or F64, found {tensor.DType}.");
        }
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
