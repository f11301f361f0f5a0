using System.Numerics.Tensors;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Export;

/// <summary>Writes numbers in the type that the graph computes in.</summary>
internal sealed class FloatWriter(ActivationPrecision precision)
{
    private Half[] halves = [];

    public TensorElementType Type { get; } = precision == ActivationPrecision.Float16 ? TensorElementType.Float16 : TensorElementType.Float;

    public void Write(ExternalDataWriter data, ReadOnlySpan<float> values)
    {
        if (Type == TensorElementType.Float)
        {
            data.Write(values);
            return;
        }

        if (halves.Length < values.Length)
        {
            halves = new Half[values.Length];
        }

        Span<Half> target = halves.AsSpan(0, values.Length);
        TensorPrimitives.ConvertToHalf(values, target);
        data.Write<Half>(target);
    }
}
