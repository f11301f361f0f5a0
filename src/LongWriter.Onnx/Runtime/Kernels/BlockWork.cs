using System.Runtime.CompilerServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>One run of a product with a quantized matrix, as all threads see it.</summary>
internal unsafe struct BlockWork(BlockLayout layout, BlockInput input, float epsilon)
{
    public readonly BlockLayout Layout = layout;
    public int Rows;

    /// <summary>(rows, <see cref="SourceWidth"/>).</summary>
    public float* Source;

    /// <summary>(rows, inputs), added to the source; for <see cref="BlockInput.Normed"/>, as the two that follow. Null for nothing to add, and then there is no sum.</summary>
    public float* Branch;

    /// <summary>(inputs).</summary>
    public float* Norm;

    /// <summary>(rows, inputs): source and branch.</summary>
    public float* Sum;
    public byte* Weights;

    /// <summary>(outputs), added to each row's product; null for nothing.</summary>
    public float* Bias;

    /// <summary>(rows, outputs).</summary>
    public float* Output;
    private sbyte* quants;
    private float* scales;
    private int* sums;

    /// <summary>The first rows, which go through <see cref="WideBlockKernel"/>.</summary>
    private readonly int WideRows => WideBlockKernel.IsSupported ? Rows / WideBlockKernel.Rows * WideBlockKernel.Rows : 0;

    public readonly int SourceWidth => input == BlockInput.Gated ? 2 * Layout.Inputs : Layout.Inputs;

    private readonly long QuantBytes => Scratch.Align((long)Rows * Layout.PaddedInputs);

    private readonly long BlockBytes => Scratch.Align((long)Rows * Layout.Blocks * sizeof(float));

    /// <summary>Memory for the quantized rows.</summary>
    public readonly long ScratchBytes => QuantBytes + 2 * BlockBytes;

    /// <summary>Gives it that memory, at a multiple of 64.</summary>
    public void UseScratch(byte* memory)
    {
        quants = (sbyte*)memory;
        scales = (float*)(memory + QuantBytes);
        sums = (int*)(memory + QuantBytes + BlockBytes);
    }

    /// <summary>Quantizes some rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Quantize(int from, int end)
    {
        for (int row = from; row < end; row++)
        {
            if (input == BlockInput.Normed)
            {
                QuantizeNormed(row);
            }
            else
            {
                QuantizeBlocks(row, 0, Layout.Blocks);
            }
        }
    }

    /// <summary>Quantizes some blocks of a row that is not normalized.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void QuantizeBlocks(long row, int from, int end) => BlockActivations.Quantize(
        Source + row * SourceWidth, Layout.Inputs, Layout.BlockSize, input == BlockInput.Gated, from, end, quants + row * Layout.PaddedInputs, scales + row * Layout.Blocks, sums + row * Layout.Blocks);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void QuantizeNormed(long row)
    {
        float* source = Source + row * Layout.Inputs;
        float* sum = Branch == null ? source : Sum + row * Layout.Inputs;
        float factor = Branch == null
            ? BlockActivations.NormFactor(source, Layout.Inputs, epsilon)
            : BlockActivations.Add(source, Branch + row * Layout.Inputs, Layout.Inputs, epsilon, sum);
        BlockActivations.QuantizeNormed(sum, Norm, factor, Layout.Inputs, Layout.BlockSize, quants + row * Layout.PaddedInputs, scales + row * Layout.Blocks, sums + row * Layout.Blocks);
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
            int count = Math.Min(BlockLayout.GroupRows, Layout.Outputs - first);
            if (count == BlockLayout.GroupRows)
            {
                MultiplyGroup<TQuants>(bytes, rows, Output + first);
            }
            else
            {
                // The last group is wider than what is left of the outputs.
                for (int row = 0; row < Rows; row++)
                {
                    ActivationRows one = rows.From(row);
                    BlockKernel<TQuants>.Multiply(Layout, bytes, new ActivationRows(one.Quants, one.Scales, one.Sums, 1, one.Stride, one.Blocks), whole, 0);
                    new Span<float>(whole, count).CopyTo(new Span<float>(Output + (long)row * Layout.Outputs + first, count));
                }
            }

            if (Bias != null)
            {
                AddBias(first, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddBias(int first, int count)
    {
        for (long row = 0; row < Rows; row++)
        {
            float* output = Output + row * Layout.Outputs;
            for (int i = first; i < first + count; i++)
            {
                output[i] += Bias[i];
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
