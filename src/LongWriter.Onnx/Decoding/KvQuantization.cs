using System.Numerics.Tensors;

namespace LongWriter.Onnx.Decoding;

/// <summary>int8 keys and values as ONNX Runtime's attention makes them: a value is a whole number of steps, rounded to the nearest (to the even one of two), cut off at a byte's ends.</summary>
internal static class KvQuantization
{
    public static void Quantize(ReadOnlySpan<float> values, float step, Span<sbyte> quantized)
    {
        for (int i = 0; i < values.Length; i++)
        {
            quantized[i] = (sbyte)Math.Clamp(MathF.Round(values[i] / step), sbyte.MinValue, sbyte.MaxValue);
        }
    }

    public static void Dequantize(ReadOnlySpan<sbyte> quantized, float step, Span<float> values)
    {
        TensorPrimitives.ConvertChecked(quantized, values);
        TensorPrimitives.Multiply(values, step, values);
    }
}
