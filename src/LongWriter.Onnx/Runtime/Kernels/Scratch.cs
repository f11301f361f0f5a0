using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>Memory for what a kernel computes on the way: one piece for each thread that runs sessions, which grows to the largest need and goes with its thread.</summary>
internal sealed unsafe class Scratch
{
    private const nuint Alignment = 64;

    [ThreadStatic]
    private static Scratch? ofKernel;

    [ThreadStatic]
    private static Scratch? ofTask;

    private void* memory;
    private nuint length;

    ~Scratch() => NativeMemory.AlignedFree(memory);

    /// <summary>At least so many bytes at a multiple of 64, of any content. Valid until the thread's next call.</summary>
    public static byte* Take(long bytes) => (ofKernel ??= new Scratch()).Grow(bytes);

    /// <summary>The same for one of the tasks of a kernel, which may run on the thread that holds the kernel's.</summary>
    public static byte* TakeForTask(long bytes) => (ofTask ??= new Scratch()).Grow(bytes);

    /// <summary>Rounded up to where the next piece may begin.</summary>
    public static long Align(long bytes) => (bytes + (long)Alignment - 1) / (long)Alignment * (long)Alignment;

    private byte* Grow(long bytes)
    {
        if (length < (nuint)bytes)
        {
            NativeMemory.AlignedFree(memory);
            length = 0;
            memory = null;
            memory = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            length = (nuint)bytes;
        }

        return (byte*)memory;
    }
}
