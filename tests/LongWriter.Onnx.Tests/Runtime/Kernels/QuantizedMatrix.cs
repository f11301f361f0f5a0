using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Runtime.Kernels;

/// <summary>A quantized matrix, packed and in plain numbers, and what a product with it is by the book.</summary>
internal sealed class QuantizedMatrix
{
    private readonly byte[] quants;
    private readonly float[] scales;

    /// <param name="layout">Its layout.</param>
    /// <param name="draw">Gives each quant with its zero point.</param>
    /// <param name="seed">Of the scales.</param>
    public QuantizedMatrix(BlockLayout layout, Func<Random, int> draw, int seed)
    {
        Layout = layout;
        var random = new Random(seed);
        quants = new byte[layout.Outputs * layout.PaddedInputs];
        Array.Fill(quants, (byte)layout.ZeroPoint);
        scales = new float[layout.Outputs * layout.Blocks];
        for (int row = 0; row < layout.Outputs; row++)
        {
            for (int input = 0; input < layout.Inputs; input++)
            {
                quants[row * layout.PaddedInputs + input] = (byte)draw(random);
            }

            for (int block = 0; block < layout.Blocks; block++)
            {
                scales[row * layout.Blocks + block] = BlockLayout.RoundScale((random.NextSingle() - 0.5f) / 50);
            }
        }

        Packed = new byte[layout.Bytes];
        for (int group = 0; group < layout.Groups; group++)
        {
            int first = group * BlockLayout.GroupRows;
            int rows = Math.Min(BlockLayout.GroupRows, layout.Outputs - first);
            layout.PackGroup(quants.AsSpan(first * layout.PaddedInputs), scales.AsSpan(first * layout.Blocks), rows, Packed.AsSpan(group * layout.GroupBytes, layout.GroupBytes));
        }
    }

    public BlockLayout Layout { get; }

    public byte[] Packed { get; }

    /// <summary>The product of a row, in the very order of operations that the operator promises.</summary>
    public float[] Multiply(ReadOnlySpan<float> row)
    {
        var activations = new int[Layout.PaddedInputs];
        var activationScales = new float[Layout.Blocks];
        for (int block = 0; block < Layout.Blocks; block++)
        {
            ReadOnlySpan<float> values = row[(block * Layout.BlockSize)..Math.Min(row.Length, (block + 1) * Layout.BlockSize)];
            float largest = 0;
            foreach (float value in values)
            {
                largest = Math.Max(largest, Math.Abs(value));
            }

            activationScales[block] = largest / 127;
            for (int i = 0; i < values.Length && largest > 0; i++)
            {
                activations[block * Layout.BlockSize + i] = (int)MathF.Round(values[i] * (127 / largest));
            }
        }

        var result = new float[Layout.Outputs];
        for (int output = 0; output < Layout.Outputs; output++)
        {
            for (int block = 0; block < Layout.Blocks; block++)
            {
                int whole = 0;
                for (int i = block * Layout.BlockSize; i < (block + 1) * Layout.BlockSize; i++)
                {
                    whole += (quants[output * Layout.PaddedInputs + i] - Layout.ZeroPoint) * activations[i];
                }

                result[output] = MathF.FusedMultiplyAdd(whole, scales[output * Layout.Blocks + block] * activationScales[block], result[output]);
            }
        }

        return result;
    }
}
