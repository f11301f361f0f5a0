using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Memory outside the managed heap, aligned to 64 bytes, not cleared. Tensors and bindings that use it keep it alive; it is freed when it was
/// disposed and the last of them is gone. Large buffers take physical memory only where they are written.
/// </summary>
internal sealed unsafe class NativeBuffer : TensorMemory
{
    private const int Alignment = 64;

    /// <param name="lengthBytes">0 or more.</param>
    public NativeBuffer(long lengthBytes)
        : base(lengthBytes) => SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(1, lengthBytes), Alignment));

    public override bool IsOnHost => true;

    public override OrtHandle Describe(OrtEnvironment environment) => OrtMemory.Cpu(environment);

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
