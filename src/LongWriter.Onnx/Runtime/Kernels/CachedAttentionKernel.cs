using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>A node of <see cref="CachedAttention"/>: checks what it is given, then turns and keeps the tokens, attends, and joins, on the session's threads.</summary>
/// <param name="heads">Of queries.</param>
/// <param name="kvHeads">Of keys and values.</param>
/// <param name="scale">Of scores.</param>
internal sealed unsafe class CachedAttentionKernel(int heads, int kvHeads, float scale) : IOperatorKernel
{
    /// <summary>From so many tokens on they are turned on all threads.</summary>
    private const int ParallelTokens = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(OperatorCall call)
    {
        Span<long> pastShape = stackalloc long[OperatorCall.MostDimensions];
        Span<long> shape = stackalloc long[OperatorCall.MostDimensions];
        var step = new AttentionStep { Heads = heads, KvHeads = kvHeads };
        sbyte* past = call.Input<sbyte>(1, pastShape, out int pastRank);
        Require(pastRank == 4 && pastShape[1] == kvHeads && CachedAttention.Takes((int)Math.Min(pastShape[3], int.MaxValue)), "past keys", pastShape[..pastRank]);
        sbyte* pastValues = call.Input<sbyte>(2, shape, out int rank);
        Require(shape[..rank].SequenceEqual(pastShape[..pastRank]), "past values", shape[..rank]);
        step.Dim = (int)pastShape[3];
        step.Capacity = checked((int)pastShape[2]);
        step.Packed = call.Input<float>(0, shape, out rank);
        Require(rank == 3 && shape[0] == pastShape[0] && shape[2] == (heads + 2L * kvHeads) * step.Dim, "query, key and value", shape[..rank]);
        (step.Rows, step.Tokens) = (checked((int)shape[0]), checked((int)shape[1]));
        shape[2] = (long)heads * step.Dim;
        step.Output = call.Output<float>(0, shape[..rank]);
        step.Keys = call.Output<sbyte>(1, pastShape[..pastRank]);
        step.Values = call.Output<sbyte>(2, pastShape[..pastRank]);
        if (step.Keys != past || step.Values != pastValues)
        {
            throw new OnnxRuntimeException("Present keys and values must be bound to the buffers of the past ones.", OnnxRuntimeErrorCode.InvalidArgument);
        }

        step.Lengths = call.Input<int>(3, shape, out rank);
        Require(rank == 1 && shape[0] == step.Rows, "lengths", shape[..rank]);
        step.Cosines = call.Input<float>(5, shape, out rank);
        Require(rank == 2 && shape[1] * 2 == step.Dim, "cosines", shape[..rank]);
        long positions = shape[0];
        step.Sines = call.Input<float>(6, shape, out rank);
        Require(rank == 2 && shape[1] * 2 == step.Dim && shape[0] == positions, "sines", shape[..rank]);
        step.KeyStep = *call.Input<float>(7, shape, out rank);
        Require(rank == 1 && shape[0] == 1, "the keys' step", shape[..rank]);
        step.ValueStep = *call.Input<float>(8, shape, out rank);
        Require(rank == 1 && shape[0] == 1, "the values' step", shape[..rank]);
        step.Scale = scale * step.KeyStep;
        if (step.Rows == 0 || step.Tokens == 0)
        {
            return;
        }

        int longest = 0;
        for (int row = 0; row < step.Rows; row++)
        {
            // Not added to 1 before it is known to be small: a damaged length may be the largest number.
            int last = step.Lengths[row];
            if (last < step.Tokens - 1 || last >= step.Capacity || last >= positions)
            {
                throw new OnnxRuntimeException(
                    $"Length of row {row}: expected {step.Tokens} to {Math.Min(step.Capacity, positions)}, found {last + 1L}.", OnnxRuntimeErrorCode.InvalidArgument);
            }

            longest = Math.Max(longest, last + 1);
        }

        Run(call, ref step, longest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(OperatorCall call, ref AttentionStep step, int longest)
    {
        step.Queries = step.Heads / step.KvHeads * step.Tokens;
        step.PaddedQueries = AttentionKernel.Pad(step.Queries);
        step.Pieces = (longest + AttentionKernel.PieceKeys - 1) / AttentionKernel.PieceKeys;
        int ofHeads = step.Rows * step.KvHeads;
        bool isSplit = step.PaddedQueries <= AttentionKernel.MostQueries && step.Pieces > 1;
        long queryBytes = Scratch.Align((long)ofHeads * step.PaddedQueries * step.Dim * sizeof(float));
        long partialBytes = isSplit ? ofHeads * step.PartialBytes(step.PaddedQueries) : 0;
        byte* scratch = Scratch.Take(queryBytes + partialBytes);
        step.Turned = (float*)scratch;
        step.Partials = (float*)(scratch + queryBytes);
        fixed (AttentionStep* state = &step)
        {
            Each(call, &AppendToken, step.Rows * step.Tokens, ParallelTokens, state);
            if (isSplit)
            {
                call.ParallelFor(&AttendPiece, ofHeads * step.Pieces, state);
                Each(call, &JoinHead, ofHeads, ParallelTokens, state);
            }
            else
            {
                call.ParallelFor(&AttendQueries, ofHeads * step.QueryParts, state);
            }
        }
    }

    /// <summary>On all threads where there is enough to do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Each(OperatorCall call, delegate* unmanaged<void*, nuint, void> body, int count, int parallelFrom, AttentionStep* step)
    {
        if (count >= parallelFrom)
        {
            call.ParallelFor(body, count, step);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            body(step, (nuint)i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [UnmanagedCallersOnly]
    private static void AppendToken(void* step, nuint token) => ((AttentionStep*)step)->Append((int)token);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [UnmanagedCallersOnly]
    private static void AttendPiece(void* step, nuint task) => ((AttentionStep*)step)->AttendPiece((int)task);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [UnmanagedCallersOnly]
    private static void AttendQueries(void* step, nuint task) => ((AttentionStep*)step)->AttendQueries((int)task);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [UnmanagedCallersOnly]
    private static void JoinHead(void* step, nuint head) => ((AttentionStep*)step)->Join((int)head);

    private static void Require(bool holds, string what, ReadOnlySpan<long> found)
    {
        if (!holds)
        {
            throw new OnnxRuntimeException($"Shape of {what}: [{string.Join(", ", found.ToArray())}] does not go with the node's other shapes and attributes.", OnnxRuntimeErrorCode.InvalidArgument);
        }
    }
}
