using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// Operations on 512 bits that .NET has for some processors only, with the same results on all of them.
/// </summary>
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

    /// <summary>Products of unsigned and signed bytes, neighbours added. The caller keeps sums within 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyBytes(Vector512<byte> left, Vector512<sbyte> right)
    {
        if (Avx512BW.IsSupported)
        {
            return Avx512BW.MultiplyAddAdjacent(left, right);
        }

        if (Avx2.IsSupported)
        {
            return Vector512.Create(Avx2.MultiplyAddAdjacent(left.GetLower(), right.GetLower()), Avx2.MultiplyAddAdjacent(left.GetUpper(), right.GetUpper()));
        }

        Vector512<short> even = (left.AsInt16() & Vector512.Create((short)0xFF)) * ((right.AsInt16() << 8) >> 8);
        return even + (left.AsUInt16() >>> 8).AsInt16() * (right.AsInt16() >> 8);
    }

    /// <summary>Products of 16-bit numbers, neighbours added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyShorts(Vector512<short> left, Vector512<short> right)
    {
        if (Avx512BW.IsSupported)
        {
            return Avx512BW.MultiplyAddAdjacent(left, right);
        }

        if (Avx2.IsSupported)
        {
            return Vector512.Create(Avx2.MultiplyAddAdjacent(left.GetLower(), right.GetLower()), Avx2.MultiplyAddAdjacent(left.GetUpper(), right.GetUpper()));
        }

        Vector512<int> even = ((left.AsInt32() << 16) >> 16) * ((right.AsInt32() << 16) >> 16);
        return even + (left.AsInt32() >> 16) * (right.AsInt32() >> 16);
    }

    /// <summary>16 signed bytes as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBytes(sbyte* source)
    {
        Vector128<sbyte> bytes = Vector128.Load(source);
        if (Avx512F.IsSupported)
        {
            return Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(bytes));
        }

        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(bytes);
        return Vector512.ConvertToSingle(Vector512.WidenLower(Vector512.Create(Vector256.Create(low, high), default)));
    }

    /// <summary>16 numbers between -128 and 127, each a whole one, as bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<float> whole, sbyte* target)
    {
        Vector512<int> numbers = Vector512.ConvertToInt32(whole);
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128SByte(numbers).Store(target);
            return;
        }

        Vector256<short> shorts = Vector256.Narrow(numbers.GetLower(), numbers.GetUpper());
        Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).Store(target);
    }

    /// <summary>16 bfloat16 as numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBFloat16(ushort* source)
    {
        Vector256<ushort> halves = Vector256.Load(source);
        Vector512<uint> wide = Avx512F.IsSupported ? Avx512F.ConvertToVector512UInt32(halves) : Vector512.WidenLower(Vector512.Create(halves, default));
        return (wide << 16).AsSingle();
    }

    /// <summary>In each quarter the first two numbers of both, taking turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> UnpackLow(Vector512<int> left, Vector512<int> right) => Avx512F.IsSupported
        ? Avx512F.UnpackLow(left, right)
        : Vector512.Shuffle(left, Vector512.Create(0, 0, 1, 1, 4, 4, 5, 5, 8, 8, 9, 9, 12, 12, 13, 13)) & EvenInts
            | Vector512.Shuffle(right, Vector512.Create(0, 0, 1, 1, 4, 4, 5, 5, 8, 8, 9, 9, 12, 12, 13, 13)) & ~EvenInts;

    /// <summary>In each quarter the last two numbers of both, taking turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> UnpackHigh(Vector512<int> left, Vector512<int> right) => Avx512F.IsSupported
        ? Avx512F.UnpackHigh(left, right)
        : Vector512.Shuffle(left, Vector512.Create(2, 2, 3, 3, 6, 6, 7, 7, 10, 10, 11, 11, 14, 14, 15, 15)) & EvenInts
            | Vector512.Shuffle(right, Vector512.Create(2, 2, 3, 3, 6, 6, 7, 7, 10, 10, 11, 11, 14, 14, 15, 15)) & ~EvenInts;

    /// <summary>In each quarter the first numbers of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> UnpackLow(Vector512<long> left, Vector512<long> right) => Avx512F.IsSupported
        ? Avx512F.UnpackLow(left, right)
        : Vector512.Shuffle(left, Vector512.Create(0L, 0, 2, 2, 4, 4, 6, 6)) & EvenLongs | Vector512.Shuffle(right, Vector512.Create(0L, 0, 2, 2, 4, 4, 6, 6)) & ~EvenLongs;

    /// <summary>In each quarter the last numbers of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> UnpackHigh(Vector512<long> left, Vector512<long> right) => Avx512F.IsSupported
        ? Avx512F.UnpackHigh(left, right)
        : Vector512.Shuffle(left, Vector512.Create(1L, 1, 3, 3, 5, 5, 7, 7)) & EvenLongs | Vector512.Shuffle(right, Vector512.Create(1L, 1, 3, 3, 5, 5, 7, 7)) & ~EvenLongs;

    private static Vector512<int> EvenInts => Vector512.Create(-1L & 0xFFFFFFFF).AsInt32();

    private static Vector512<long> EvenLongs => Vector512.Create(-1L, 0, -1, 0, -1, 0, -1, 0);
}
