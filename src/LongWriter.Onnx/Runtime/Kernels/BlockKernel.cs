using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>How quants lie in the bytes of a step.</summary>
internal interface IQuants
{
    /// <summary>Inputs of a step of 64 bytes.</summary>
    static abstract int StepInputs { get; }

    /// <summary>Where the inputs of the high halves begin behind those of the low ones.</summary>
    static abstract int HighOffset { get; }

    /// <summary>What a high half counts for.</summary>
    static abstract short HighWeight { get; }

    static abstract int ZeroPoint { get; }
}

/// <summary>Two inputs in a byte.</summary>
internal readonly struct FourBits : IQuants
{
    public static int StepInputs => 8;

    public static int HighOffset => 4;

    public static short HighWeight => 1;

    public static int ZeroPoint => 8;
}

/// <summary>One input in a byte, multiplied as two halves, so that sums of products stay within 16 bits.</summary>
internal readonly struct EightBits : IQuants
{
    public static int StepInputs => 4;

    public static int HighOffset => 0;

    public static short HighWeight => 16;

    public static int ZeroPoint => 128;
}

/// <summary>
/// Rows of quantized activations times a group of 16 rows of quantized weights (<see cref="BlockLayout"/>). Sums within a block are whole numbers, and blocks are added in their order, so a
/// result depends neither on the rows beside it nor on the width of the processor's registers.
/// </summary>
internal static unsafe class BlockKernel<TQuants>
    where TQuants : struct, IQuants
{
    /// <summary>Inputs after which sums of 16 bits are emptied: 8 steps of at most 2 x 15 x 127.</summary>
    private const int PartInputs = 32;

    /// <summary>Multiplies all rows by one group.</summary>
    /// <param name="layout">Of the weights.</param>
    /// <param name="group">The group.</param>
    /// <param name="activations">The rows.</param>
    /// <param name="output">Receives 16 numbers for each row.</param>
    /// <param name="stride">Numbers from one row's output to the next one's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in BlockLayout layout, byte* group, in ActivationRows activations, float* output, long stride)
    {
        int row = 0;
        for (; row + 4 <= activations.Count; row += 4)
        {
            Multiply4(layout, group, activations.From(row), output + row * stride, stride);
        }

        if (row + 2 <= activations.Count)
        {
            Multiply2(layout, group, activations.From(row), output + row * stride, stride);
            row += 2;
        }

        if (row < activations.Count)
        {
            Multiply1(layout, group, activations.From(row), output + row * stride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply1(in BlockLayout layout, byte* quants, ActivationRows rows, float* output)
    {
        var half = Vector512.Create((byte)0x0F);
        ushort* scales = (ushort*)(quants + layout.QuantBytes);
        int parts = layout.BlockSize / PartInputs;
        sbyte* a = rows.Quants;
        Vector512<float> sum = Vector512<float>.Zero;
        for (int block = 0; block < layout.Blocks; block++)
        {
            Vector512<int> whole = Vector512.Create(-TQuants.ZeroPoint * rows.Sums[block]);
            for (int part = 0; part < parts; part++, a += PartInputs)
            {
                Vector512<short> low = Vector512<short>.Zero, high = low;
                for (int i = 0; i < PartInputs; i += TQuants.StepInputs, quants += 64)
                {
                    Lanes.Prefetch(quants + BlockLayout.AheadBytes);
                    Vector512<byte> step = Vector512.Load(quants);
                    low += Lanes.MultiplyBytes(step & half, Broadcast(a + i));
                    high += Lanes.MultiplyBytes((step.AsUInt16() >>> 4).AsByte() & half, Broadcast(a + i + TQuants.HighOffset));
                }

                whole += Add(low, high);
            }

            sum = Accumulate(whole, Lanes.LoadBFloat16(scales + block * BlockLayout.GroupRows), rows.Scales[block], sum);
        }

        sum.Store(output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply2(in BlockLayout layout, byte* quants, ActivationRows rows, float* output, long stride)
    {
        var half = Vector512.Create((byte)0x0F);
        ushort* scales = (ushort*)(quants + layout.QuantBytes);
        int parts = layout.BlockSize / PartInputs;
        sbyte* a0 = rows.Quants, a1 = a0 + rows.Stride;
        int blocks = layout.Blocks;
        Vector512<float> sum0 = Vector512<float>.Zero, sum1 = sum0;
        for (int block = 0; block < blocks; block++)
        {
            Vector512<int> whole0 = Vector512.Create(-TQuants.ZeroPoint * rows.Sums[block]);
            Vector512<int> whole1 = Vector512.Create(-TQuants.ZeroPoint * rows.Sums[blocks + block]);
            for (int part = 0; part < parts; part++, a0 += PartInputs, a1 += PartInputs)
            {
                Vector512<short> low0 = Vector512<short>.Zero, high0 = low0, low1 = low0, high1 = low0;
                for (int i = 0; i < PartInputs; i += TQuants.StepInputs, quants += 64)
                {
                    Lanes.Prefetch(quants + BlockLayout.AheadBytes);
                    Vector512<byte> step = Vector512.Load(quants);
                    Vector512<byte> low = step & half;
                    Vector512<byte> high = (step.AsUInt16() >>> 4).AsByte() & half;
                    low0 += Lanes.MultiplyBytes(low, Broadcast(a0 + i));
                    high0 += Lanes.MultiplyBytes(high, Broadcast(a0 + i + TQuants.HighOffset));
                    low1 += Lanes.MultiplyBytes(low, Broadcast(a1 + i));
                    high1 += Lanes.MultiplyBytes(high, Broadcast(a1 + i + TQuants.HighOffset));
                }

                whole0 += Add(low0, high0);
                whole1 += Add(low1, high1);
            }

            Vector512<float> scale = Lanes.LoadBFloat16(scales + block * BlockLayout.GroupRows);
            sum0 = Accumulate(whole0, scale, rows.Scales[block], sum0);
            sum1 = Accumulate(whole1, scale, rows.Scales[blocks + block], sum1);
        }

        sum0.Store(output);
        sum1.Store(output + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply4(in BlockLayout layout, byte* quants, ActivationRows rows, float* output, long stride)
    {
        var half = Vector512.Create((byte)0x0F);
        ushort* scales = (ushort*)(quants + layout.QuantBytes);
        int parts = layout.BlockSize / PartInputs;
        sbyte* a0 = rows.Quants, a1 = a0 + rows.Stride, a2 = a1 + rows.Stride, a3 = a2 + rows.Stride;
        int blocks = layout.Blocks;
        Vector512<float> sum0 = Vector512<float>.Zero, sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (int block = 0; block < blocks; block++)
        {
            Vector512<int> whole0 = Vector512.Create(-TQuants.ZeroPoint * rows.Sums[block]);
            Vector512<int> whole1 = Vector512.Create(-TQuants.ZeroPoint * rows.Sums[blocks + block]);
            Vector512<int> whole2 = Vector512.Create(-TQuants.ZeroPoint * rows.Sums[2 * blocks + block]);
            Vector512<int> whole3 = Vector512.Create(-TQuants.ZeroPoint * rows.Sums[3 * blocks + block]);
            for (int part = 0; part < parts; part++, a0 += PartInputs, a1 += PartInputs, a2 += PartInputs, a3 += PartInputs)
            {
                Vector512<short> low0 = Vector512<short>.Zero, high0 = low0, low1 = low0, high1 = low0, low2 = low0, high2 = low0, low3 = low0, high3 = low0;
                for (int i = 0; i < PartInputs; i += TQuants.StepInputs, quants += 64)
                {
                    Lanes.Prefetch(quants + BlockLayout.AheadBytes);
                    Vector512<byte> step = Vector512.Load(quants);
                    Vector512<byte> low = step & half;
                    Vector512<byte> high = (step.AsUInt16() >>> 4).AsByte() & half;
                    low0 += Lanes.MultiplyBytes(low, Broadcast(a0 + i));
                    high0 += Lanes.MultiplyBytes(high, Broadcast(a0 + i + TQuants.HighOffset));
                    low1 += Lanes.MultiplyBytes(low, Broadcast(a1 + i));
                    high1 += Lanes.MultiplyBytes(high, Broadcast(a1 + i + TQuants.HighOffset));
                    low2 += Lanes.MultiplyBytes(low, Broadcast(a2 + i));
                    high2 += Lanes.MultiplyBytes(high, Broadcast(a2 + i + TQuants.HighOffset));
                    low3 += Lanes.MultiplyBytes(low, Broadcast(a3 + i));
                    high3 += Lanes.MultiplyBytes(high, Broadcast(a3 + i + TQuants.HighOffset));
                }

                whole0 += Add(low0, high0);
                whole1 += Add(low1, high1);
                whole2 += Add(low2, high2);
                whole3 += Add(low3, high3);
            }

            Vector512<float> scale = Lanes.LoadBFloat16(scales + block * BlockLayout.GroupRows);
            sum0 = Accumulate(whole0, scale, rows.Scales[block], sum0);
            sum1 = Accumulate(whole1, scale, rows.Scales[blocks + block], sum1);
            sum2 = Accumulate(whole2, scale, rows.Scales[2 * blocks + block], sum2);
            sum3 = Accumulate(whole3, scale, rows.Scales[3 * blocks + block], sum3);
        }

        sum0.Store(output);
        sum1.Store(output + stride);
        sum2.Store(output + 2 * stride);
        sum3.Store(output + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<sbyte> Broadcast(sbyte* four) => Vector512.Create(*(int*)four).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Add(Vector512<short> low, Vector512<short> high) =>
        Lanes.MultiplyShorts(low, Vector512<short>.One) + Lanes.MultiplyShorts(high, Vector512.Create(TQuants.HighWeight));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Accumulate(Vector512<int> whole, Vector512<float> weightScale, float activationScale, Vector512<float> sum) =>
        Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(whole), weightScale * Vector512.Create(activationScale), sum);
}
