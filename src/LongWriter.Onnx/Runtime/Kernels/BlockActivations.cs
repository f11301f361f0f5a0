using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>Activations as signed bytes with a scale for each block, and the sums of the blocks' bytes, by which the zero point of the weights is taken out again.</summary>
internal static unsafe class BlockActivations
{
    /// <summary>Quantizes some blocks of a row.</summary>
    /// <param name="source">The row; with <paramref name="gated"/> twice as many numbers as inputs, gates before values.</param>
    /// <param name="inputs">Inputs of the row.</param>
    /// <param name="blockSize">Numbers with one scale: a multiple of 32.</param>
    /// <param name="gated">Whether a number is a value times its gate times the gate's sigmoid.</param>
    /// <param name="from">The first block.</param>
    /// <param name="end">The one behind the last.</param>
    /// <param name="quants">Receives the row's bytes, blocks filled up with zeros.</param>
    /// <param name="scales">Receives a scale for each block of the row.</param>
    /// <param name="sums">Receives the sum of each block's bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(float* source, int inputs, int blockSize, bool gated, int from, int end, sbyte* quants, float* scales, int* sums)
    {
        float* numbers = stackalloc float[blockSize];
        for (int block = from; block < end; block++)
        {
            int start = block * blockSize;
            int count = Math.Min(blockSize, inputs - start);
            new Span<float>(numbers + count, blockSize - count).Clear();
            if (gated)
            {
                Gate(source + start, source + inputs + start, count, numbers);
            }
            else
            {
                new Span<float>(source + start, count).CopyTo(new Span<float>(numbers, count));
            }

            QuantizeBlock(numbers, blockSize, quants + start, out scales[block], out sums[block]);
        }
    }

    /// <summary>Quantizes numbers times a norm's weights times a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void QuantizeNormed(float* source, float* norm, float factor, int inputs, int blockSize, sbyte* quants, float* scales, int* sums)
    {
        float* block = stackalloc float[blockSize];
        var factors = Vector512.Create(factor);
        for (int start = 0; start < inputs; start += blockSize)
        {
            int count = Math.Min(blockSize, inputs - start);
            new Span<float>(block + count, blockSize - count).Clear();
            int i = 0;
            for (; i + Vector512<float>.Count <= count; i += Vector512<float>.Count)
            {
                (Vector512.Load(source + start + i) * factors * Vector512.Load(norm + start + i)).Store(block + i);
            }

            for (; i < count; i++)
            {
                block[i] = source[start + i] * factor * norm[start + i];
            }

            QuantizeBlock(block, blockSize, quants + start, out *scales++, out *sums++);
        }
    }

    /// <summary>Adds two rows; gives what the sum must be multiplied by to have a root mean square of 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Add(float* stream, float* branch, int inputs, float epsilon, float* sum)
    {
        Vector512<float> squares = Vector512<float>.Zero;
        int i = 0;
        for (; i + Vector512<float>.Count <= inputs; i += Vector512<float>.Count)
        {
            Vector512<float> added = Vector512.Load(stream + i) + Vector512.Load(branch + i);
            added.Store(sum + i);
            squares = Vector512.FusedMultiplyAdd(added, added, squares);
        }

        float total = Vector512.Sum(squares);
        for (; i < inputs; i++)
        {
            sum[i] = stream[i] + branch[i];
            total = MathF.FusedMultiplyAdd(sum[i], sum[i], total);
        }

        return 1 / MathF.Sqrt(total / inputs + epsilon);
    }

    /// <summary>What a row must be multiplied by to have a root mean square of 1: the same bits as <see cref="Add"/> gives of a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float NormFactor(float* row, int inputs, float epsilon)
    {
        Vector512<float> squares = Vector512<float>.Zero;
        int i = 0;
        for (; i + Vector512<float>.Count <= inputs; i += Vector512<float>.Count)
        {
            Vector512<float> numbers = Vector512.Load(row + i);
            squares = Vector512.FusedMultiplyAdd(numbers, numbers, squares);
        }

        float total = Vector512.Sum(squares);
        for (; i < inputs; i++)
        {
            total = MathF.FusedMultiplyAdd(row[i], row[i], total);
        }

        return 1 / MathF.Sqrt(total / inputs + epsilon);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuantizeBlock(float* block, int size, sbyte* quants, out float scale, out int sum)
    {
        Vector512<float> largest = Vector512<float>.Zero;
        for (int i = 0; i < size; i += Vector512<float>.Count)
        {
            largest = Vector512.Max(largest, Vector512.Abs(Vector512.Load(block + i)));
        }

        float most = Largest(largest);
        scale = most / 127;
        Vector512<float> inverse = Vector512.Create(most == 0 ? 0 : 127 / most);
        Vector512<float> total = Vector512<float>.Zero;
        for (int i = 0; i < size; i += Vector512<float>.Count)
        {
            Vector512<float> whole = Vector512.Round(Vector512.Load(block + i) * inverse);
            total += whole;
            Lanes.StoreBytes(whole, quants + i);
        }

        sum = (int)Vector512.Sum(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Largest(Vector512<float> numbers)
    {
        Vector256<float> eight = Vector256.Max(numbers.GetLower(), numbers.GetUpper());
        Vector128<float> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(four.GetElement(0), four.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gate(float* gates, float* values, int count, float* target)
    {
        int i = 0;
        for (; i + Vector512<float>.Count <= count; i += Vector512<float>.Count)
        {
            Vector512<float> gate = Vector512.Load(gates + i);
            (gate / (Vector512<float>.One + Exponential.Of(-gate)) * Vector512.Load(values + i)).Store(target + i);
        }

        for (; i < count; i++)
        {
            target[i] = gates[i] / (1 + MathF.Exp(-gates[i])) * values[i];
        }
    }
}
