using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// Activations (..., inputs) times the transpose of a quantized matrix (outputs, inputs): (..., outputs). The activations are quantized on the way, a scale for each block.
/// Attributes: K inputs, N outputs, bits 4 or 8, block_size, gated 0 or 1. Gated, activations are (..., 2 x inputs), gates before values, and what is multiplied is
/// value x gate x sigmoid(gate). The matrix is one list of bytes, as <see cref="BlockLayout"/> has it. A row's result does not depend on the other rows.
/// </summary>
internal sealed class BlockMatMul : CustomOperator
{
    public const string OperatorName = "BlockMatMul";

    /// <summary>A model's dimension beyond it is a damaged file.</summary>
    private const int MostInputs = 1 << 20;
    private const int MostOutputs = 1 << 24;

    public override string Name => OperatorName;

    public override IReadOnlyList<TensorElementType> Inputs { get; } = [TensorElementType.Float, TensorElementType.UInt8];

    public override IReadOnlyList<TensorElementType> Outputs { get; } = [TensorElementType.Float];

    public override IOperatorKernel CreateKernel(OperatorAttributes attributes)
    {
        int bits = attributes.RequireInt("bits", 4, 8);
        int blockSize = attributes.RequireInt("block_size", 32, 256);
        if (bits is not (4 or 8) || blockSize % 32 != 0)
        {
            throw new OnnxRuntimeException($"Expected bits 4 or 8 and block_size a multiple of 32, found {bits} and {blockSize}.", OnnxRuntimeErrorCode.InvalidArgument);
        }

        var layout = new BlockLayout(attributes.RequireInt("K", 1, MostInputs), attributes.RequireInt("N", 1, MostOutputs), bits, blockSize);
        bool gated = attributes.RequireInt("gated", 0, 1) == 1;
        return new Kernel(layout, gated);
    }

    private sealed unsafe class Kernel(BlockLayout layout, bool gated) : IOperatorKernel
    {
        /// <summary>Pieces of work, so that threads that are held up leave work to the others.</summary>
        private const int MostTasks = 16;

        /// <summary>From so many rows on they are quantized on all threads.</summary>
        private const int ParallelRows = 16;

        public void Compute(OperatorCall call)
        {
            Span<long> shape = stackalloc long[OperatorCall.MostDimensions];
            byte* weights = call.Input<byte>(1, shape, out int rank);
            if (rank != 1 || shape[0] != layout.Bytes)
            {
                throw new OnnxRuntimeException($"Weights: expected a list of {layout.Bytes} bytes, found {Describe(shape[..rank])}.", OnnxRuntimeErrorCode.InvalidArgument);
            }

            float* source = call.Input<float>(0, shape, out rank);
            int sourceInputs = gated ? 2 * layout.Inputs : layout.Inputs;
            if (rank == 0 || shape[rank - 1] != sourceInputs)
            {
                throw new OnnxRuntimeException($"Activations: expected {sourceInputs} in the last dimension, found {Describe(shape[..rank])}.", OnnxRuntimeErrorCode.InvalidArgument);
            }

            long rows = 1;
            foreach (long dimension in shape[..(rank - 1)])
            {
                rows = checked(rows * dimension);
            }

            shape[rank - 1] = layout.Outputs;
            float* output = call.Output<float>(0, shape[..rank]);
            if (rows == 0)
            {
                return;
            }

            var work = Work.Create(layout, gated, source, weights, output, checked((int)rows));
            if (rows >= ParallelRows)
            {
                call.ParallelFor(&QuantizePart, MostTasks, &work);
            }
            else
            {
                work.Quantize(0, (int)rows);
            }

            call.ParallelFor(&MultiplyPart, Math.Min(layout.Groups, MostTasks), &work);
        }

        [UnmanagedCallersOnly]
        private static void QuantizePart(void* state, nuint task)
        {
            var work = (Work*)state;
            (int from, int end) = Part(work->Rows, MostTasks, (int)task);
            work->Quantize(from, end);
        }

        [UnmanagedCallersOnly]
        private static void MultiplyPart(void* state, nuint task)
        {
            var work = (Work*)state;
            (int from, int end) = Part(work->Layout.Groups, Math.Min(work->Layout.Groups, MostTasks), (int)task);
            if (work->Layout.Bits == 4)
            {
                work->Multiply<FourBits>(from, end);
            }
            else
            {
                work->Multiply<EightBits>(from, end);
            }
        }

        private static (int From, int End) Part(int count, int tasks, int task) => ((int)((long)count * task / tasks), (int)((long)count * (task + 1) / tasks));

        private static string Describe(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
    }

    /// <summary>One run, as all threads see it.</summary>
    private unsafe struct Work
    {
        public BlockLayout Layout;
        public int Rows;
        private bool gated;
        private float* source;
        private byte* weights;
        private float* output;
        private sbyte* quants;
        private float* scales;
        private int* sums;

        public static Work Create(BlockLayout layout, bool gated, float* source, byte* weights, float* output, int rows)
        {
            long quantBytes = Scratch.Align((long)rows * layout.PaddedInputs);
            long blockBytes = Scratch.Align((long)rows * layout.Blocks * sizeof(float));
            byte* scratch = Scratch.Take(quantBytes + 2 * blockBytes);
            return new Work
            {
                Layout = layout,
                Rows = rows,
                gated = gated,
                source = source,
                weights = weights,
                output = output,
                quants = (sbyte*)scratch,
                scales = (float*)(scratch + quantBytes),
                sums = (int*)(scratch + quantBytes + blockBytes),
            };
        }

        public readonly void Quantize(int from, int end)
        {
            int width = gated ? 2 * Layout.Inputs : Layout.Inputs;
            for (long row = from; row < end; row++)
            {
                BlockActivations.Quantize(
                    source + row * width, Layout.Inputs, Layout.BlockSize, gated, quants + row * Layout.PaddedInputs, scales + row * Layout.Blocks, sums + row * Layout.Blocks);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [SkipLocalsInit]
        public readonly void Multiply<TQuants>(int from, int end)
            where TQuants : struct, IQuants
        {
            var rows = new ActivationRows(quants, scales, sums, Rows, Layout.PaddedInputs, Layout.Blocks);
            for (int group = from; group < end; group++)
            {
                byte* bytes = weights + (long)group * Layout.GroupBytes;
                int first = group * BlockLayout.GroupRows;
                if (first + BlockLayout.GroupRows <= Layout.Outputs)
                {
                    BlockKernel<TQuants>.Multiply(Layout, bytes, rows, output + first, Layout.Outputs);
                    continue;
                }

                // The last group is wider than what is left of the outputs.
                float* whole = stackalloc float[BlockLayout.GroupRows];
                for (int row = 0; row < Rows; row++)
                {
                    ActivationRows one = rows.From(row);
                    BlockKernel<TQuants>.Multiply(Layout, bytes, new ActivationRows(one.Quants, one.Scales, one.Sums, 1, one.Stride, one.Blocks), whole, 0);
                    new Span<float>(whole, Layout.Outputs - first).CopyTo(new Span<float>(output + (long)row * Layout.Outputs + first, Layout.Outputs - first));
                }
            }
        }
    }
}
