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
        ShapeCheck.Require(rank == 1 && shape[0] == layout.Bytes, $"Weights: expected a list of {layout.Bytes} bytes", shape[..rank]);
        work.Source = call.Input<float>(0, shape, out rank);
        ShapeCheck.Require(rank > 0 && shape[rank - 1] == work.SourceWidth, $"Activations: expected {work.SourceWidth} in the last dimension", shape[..rank]);
        work.Rows = ShapeCheck.CountRows(shape[..(rank - 1)]);
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

        work.UseScratch(Scratch.Take(work.ScratchBytes));
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
        ShapeCheck.Require(other[..rank].SequenceEqual(shape), $"Branch: expected the stream's shape", other[..rank]);
        work.Norm = call.Input<float>(2, other, out rank);
        ShapeCheck.Require(rank == 1 && other[0] == layout.Inputs, $"Norm: expected a list of {layout.Inputs} weights", other[..rank]);
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
}
