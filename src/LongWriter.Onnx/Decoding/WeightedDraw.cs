using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Draws an index in proportion to weights. Sums are taken in an order that does not depend on the width of the machine's vectors, so the same weights and
/// the same random number give the same index everywhere; a library's sum would not.
/// </summary>
internal sealed class WeightedDraw(int capacity)
{
    private const int BlockSize = 256;

    private readonly double[] blockSums = new double[(capacity + BlockSize - 1) / BlockSize];

    public double Sum(ReadOnlySpan<float> weights)
    {
        double sum = 0;
        int blocks = 0;
        for (int start = 0; start < weights.Length; start += BlockSize)
        {
            double block = SumOfBlock(weights.Slice(start, Math.Min(BlockSize, weights.Length - start)));
            blockSums[blocks++] = block;
            sum += block;
        }

        return sum;
    }

    /// <param name="weights">Not negative, at least one above 0.</param>
    /// <param name="random">In [0, 1).</param>
    public int Next(ReadOnlySpan<float> weights, double random)
    {
        double remaining = random * Sum(weights);
        int block = 0;
        int last = (weights.Length - 1) / BlockSize;
        while (block < last && remaining >= blockSums[block])
        {
            remaining -= blockSums[block++];
        }

        // Rounding can carry the rest past the end of the last block, whose weights may all be 0; then an earlier block has the last one above 0.
        int end = Math.Min(weights.Length, (block + 1) * BlockSize);
        int drawn = -1;
        for (int i = block * BlockSize; i < end && (drawn < 0 || remaining >= 0); i++)
        {
            if (weights[i] > 0)
            {
                drawn = i;
                remaining -= weights[i];
            }
        }

        return drawn >= 0 ? drawn : weights[..end].LastIndexOfAnyExcept(0f);
    }

    private static double SumOfBlock(ReadOnlySpan<float> block)
    {
        ReadOnlySpan<Vector256<float>> vectors = MemoryMarshal.Cast<float, Vector256<float>>(block);
        Vector256<float> lanes = Vector256<float>.Zero;
        foreach (Vector256<float> vector in vectors)
        {
            lanes += vector;
        }

        double sum = 0;
        for (int lane = 0; lane < Vector256<float>.Count; lane++)
        {
            sum += lanes[lane];
        }

        foreach (float weight in block[(vectors.Length * Vector256<float>.Count)..])
        {
            sum += weight;
        }

        return sum;
    }
}
