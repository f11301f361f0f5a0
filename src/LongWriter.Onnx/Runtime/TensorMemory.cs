using Microsoft.Win32.SafeHandles;

namespace LongWriter.Onnx.Runtime;

/// <summary>Memory that tensors lie in: the host's or a device's. Tensors and bindings that use it keep it alive.</summary>
internal abstract unsafe class TensorMemory : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <param name="lengthBytes">0 or more.</param>
    protected TensorMemory(long lengthBytes)
        : base(ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        LengthBytes = lengthBytes;
    }

    public long LengthBytes { get; }

    /// <summary>True when it can be read and written through spans.</summary>
    public abstract bool IsOnHost { get; }

    /// <summary>What ONNX Runtime calls it. Owned by the memory or the process.</summary>
    public abstract OrtHandle Describe(OrtEnvironment environment);

    /// <summary>A part of the memory. Valid until the memory is disposed, or the last tensor or binding that uses it.</summary>
    /// <exception cref="InvalidOperationException">It is on a device.</exception>
    public Span<byte> Slice(long offsetBytes, long lengthBytes)
    {
        RequireRange(offsetBytes, lengthBytes);
        return IsOnHost
            ? new Span<byte>((byte*)handle + offsetBytes, checked((int)lengthBytes))
            : throw new InvalidOperationException("The memory is a device's, which a span cannot reach.");
    }

    /// <summary>The address of a part; offsets other than 0 only where the device's addresses are numbers.</summary>
    internal virtual byte* Address(long offsetBytes) => (byte*)handle + offsetBytes;

    protected void RequireRange(long offsetBytes, long lengthBytes)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, LengthBytes - offsetBytes);
    }
}
