using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>What <see cref="BlockKernel{TQuants}"/> computes, bit for bit, for eight rows at a time by <see cref="DotProductCode"/>.</summary>
internal static unsafe class WideBlockKernel
{
    /// <summary>Rows that go together.</summary>
    public const int Rows = DotProductCode.Rows;

    /// <summary>Rows that go over all blocks before the next ones do: their sums stay in the nearest cache, which they would not in the output, whose rows lie far apart.</summary>
    private const int RowsAtATime = 64;

    public static bool IsSupported => DotProductCode.Function != null;

    /// <summary>Multiplies rows by one group.</summary>
    /// <param name="layout">Of the weights.</param>
    /// <param name="group">The group.</param>
    /// <param name="activations">A multiple of <see cref="Rows"/> rows.</param>
    /// <param name="output">Receives 16 numbers for each row.</param>
    /// <param name="stride">Numbers from one row's output to the next one's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Multiply(in BlockLayout layout, byte* group, in ActivationRows activations, float* output, long stride)
    {
        byte* unpacked = stackalloc byte[layout.BlockSize * BlockLayout.GroupRows];
        float* results = stackalloc float[RowsAtATime * BlockLayout.GroupRows];
        int* sums = stackalloc int[Rows * BlockLayout.GroupRows];
        ushort* scales = (ushort*)(group + layout.QuantBytes);
        int blockBytes = layout.QuantBytes / layout.Blocks;
        var call = new DotProductCode.Arguments { Stride = activations.Stride, Steps = layout.BlockSize / 4, Sums = sums };
        for (int first = 0; first < activations.Count; first += RowsAtATime)
        {
            int count = Math.Min(RowsAtATime, activations.Count - first);
            for (int block = 0; block < layout.Blocks; block++)
            {
                for (byte* ahead = group + block * blockBytes + BlockLayout.AheadBytes, end = ahead + (first == 0 ? blockBytes : 0); ahead < end; ahead += 64)
                {
                    Lanes.Prefetch(ahead);
                }

                // A byte of 8 bits is multiplied as it is stored.
                call.Weights = layout.Bits == 8 ? group + block * blockBytes : Unpack(group + block * blockBytes, blockBytes, unpacked);
                Vector512<float> scale = Lanes.LoadBFloat16(scales + block * BlockLayout.GroupRows);
                for (int row = 0; row < count; row += Rows)
                {
                    ActivationRows rows = activations.From(first + row);
                    call.Activations = rows.Quants + block * layout.BlockSize;
                    call.FifthActivations = call.Activations + 4L * rows.Stride;
                    DotProductCode.Function(&call);
                    Accumulate(sums, layout.ZeroPoint, rows.Sums + block, rows.Scales + block, rows.Blocks, scale, isFirst: block == 0, results + row * BlockLayout.GroupRows);
                }
            }

            for (int row = 0; row < count; row++)
            {
                Vector512.Load(results + row * BlockLayout.GroupRows).Store(output + (first + row) * stride);
            }
        }
    }

    /// <summary>One byte for each weight of a block, in the order of the inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Unpack(byte* packed, int length, byte* unpacked)
    {
        var half = Vector512.Create((byte)0x0F);
        for (int i = 0; i < length; i += 64)
        {
            Vector512<byte> step = Vector512.Load(packed + i);
            (step & half).Store(unpacked + 2 * i);
            ((step.AsUInt16() >>> 4).AsByte() & half).Store(unpacked + 2 * i + 64);
        }

        return unpacked;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(
        int* sums, int zeroPoint, int* activationSums, float* activationScales, int blocks, Vector512<float> weightScale, bool isFirst, float* results)
    {
        for (int row = 0; row < Rows; row++, sums += BlockLayout.GroupRows, results += BlockLayout.GroupRows)
        {
            Vector512<int> whole = Vector512.Create(-zeroPoint * activationSums[row * blocks]) + Vector512.Load(sums);
            Vector512<float> before = isFirst ? Vector512<float>.Zero : Vector512.Load(results);
            Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(whole), weightScale * Vector512.Create(activationScales[row * blocks]), before).Store(results);
        }
    }
}
