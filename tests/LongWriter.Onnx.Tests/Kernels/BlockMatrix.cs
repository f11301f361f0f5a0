using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>A quantized matrix, and its product as <see cref="BlockMatMul"/>'s documentation has it, number by number.</summary>
internal sealed class BlockMatrix
{
    /// <summary>(outputs, padded inputs), the zero point added.</summary>
    private readonly byte[] quants;

    /// <summary>(outputs, blocks).</summary>
    private readonly float[] scales;

    public BlockMatrix(BlockLayout layout, byte[] quants, float[] scales)
    {
        Layout = layout;
        this.quants = quants;
        this.scales = scales;
    }

    public BlockLayout Layout { get; }

    /// <summary>What the exporter makes of random weights.</summary>
    /// <param name="layout">Of the matrix.</param>
    /// <param name="random">Gives the weights.</param>
    /// <param name="weights">(outputs, inputs), as they were.</param>
    public static BlockMatrix Random(BlockLayout layout, Random random, out float[] weights)
    {
        weights = Numbers(random, layout.Outputs * layout.Inputs);
        byte[] quants = new byte[layout.Outputs * layout.PaddedInputs];
        float[] scales = new float[layout.Outputs * layout.Blocks];
        for (int row = 0; row < layout.Outputs; row++)
        {
            BlockQuantizer.Quantize(
                weights.AsSpan(row * layout.Inputs, layout.Inputs), layout,
                quants.AsSpan(row * layout.PaddedInputs, layout.PaddedInputs), scales.AsSpan(row * layout.Blocks, layout.Blocks));
        }

        return new BlockMatrix(layout, quants, scales);
    }

    public static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];

    /// <summary>As the operator takes it.</summary>
    public byte[] Pack()
    {
        byte[] packed = new byte[Layout.Bytes];
        for (int first = 0; first < Layout.Outputs; first += BlockLayout.GroupRows)
        {
            int rows = Math.Min(BlockLayout.GroupRows, Layout.Outputs - first);
            Layout.PackGroup(
                quants.AsSpan(first * Layout.PaddedInputs, rows * Layout.PaddedInputs), scales.AsSpan(first * Layout.Blocks, rows * Layout.Blocks), rows,
                packed.AsSpan(first / BlockLayout.GroupRows * Layout.GroupBytes, Layout.GroupBytes));
        }

        return packed;
    }

    /// <summary>
    /// A row's product, and how far another one may be from it: 1e-5 of what was added without signs. Gates are computed in another way here, so that now and then a number is rounded to the next
    /// whole one: with them, one such number for each block.
    /// </summary>
    /// <param name="row">Inputs; gates and values where there are twice as many.</param>
    public (double[] Product, double[] Tolerance) Multiply(ReadOnlySpan<float> row)
    {
        bool gated = row.Length > Layout.Inputs;
        float[] inputs = gated ? Gate(row) : row.ToArray();
        double[] product = new double[Layout.Outputs];
        double[] tolerance = new double[Layout.Outputs];
        for (int block = 0; block < Layout.Blocks; block++)
        {
            int start = block * Layout.BlockSize;
            float[] numbers = inputs[start..Math.Min(start + Layout.BlockSize, inputs.Length)];
            float largest = numbers.Max(Math.Abs);
            float inverse = largest == 0 ? 0 : 127 / largest;
            long[] whole = [.. numbers.Select(number => (long)MathF.Round(number * inverse))];
            for (int output = 0; output < Layout.Outputs; output++)
            {
                (long sum, long most) = (0, 0);
                for (int i = 0; i < whole.Length; i++)
                {
                    int weight = quants[output * Layout.PaddedInputs + start + i] - Layout.ZeroPoint;
                    sum += whole[i] * weight;
                    most = Math.Max(most, Math.Abs(weight));
                }

                double step = (double)scales[output * Layout.Blocks + block] * (largest / 127);
                product[output] += sum * step;
                tolerance[output] += Math.Abs(step) * (1e-5 * Math.Abs(sum) + (gated ? most : 0));
            }
        }

        return (product, tolerance);
    }

    /// <summary>value x gate x sigmoid(gate).</summary>
    public static float[] Gate(ReadOnlySpan<float> gatesAndValues)
    {
        float[] gated = new float[gatesAndValues.Length / 2];
        for (int i = 0; i < gated.Length; i++)
        {
            double gate = gatesAndValues[i];
            gated[i] = (float)(gate / (1 + Math.Exp(-gate)) * gatesAndValues[gated.Length + i]);
        }

        return gated;
    }
}
