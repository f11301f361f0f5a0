namespace LongWriter.Onnx.Runtime;

/// <summary>
/// A tensor: a value of ONNX Runtime over memory of ours, or over a device's memory. Not safe for concurrent use with its own disposal: a span must
/// not be used after Dispose. Memory that a binding still uses stays alive until the binding lets go.
/// </summary>
internal sealed unsafe class OrtTensor : IDisposable
{
    private readonly TensorMemory? buffer;
    private readonly bool ownsBuffer;
    private readonly byte* data;
    private bool disposed;

    private OrtTensor(OrtHandle value, TensorMemory? buffer, bool ownsBuffer, byte* data, TensorElementType elementType, long[] shape, long lengthBytes)
    {
        Value = value;
        this.buffer = buffer;
        this.ownsBuffer = ownsBuffer;
        this.data = data;
        ElementType = elementType;
        Shape = shape;
        LengthBytes = lengthBytes;
    }

    public TensorElementType ElementType { get; }

    /// <summary>The dimensions; an empty list is a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    public long LengthBytes { get; }

    /// <summary>True when the elements can be read and written through spans.</summary>
    public bool IsOnHost => buffer is { IsOnHost: true };

    internal OrtHandle Value { get; }

    /// <summary>A tensor with memory of its own, not cleared.</summary>
    public static OrtTensor Allocate(OrtEnvironment environment, TensorElementType elementType, params ReadOnlySpan<long> shape)
    {
        var memory = new NativeBuffer(ByteCount(elementType, shape));
        return Create(environment, memory, ownsBuffer: true, 0, elementType, shape);
    }

    /// <summary>A tensor over the whole of <paramref name="memory"/>, which it owns from now on.</summary>
    public static OrtTensor Over(OrtEnvironment environment, TensorMemory memory, TensorElementType elementType, params ReadOnlySpan<long> shape) =>
        Create(environment, memory, ownsBuffer: true, 0, elementType, shape);

    /// <summary>A tensor with memory of its own, filled with <paramref name="values"/>.</summary>
    public static OrtTensor From<T>(OrtEnvironment environment, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        OrtTensor tensor = Allocate(environment, TensorElementTypes.Of<T>(), shape);
        values.CopyTo(tensor.AsSpan<T>());
        return tensor;
    }

    /// <summary>A tensor over a part of <paramref name="memory"/>, which it keeps alive but does not own.</summary>
    public static OrtTensor View(OrtEnvironment environment, TensorMemory memory, long offsetBytes, TensorElementType elementType, params ReadOnlySpan<long> shape) =>
        Create(environment, memory, ownsBuffer: false, offsetBytes, elementType, shape);

    /// <summary>The elements. Valid until the tensor is disposed.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds another type, is on a device, or is longer than a span can be.</exception>
    public Span<T> AsSpan<T>()
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!IsOnHost)
        {
            throw new InvalidOperationException("The tensor is in a device's memory, which a span cannot reach.");
        }

        if (TensorElementTypes.Of<T>() != ElementType && !(typeof(T) == typeof(ushort) && ElementType is TensorElementType.Float16 or TensorElementType.BFloat16))
        {
            throw new InvalidOperationException($"The tensor holds elements of type {ElementType}, not {typeof(T).Name}.");
        }

        return LengthBytes / sizeof(T) > int.MaxValue
            ? throw new InvalidOperationException($"The tensor holds {LengthBytes / sizeof(T)} elements, more than a span can; take views of it.")
            : new Span<T>(data, (int)(LengthBytes / sizeof(T)));
    }

    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        Value.Dispose();
        if (ownsBuffer)
        {
            buffer!.Dispose();
        }
    }

    private static OrtTensor Create(
        OrtEnvironment environment, TensorMemory memory, bool ownsBuffer, long offsetBytes, TensorElementType elementType, ReadOnlySpan<long> shape)
    {
        long lengthBytes = ByteCount(elementType, shape);
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        if (offsetBytes > memory.LengthBytes - lengthBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(offsetBytes), offsetBytes, $"A view of {lengthBytes} bytes must lie inside the buffer's {memory.LengthBytes} bytes.");
        }

        bool added = false;
        memory.DangerousAddRef(ref added);
        try
        {
            OrtApi api = environment.Library.Api;
            byte* start = memory.Address(offsetBytes);
            nint value;
            using OrtHandle.Lease memoryInfo = memory.Describe(environment).Use();
            fixed (long* dimensions = shape)
            {
                api.Check(
                    api.CreateTensorWithData(memoryInfo.Pointer, start, (nuint)lengthBytes, dimensions, (nuint)shape.Length, (int)elementType, &value), "Creating a tensor");
            }

            return new OrtTensor(new OrtHandle(value, api.ReleaseValue, released: memory.DangerousRelease), memory, ownsBuffer, start, elementType, shape.ToArray(), lengthBytes);
        }
        catch
        {
            memory.DangerousRelease();
            throw;
        }
    }

    internal static long ByteCount(TensorElementType elementType, ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
            count = checked(count * dimension);
        }

        return elementType.ByteCount(count);
    }
}
