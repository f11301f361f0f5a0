using System.Runtime.CompilerServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>One run of a product with a quantized matrix, as all threads see it.</summary>
internal unsafe struct BlockWork(BlockLayout layout, BlockInput input, float epsilon)
{
    public readonly BlockLayout Layout = layout;
    public int Rows;

    /// <summary>(rows, <see cref="SourceWidth"/>).</summary>
    public float* Source;

    /// <summary>(rows, inputs), added to the source; for <see cref="BlockInput.Normed"/>, as the two that follow.</summary>
    public float* Branch;

    /// <summary>(inputs).</summary>
    public float* Norm;

    /// <summary>(rows, inputs): source and branch.</summary>
    public float* Sum;
    public byte* Weights;

    /// <summary>(rows, outputs).</summary>
    public float* Output;
    private sbyte* quants;
    private float* scales;
    private int* sums;

    /// <summary>The first rows, which go through <see cref="WideBlockKernel"/>.</summary>
    private readonly int WideRows => WideBlockKernel.IsSupported ? Rows / WideBlockKernel.Rows * WideBlockKernel.Rows : 0;

    public readonly int SourceWidth => input == BlockInput.Gated ? 2 * Layout.Inputs : Layout.Inputs;

    /// <summary>Takes memory for the quantized rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TakeScratch()
    {
        long quantBytes = Scratch.Align((long)Rows * Layout.PaddedInputs);
        long blockBytes = Scratch.Align((long)Rows * Layout.Blocks * sizeof(float));
        byte* scratch = Scratch.Take(quantBytes + 2 * blockBytes);
        quants = (sbyte*)scratch;
        scales = (float*)(scratch + quantBytes);
        sums = (int*)(scratch + quantBytes + blockBytes);
    }

    /// <summary>Quantizes some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Quantize(int from, int end)
    {
        for (long row = from; row < end; row++)
        {
            float* source = Source + row * SourceWidth;
            sbyte* rowQuants = quants + row * Layout.PaddedInputs;
            float* rowScales = scales + row * Layout.Blocks;
            int* rowSums = sums + row * Layout.Blocks;
            if (input == BlockInput.Normed)
            {
                float* sum = Sum + row * Layout.Inputs;
                float factor = BlockActivations.Add(source, Branch + row * Layout.Inputs, Layout.Inputs, epsilon, sum);
                BlockActivations.QuantizeNormed(sum, Norm, factor, Layout.Inputs, Layout.BlockSize, rowQuants, rowScales, rowSums);
            }
            else
            {
                BlockActivations.Quantize(source, Layout.Inputs, Layout.BlockSize, input == BlockInput.Gated, rowQuants, rowScales, rowSums);
            }
        }
    }

    /// <summary>Multiplies all rows by some groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Multiply(int from, int end)
    {
        if (Layout.Bits == 4)
        {
            Multiply<FourBits>(from, end);
        }
        else
        {
            Multiply<EightBits>(from, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private readonly void Multiply<TQuants>(int from, int end)
        where TQuants : struct, IQuants
    {
        var rows = new ActivationRows(quants, scales, sums, Rows, Layout.PaddedInputs, Layout.Blocks);
        float* whole = stackalloc float[BlockLayout.GroupRows];
        for (int group = from; group < end; group++)
        {
            byte* bytes = Weights + (long)group * Layout.GroupBytes;
            int first = group * BlockLayout.GroupRows;
            if (first + BlockLayout.GroupRows <= Layout.Outputs)
            {
                MultiplyGroup<TQuants>(bytes, rows, Output + first);
                continue;
            }

            // The last group is wider than what is left of the outputs.
            for (int row = 0; row < Rows; row++)
            {
                ActivationRows one = rows.From(row);
                BlockKernel<TQuants>.Multiply(Layout, bytes, new ActivationRows(one.Quants, one.Scales, one.Sums, 1, one.Stride, one.Blocks), whole, 0);
                new Span<float>(whole, Layout.Outputs - first).CopyTo(new Span<float>(Output + (long)row * Layout.Outputs + first, Layout.Outputs - first));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void MultiplyGroup<TQuants>(byte* group, in ActivationRows rows, float* output)
        where TQuants : struct, IQuants
    {
        int wide = WideRows;
        if (wide > 0)
        {
            WideBlockKernel.Multiply(Layout, group, new ActivationRows(quants, scales, sums, wide, Layout.PaddedInputs, Layout.Blocks), output, Layout.Outputs);
        }

        if (wide < Rows)
        {
            BlockKernel<TQuants>.Multiply(Layout, group, rows.From(wide), output + (long)wide * Layout.Outputs, Layout.Outputs);
        }
    }
}
