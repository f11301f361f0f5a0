using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>What is multiplied.</summary>
internal enum BlockInput
{
    /// <summary>The input as it is.</summary>
    Plain,

    /// <summary>Values times their gates times the gates' sigmoids.</summary>
    Gated,

    /// <summary>The normalized sum of two inputs.</summary>
    Normed,
}

/// <summary>A node of <see cref="BlockMatMul"/> or <see cref="NormedBlockMatMul"/>: rows are quantized, then groups of outputs are multiplied, both on the session's threads.</summary>
/// <param name="layout">Of the matrix.</param>
/// <param name="input">What is multiplied.</param>
/// <param name="epsilon">Of the norm.</param>
internal sealed unsafe class BlockMatMulKernel(BlockLayout layout, BlockInput input, float epsilon = 0) : IOperatorKernel
{
    /// <summary>Pieces of work, so that threads that are held up leave work to the others.</summary>
    private const int MostTasks = 16;

    /// <summary>From so many rows on they are quantized on all threads.</summary>
    private const int ParallelRows = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(OperatorCall call)
    {
        Span<long> shape = stackalloc long[OperatorCall.MostDimensions];
        var work = new BlockWork(layout, input, epsilon)
        {
            Weights = call.Input<byte>(input == BlockInput.Normed ? 3 : 1, shape, out int rank),
        };
        Require(rank == 1 && shape[0] == layout.Bytes, $"Weights: expected a list of {layout.Bytes} bytes", shape[..rank]);
        work.Source = call.Input<float>(0, shape, out rank);
        Require(rank > 0 && shape[rank - 1] == work.SourceWidth, $"Activations: expected {work.SourceWidth} in the last dimension", shape[..rank]);
        work.Rows = CountRows(shape[..(rank - 1)]);
        if (input == BlockInput.Normed)
        {
            ReadNorm(call, ref work, shape[..rank]);
        }

        shape[rank - 1] = layout.Outputs;
        work.Output = call.Output<float>(0, shape[..rank]);
        if (work.Rows == 0)
        {
            return;
        }

        work.TakeScratch();
        if (work.Rows >= ParallelRows)
        {
            call.ParallelFor(&QuantizePart, MostTasks, &work);
        }
        else
        {
            work.Quantize(0, work.Rows);
        }

        call.ParallelFor(&MultiplyPart, Math.Min(layout.Groups, MostTasks), &work);
    }

    private void ReadNorm(OperatorCall call, ref BlockWork work, ReadOnlySpan<long> shape)
    {
        Span<long> other = stackalloc long[OperatorCall.MostDimensions];
        work.Branch = call.Input<float>(1, other, out int rank);
        Require(other[..rank].SequenceEqual(shape), $"Branch: expected the stream's shape", other[..rank]);
        work.Norm = call.Input<float>(2, other, out rank);
        Require(rank == 1 && other[0] == layout.Inputs, $"Norm: expected a list of {layout.Inputs} weights", other[..rank]);
        work.Sum = call.Output<float>(1, shape);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [UnmanagedCallersOnly]
    private static void QuantizePart(void* state, nuint task)
    {
        var work = (BlockWork*)state;
        (int from, int end) = Part(work->Rows, MostTasks, (int)task);
        work->Quantize(from, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [UnmanagedCallersOnly]
    private static void MultiplyPart(void* state, nuint task)
    {
        var work = (BlockWork*)state;
        (int from, int end) = Part(work->Layout.Groups, Math.Min(work->Layout.Groups, MostTasks), (int)task);
        work->Multiply(from, end);
    }

    private static (int From, int End) Part(int count, int tasks, int task) => ((int)((long)count * task / tasks), (int)((long)count * (task + 1) / tasks));

    private static int CountRows(ReadOnlySpan<long> shape)
    {
        long rows = 1;
        foreach (long dimension in shape)
        {
            rows = checked(rows * dimension);
        }

        return checked((int)rows);
    }

    /// <param name="holds">Whether it is as it must be.</param>
    /// <param name="expected">What must be; made into text only where it is not, so that a step allocates nothing.</param>
    /// <param name="found">The shape that was given.</param>
    private static void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ExpectedText expected, ReadOnlySpan<long> found)
    {
        if (!holds)
        {
            throw new OnnxRuntimeException($"{expected.Text}, found [{string.Join(", ", found.ToArray())}].", OnnxRuntimeErrorCode.InvalidArgument);
        }
    }

    /// <summary>A text that is made only when a condition does not hold.</summary>
    [InterpolatedStringHandler]
    private ref struct ExpectedText
    {
        private DefaultInterpolatedStringHandler text;

        public ExpectedText(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            text = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture) : default;
        }

        public string Text => text.ToStringAndClear();

        public void AppendLiteral(string value) => text.AppendLiteral(value);

        public void AppendFormatted<T>(T value) => text.AppendFormatted(value);
    }
}
