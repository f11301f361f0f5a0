namespace LongWriter.Onnx.Runtime;

/// <summary>Element types of tensors. The values are ONNX's own (TensorProto.DataType, the same numbers in the C API).</summary>
internal enum TensorElementType
{
    Undefined = 0,
    Float = 1,
    UInt8 = 2,
    Int8 = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
    BFloat16 = 16,
    UInt4 = 21,
    Int4 = 22,
}

internal static class TensorElementTypes
{
    /// <summary>Bytes of <paramref name="count"/> elements; two 4-bit elements share a byte.</summary>
    public static long ByteCount(this TensorElementType type, long count) => type switch
    {
        TensorElementType.UInt8 or TensorElementType.Int8 or TensorElementType.Bool => count,
        TensorElementType.UInt16 or TensorElementType.Int16 or TensorElementType.Float16 or TensorElementType.BFloat16 => checked(count * 2),
        TensorElementType.Float or TensorElementType.Int32 or TensorElementType.UInt32 => checked(count * 4),
        TensorElementType.Double or TensorElementType.Int64 or TensorElementType.UInt64 => checked(count * 8),
        TensorElementType.UInt4 or TensorElementType.Int4 => checked(count + 1) / 2,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"A tensor in memory of ours cannot hold elements of type {type}."),
    };

    /// <summary>The type that holds <typeparamref name="T"/>.</summary>
    public static TensorElementType Of<T>()
        where T : unmanaged =>
        typeof(T) == typeof(float) ? TensorElementType.Float
        : typeof(T) == typeof(byte) ? TensorElementType.UInt8
        : typeof(T) == typeof(sbyte) ? TensorElementType.Int8
        : typeof(T) == typeof(ushort) ? TensorElementType.UInt16
        : typeof(T) == typeof(short) ? TensorElementType.Int16
        : typeof(T) == typeof(int) ? TensorElementType.Int32
        : typeof(T) == typeof(long) ? TensorElementType.Int64
        : typeof(T) == typeof(bool) ? TensorElementType.Bool
        : typeof(T) == typeof(Half) ? TensorElementType.Float16
        : typeof(T) == typeof(double) ? TensorElementType.Double
        : typeof(T) == typeof(uint) ? TensorElementType.UInt32
        : typeof(T) == typeof(ulong) ? TensorElementType.UInt64
        : TensorElementType.Undefined;
}
