using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// Memory outside the managed heap, aligned to 64 bytes, not cleared. Tensors and bindings that use it keep it alive; it is freed when it was
/// disposed and the last of them is gone.
/// </summary>
internal sealed unsafe class NativeBuffer : TensorMemory
{
    private const int Alignment = 64;

    private readonly bool isReserved;

    /// <param name="lengthBytes">0 or more.</param>
    public NativeBuffer(long lengthBytes)
        : this(lengthBytes, null)
    {
    }

    private NativeBuffer(long lengthBytes, Func<long, nint>? reserve)
        : base(lengthBytes)
    {
        isReserved = reserve is not null;
        SetHandle(reserve is not null ? reserve(lengthBytes) : (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(1, lengthBytes), Alignment));
    }

    public override bool IsOnHost => true;

    public override OrtHandle Describe(OrtEnvironment environment) => OrtMemory.Cpu(environment);

    /// <summary>Memory that is taken; null where nobody can tell.</summary>
    public long? ResidentBytes => isReserved ? LinuxPages.ResidentBytes(handle, LengthBytes) : null;

    /// <summary>
    /// A buffer that takes physical memory page by page where it is written. On Linux it is address space of its own, which counts against no limit until then; elsewhere the heap's, which large
    /// blocks leave to the system in the same way (Windows counts them as promised).
    /// </summary>
    public static NativeBuffer Reserve(long lengthBytes) => new(lengthBytes, LinuxPages.IsSupported && lengthBytes > 0 ? LinuxPages.Reserve : null);

    /// <summary>A buffer that is written as a whole and read again and again: of huge pages where Linux gives them.</summary>
    public static NativeBuffer Huge(long lengthBytes) => new(lengthBytes, LinuxPages.IsSupported && lengthBytes > 0 ? LinuxPages.ReserveHuge : null);

    /// <summary>What a part holds is no longer needed: whole pages in it go back to the system where the buffer is reserved address space. Its content is then undefined.</summary>
    public void GiveBack(long offsetBytes, long lengthBytes)
    {
        RequireRange(offsetBytes, lengthBytes);
        if (isReserved)
        {
            LinuxPages.GiveBack(handle + (nint)offsetBytes, lengthBytes);
        }
    }

    protected override bool ReleaseHandle()
    {
        if (isReserved)
        {
            LinuxPages.Free(handle, LengthBytes);
        }
        else
        {
            NativeMemory.AlignedFree((void*)handle);
        }

        return true;
    }
}
