using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>Operations on 512 bits that .NET has for some processors only; on the others <see cref="PortableLanes"/> has them, with the same results.</summary>
internal static unsafe class Lanes
{
    /// <summary>Whether the processor has what makes the kernels faster than ONNX Runtime's own.</summary>
    public static bool AreFast => Avx512BW.IsSupported;

    /// <summary>Asks for the 64 bytes at an address, which need not be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>The same for bytes that are not needed at once: into the core's larger cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchSoon(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }

    /// <summary>Tells the processor that the thread waits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pause()
    {
        if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
        else if (ArmBase.IsSupported)
        {
            ArmBase.Yield();
        }
    }

    /// <summary>Products of unsigned and signed bytes, neighbours added. The caller keeps sums within 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyBytes(Vector512<byte> left, Vector512<sbyte> right) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(left, right)
        : Avx2.IsSupported
        ? Vector512.Create(Avx2.MultiplyAddAdjacent(left.GetLower(), right.GetLower()), Avx2.MultiplyAddAdjacent(left.GetUpper(), right.GetUpper()))
        : PortableLanes.MultiplyBytes(left, right);

    /// <summary>Products of 16-bit numbers, neighbours added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyShorts(Vector512<short> left, Vector512<short> right) => Avx512BW.IsSupported
        ? Avx512BW.MultiplyAddAdjacent(left, right)
        : Avx2.IsSupported
        ? Vector512.Create(Avx2.MultiplyAddAdjacent(left.GetLower(), right.GetLower()), Avx2.MultiplyAddAdjacent(left.GetUpper(), right.GetUpper()))
        : PortableLanes.MultiplyShorts(left, right);

    /// <summary>16 signed bytes as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBytes(sbyte* source) =>
        Avx512F.IsSupported ? Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source))) : PortableLanes.LoadBytes(source);

    /// <summary>16 numbers between -128 and 127, each a whole one, as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<float> whole, sbyte* target)
    {
        Vector512<int> numbers = Vector512.ConvertToInt32(whole);
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128SByte(numbers).Store(target);
        }
        else
        {
            PortableLanes.StoreBytes(numbers, target);
        }
    }

    /// <summary>16 bfloat16 as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBFloat16(ushort* source) =>
        Avx512F.IsSupported ? (Avx512F.ConvertToVector512UInt32(Vector256.Load(source)) << 16).AsSingle() : PortableLanes.LoadBFloat16(source);

    /// <summary>In each quarter the first two numbers of both, taking turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> UnpackLow(Vector512<int> left, Vector512<int> right) => Avx512F.IsSupported ? Avx512F.UnpackLow(left, right) : PortableLanes.UnpackLow(left, right);

    /// <summary>In each quarter the last two numbers of both, taking turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> UnpackHigh(Vector512<int> left, Vector512<int> right) => Avx512F.IsSupported ? Avx512F.UnpackHigh(left, right) : PortableLanes.UnpackHigh(left, right);

    /// <summary>In each quarter the first numbers of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> UnpackLow(Vector512<long> left, Vector512<long> right) => Avx512F.IsSupported ? Avx512F.UnpackLow(left, right) : PortableLanes.UnpackLow(left, right);

    /// <summary>In each quarter the last numbers of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> UnpackHigh(Vector512<long> left, Vector512<long> right) => Avx512F.IsSupported ? Avx512F.UnpackHigh(left, right) : PortableLanes.UnpackHigh(left, right);
}
