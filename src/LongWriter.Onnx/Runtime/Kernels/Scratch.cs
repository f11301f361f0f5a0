using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>Memory for what a kernel computes on the way: one piece for each thread that runs sessions, which grows to the largest need and goes with its thread.</summary>
internal sealed unsafe class Scratch
{
    private const nuint Alignment = 64;

    [ThreadStatic]
    private static Scratch? current;

    private void* memory;
    private nuint length;

    ~Scratch() => NativeMemory.AlignedFree(memory);

    /// <summary>At least so many bytes at a multiple of 64, of any content. Valid until the thread's next call.</summary>
    public static byte* Take(long bytes)
    {
        Scratch scratch = current ??= new Scratch();
        if (scratch.length < (nuint)bytes)
        {
            NativeMemory.AlignedFree(scratch.memory);
            scratch.length = 0;
            scratch.memory = null;
            scratch.memory = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            scratch.length = (nuint)bytes;
        }

        return (byte*)scratch.memory;
    }

    /// <summary>Rounded up to where the next piece may begin.</summary>
    public static long Align(long bytes) => (bytes + (long)Alignment - 1) / (long)Alignment * (long)Alignment;
}
