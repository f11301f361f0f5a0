using System.Numerics;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// The largest values of a vocabulary, without sorting it. A value and its id are packed into one number whose order is: larger values first, of equal
/// values the smaller id. So the order is total, and the result does not depend on how it was found.
/// </summary>
internal sealed class TopTokens(int vocabSize)
{
    private readonly ulong[] heap = new ulong[vocabSize];

    /// <summary>The <paramref name="k"/> largest, in order. Almost every vector of values is dismissed by one comparison.</summary>
    public int Largest(ReadOnlySpan<float> values, int k, Span<int> ids, Span<float> kept)
    {
        // The heap's root is the least of the best so far.
        Span<ulong> least = heap.AsSpan(0, k);
        for (int i = 0; i < k; i++)
        {
            least[i] = ~Pack(values[i], i);
        }

        MaxHeap.Build(least);
        float threshold = Value(~least[0]);
        int width = Vector<float>.Count;
        int id = k;
        for (; id <= values.Length - width; id += width)
        {
            if (Vector.GreaterThanAny(new Vector<float>(values[id..]), new Vector<float>(threshold)))
            {
                threshold = Insert(values.Slice(id, width), id, least, threshold);
            }
        }

        Insert(values[id..], id, least, threshold);
        for (int i = k - 1; i >= 0; i--)
        {
            // The root is the last in the order.
            ulong packed = ~MaxHeap.Pop(least[..(i + 1)]);
            (ids[i], kept[i]) = (Id(packed), Value(packed));
        }

        return k;
    }

    /// <summary>The fewest of the largest whose sum reaches the fraction <paramref name="p"/> of <paramref name="sum"/>, in order.</summary>
    public int LargestOfMass(ReadOnlySpan<float> weights, float p, double sum, Span<int> ids, Span<float> kept)
    {
        // Everything below this share sums to less than 1 - p, so none of it can be among the kept ones.
        float floor = (float)((1 - (double)p) * sum / weights.Length) * 0.999f;
        int count = AtLeast(weights, floor, ids, kept);
        Span<ulong> candidates = heap.AsSpan(0, count);
        for (int i = 0; i < count; i++)
        {
            candidates[i] = Pack(kept[i], ids[i]);
        }

        MaxHeap.Build(candidates);
        double mass = 0;
        int taken = 0;
        while (taken < count && mass < p * sum)
        {
            ulong packed = MaxHeap.Pop(candidates[..(count - taken)]);
            (ids[taken], kept[taken]) = (Id(packed), Value(packed));
            mass += kept[taken];
            taken++;
        }

        return taken;
    }

    /// <summary>All that are at least <paramref name="threshold"/>, by id.</summary>
    public static int AtLeast(ReadOnlySpan<float> values, float threshold, Span<int> ids, Span<float> kept)
    {
        int count = 0;
        int width = Vector<float>.Count;
        int start = 0;
        for (; start <= values.Length - width; start += width)
        {
            if (Vector.GreaterThanOrEqualAny(new Vector<float>(values[start..]), new Vector<float>(threshold)))
            {
                count = Collect(values.Slice(start, width), start, threshold, ids, kept, count);
            }
        }

        return Collect(values[start..], start, threshold, ids, kept, count);
    }

    /// <summary>How many of descending weights it takes to reach <paramref name="mass"/>; at least 1.</summary>
    public static int CountOfMass(ReadOnlySpan<float> descending, double mass)
    {
        double reached = 0;
        int count = 0;
        while (count < descending.Length && (count == 0 || reached < mass))
        {
            reached += descending[count++];
        }

        return count;
    }

    private static float Insert(ReadOnlySpan<float> values, int firstId, Span<ulong> least, float threshold)
    {
        for (int i = 0; i < values.Length; i++)
        {
            // Not for an equal one: its id is larger than those in the heap.
            if (values[i] > threshold)
            {
                least[0] = ~Pack(values[i], firstId + i);
                MaxHeap.SiftDown(least, 0);
                threshold = Value(~least[0]);
            }
        }

        return threshold;
    }

    private static int Collect(ReadOnlySpan<float> values, int firstId, float threshold, Span<int> ids, Span<float> kept, int count)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] >= threshold)
            {
                (ids[count], kept[count]) = (firstId + i, values[i]);
                count++;
            }
        }

        return count;
    }

    /// <summary>IEEE bits order like integers once negative numbers are inverted and positive ones get the top bit. NaN was refused before.</summary>
    private static ulong Pack(float value, int id)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value + 0f);
        uint ordered = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        return ((ulong)ordered << 32) | (uint)~id;
    }

    private static int Id(ulong packed) => (int)~(uint)packed;

    private static float Value(ulong packed)
    {
        uint ordered = (uint)(packed >> 32);
        return BitConverter.UInt32BitsToSingle((ordered & 0x80000000) != 0 ? ordered & 0x7FFFFFFF : ~ordered);
    }
}
