using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>What <see cref="Lanes"/> computes, in operations that .NET has for every processor.</summary>
internal static unsafe class PortableLanes
{
    private static Vector512<int> EvenInts => Vector512.Create(0xFFFFFFFFL).AsInt32();

    private static Vector512<long> EvenLongs => Vector512.Create(-1L, 0, -1, 0, -1, 0, -1, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<short> MultiplyBytes(Vector512<byte> left, Vector512<sbyte> right)
    {
        Vector512<short> even = (left.AsInt16() & Vector512.Create((short)0xFF)) * ((right.AsInt16() << 8) >> 8);
        return even + (left.AsUInt16() >>> 8).AsInt16() * (right.AsInt16() >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> MultiplyShorts(Vector512<short> left, Vector512<short> right)
    {
        Vector512<int> even = ((left.AsInt32() << 16) >> 16) * ((right.AsInt32() << 16) >> 16);
        return even + (left.AsInt32() >> 16) * (right.AsInt32() >> 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBytes(sbyte* source)
    {
        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(source));
        return Vector512.ConvertToSingle(Vector512.WidenLower(Vector512.Create(Vector256.Create(low, high), default)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(Vector512<int> numbers, sbyte* target)
    {
        Vector256<short> shorts = Vector256.Narrow(numbers.GetLower(), numbers.GetUpper());
        Vector128.Narrow(shorts.GetLower(), shorts.GetUpper()).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBFloat16(ushort* source) => (Vector512.WidenLower(Vector512.Create(Vector256.Load(source), default)) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> UnpackLow(Vector512<int> left, Vector512<int> right)
    {
        var places = Vector512.Create(0, 0, 1, 1, 4, 4, 5, 5, 8, 8, 9, 9, 12, 12, 13, 13);
        return Vector512.ConditionalSelect(EvenInts, Vector512.Shuffle(left, places), Vector512.Shuffle(right, places));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> UnpackHigh(Vector512<int> left, Vector512<int> right)
    {
        var places = Vector512.Create(2, 2, 3, 3, 6, 6, 7, 7, 10, 10, 11, 11, 14, 14, 15, 15);
        return Vector512.ConditionalSelect(EvenInts, Vector512.Shuffle(left, places), Vector512.Shuffle(right, places));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> UnpackLow(Vector512<long> left, Vector512<long> right)
    {
        var places = Vector512.Create(0L, 0, 2, 2, 4, 4, 6, 6);
        return Vector512.ConditionalSelect(EvenLongs, Vector512.Shuffle(left, places), Vector512.Shuffle(right, places));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<long> UnpackHigh(Vector512<long> left, Vector512<long> right)
    {
        var places = Vector512.Create(1L, 1, 3, 3, 5, 5, 7, 7);
        return Vector512.ConditionalSelect(EvenLongs, Vector512.Shuffle(left, places), Vector512.Shuffle(right, places));
    }
}
