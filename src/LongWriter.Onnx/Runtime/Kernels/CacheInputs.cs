using System.Runtime.CompilerServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// What operators with attention take beside what is attended with, at the same places: 1 and 2 past keys and values (batch, kv_heads, capacity, dim), 3 each row's length after the step minus 1 (batch),
/// 4 the longest length (not looked at), 5 and 6 cosines and sines (positions, dim / 2), 7 and 8 the steps of int8 keys and values (1). Outputs 1 and 2 are present keys and values, which must be the buffers of the past.
/// </summary>
internal static unsafe class CacheInputs
{
    /// <summary>How many inputs an operator has with these, and one before them.</summary>
    public const int Count = 9;

    /// <summary>Reads the buffers, and how many rows, positions and numbers a head they hold.</summary>
    /// <exception cref="OnnxRuntimeException">They do not go with the step's heads, or with each other.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReadPast(OperatorCall call, ref AttentionStep step)
    {
        Span<long> shape = stackalloc long[OperatorCall.MostDimensions];
        Span<long> ofValues = stackalloc long[OperatorCall.MostDimensions];
        sbyte* past = call.Input<sbyte>(1, shape, out int rank);
        Require(rank == 4 && shape[1] == step.KvHeads && CachedAttention.Takes((int)Math.Min(shape[3], int.MaxValue)), "past keys", shape[..rank]);
        sbyte* pastValues = call.Input<sbyte>(2, ofValues, out int rankOfValues);
        Require(ofValues[..rankOfValues].SequenceEqual(shape[..rank]), "past values", ofValues[..rankOfValues]);
        (step.Rows, step.Capacity, step.Dim) = (checked((int)shape[0]), checked((int)shape[2]), (int)shape[3]);
        step.Keys = call.Output<sbyte>(1, shape[..rank]);
        step.Values = call.Output<sbyte>(2, shape[..rank]);
        if (step.Keys != past || step.Values != pastValues)
        {
            throw new OnnxRuntimeException("Present keys and values must be bound to the buffers of the past ones.", OnnxRuntimeErrorCode.InvalidArgument);
        }
    }

    /// <summary>Reads the rest; the step's rows, tokens, capacity and numbers a head are known. Gives the longest length after the step.</summary>
    /// <exception cref="OnnxRuntimeException">Something does not go with these, or a length is out of range.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int ReadLengths(OperatorCall call, float scale, ref AttentionStep step)
    {
        Span<long> shape = stackalloc long[OperatorCall.MostDimensions];
        step.Lengths = call.Input<int>(3, shape, out int rank);
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
        return CheckLengths(step, positions);
    }

    /// <param name="holds">Whether it is as it must be.</param>
    /// <param name="what">What has the shape.</param>
    /// <param name="found">The shape.</param>
    /// <exception cref="OnnxRuntimeException">It is not.</exception>
    public static void Require(bool holds, string what, ReadOnlySpan<long> found)
    {
        if (!holds)
        {
            throw new OnnxRuntimeException($"Shape of {what}: [{string.Join(", ", found.ToArray())}] does not go with the node's other shapes and attributes.", OnnxRuntimeErrorCode.InvalidArgument);
        }
    }

    private static int CheckLengths(in AttentionStep step, long positions)
    {
        int longest = 0;
        for (int row = 0; row < step.Rows && step.Tokens > 0; row++)
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

        return longest;
    }
}
