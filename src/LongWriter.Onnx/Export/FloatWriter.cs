using System.Numerics.Tensors;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Export;

/// <summary>Writes numbers in the type that the graph has them in.</summary>
/// <param name="type">Float, Float16 or BFloat16.</param>
internal sealed class FloatWriter(TensorElementType type)
{
    private Half[] halves = [];
    private ushort[] upperHalves = [];

    public TensorElementType Type => type;

    public void Write(ExternalDataWriter data, ReadOnlySpan<float> values)
    {
        switch (type)
        {
            case TensorElementType.Float16:
                Span<Half> target = Take(ref halves, values.Length);
                TensorPrimitives.ConvertToHalf(values, target);
                data.Write<Half>(target);
                break;
            case TensorElementType.BFloat16:
                Span<ushort> bits = Take(ref upperHalves, values.Length);
                for (int i = 0; i < bits.Length; i++)
                {
                    bits[i] = BFloat16Bits.From(values[i]);
                }

                data.Write<ushort>(bits);
                break;
            default:
                data.Write(values);
                break;
        }
    }

    private static Span<T> Take<T>(ref T[] buffer, int length)
    {
        buffer = buffer.Length < length ? new T[length] : buffer;
        return buffer.AsSpan(0, length);
    }
}
