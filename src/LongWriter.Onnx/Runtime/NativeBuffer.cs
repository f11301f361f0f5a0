using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Memory outside the managed heap, aligned to 64 bytes, not cleared. Tensors and bindings that use it keep it alive; it is freed when it was
/// disposed and the last of them is gone. Large buffers take physical memory only where they are written.
/// </summary>
internal sealed unsafe class NativeBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int Alignment = 64;

    /// <param name="lengthBytes">0 or more.</param>
    public NativeBuffer(long lengthBytes)
        : base(ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        LengthBytes = lengthBytes;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(1, lengthBytes), Alignment));
    }

    public long LengthBytes { get; }

    /// <summary>A part of the memory. Valid until the buffer is disposed, or the last tensor or binding that uses it.</summary>
    public Span<byte> Slice(long offsetBytes, long lengthBytes)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, LengthBytes - offsetBytes);
        return new Span<byte>((byte*)handle + offsetBytes, checked((int)lengthBytes));
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
