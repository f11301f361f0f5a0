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
        var step = new AttentionStep { Heads = heads, KvHeads = kvHeads };
        CacheInputs.ReadPast(call, ref step);
        Span<long> shape = stackalloc long[OperatorCall.MostDimensions];
        step.Packed = call.Input<float>(0, shape, out int rank);
        CacheInputs.Require(rank == 3 && shape[0] == step.Rows && shape[2] == (heads + 2L * kvHeads) * step.Dim, "query, key and value", shape[..rank]);
        step.Tokens = checked((int)shape[1]);
        shape[2] = (long)heads * step.Dim;
        step.Output = call.Output<float>(0, shape[..rank]);
        int longest = CacheInputs.ReadLengths(call, scale, ref step);
        if (step.Rows > 0 && step.Tokens > 0)
        {
            step.Split(longest);
            step.UseScratch(Scratch.Take(step.ScratchBytes));
            Run(call, ref step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(OperatorCall call, ref AttentionStep step)
    {
        fixed (AttentionStep* state = &step)
        {
            Each(call, &AppendToken, step.Rows * step.Tokens, ParallelTokens, state);
            call.ParallelFor(&Attend, step.AttendTasks, state);
            if (step.IsSplit)
            {
                Each(call, &JoinHead, step.KvHeadRows, ParallelTokens, state);
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
    private static void Attend(void* step, nuint task) => ((AttentionStep*)step)->Attend((int)task);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [UnmanagedCallersOnly]
    private static void JoinHead(void* step, nuint head) => ((AttentionStep*)step)->Join((int)head);
}
