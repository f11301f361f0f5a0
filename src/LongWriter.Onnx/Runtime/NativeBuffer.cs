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

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
