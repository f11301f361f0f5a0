namespace LongWriter.Onnx.Runtime;

/// <summary>bfloat16 is the upper half of a float32. .NET has no type for it yet.</summary>
internal static class BFloat16Bits
{
    /// <summary>The nearest one; of two that are equally near, the even one.</summary>
    public static ushort From(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    public static float ToSingle(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);
}
