using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// Queries against a piece of int8 keys and values. Heads that share keys, and neighbouring tokens, go through them together, so that each key is read and made a number once. Each query's own
/// arithmetic has one order, so its result does not depend on what is beside it.
/// </summary>
internal static unsafe class AttentionKernel
{
    /// <summary>Queries that go together at most.</summary>
    public const int MostQueries = 32;

    /// <summary>Keys of a piece. Fixed, so that sums do not depend on the number of threads.</summary>
    public const int PieceKeys = 512;

    /// <summary>Queries whose sums are in registers at once, of those that go together.</summary>
    private const int RegisterQueries = 8;

    private const int TileKeys = 16;

    /// <summary>How many queries a kernel is given for <paramref name="count"/>; those behind are of any content.</summary>
    public static int Pad(int count) => count <= 1 ? 1 : count <= 4 ? 4 : (count + RegisterQueries - 1) / RegisterQueries * RegisterQueries;

    /// <summary>Scores, softmax and weighted sums of one piece, not yet divided by the sums of weights.</summary>
    /// <param name="queries">(<paramref name="count"/>, <paramref name="dim"/>), one behind the other, scaled.</param>
    /// <param name="count">As <see cref="Pad"/> gives it, <see cref="MostQueries"/> at most.</param>
    /// <param name="dim">A multiple of 16.</param>
    /// <param name="keys">(keys, <paramref name="dim"/>) from the piece's first key.</param>
    /// <param name="values">The same.</param>
    /// <param name="visible">Keys of the piece that each query sees; no query sees fewer than one before it.</param>
    /// <param name="partials">For each query <paramref name="dim"/> numbers, then the largest score, then the sum of weights.</param>
    /// <param name="partialStride">Numbers from one query's to the next one's.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Attend(float* queries, int count, int dim, sbyte* keys, sbyte* values, int* visible, float* partials, long partialStride)
    {
        float* scores = stackalloc float[count * PieceKeys];
        float* tile = stackalloc float[TileKeys * dim];
        int most = visible[count - 1];
        for (int first = 0; first < most; first += TileKeys)
        {
            PrefetchTile(values, first, most, dim);
            LoadTile(keys, first, most, dim, tile);
            if (count == 1)
            {
                Score1(tile, queries, dim, scores + first);
                continue;
            }

            for (int query = 0; query < count; query += 4)
            {
                // Queries that see nothing of the tile get no scores: their weights are not looked at.
                if (first < visible[query + 3])
                {
                    Score4(tile, queries + query * dim, dim, scores + query * PieceKeys + first);
                }
            }
        }

        for (int query = 0; query < count; query += RegisterQueries)
        {
            int together = Math.Min(RegisterQueries, count - query);
            int seen = visible[query + together - 1];
            float* weights = scores + query * PieceKeys;
            float* sums = partials + query * partialStride;
            for (int i = 0; i < together; i++)
            {
                float* state = sums + i * partialStride + dim;
                ToWeights(weights + i * PieceKeys, visible[query + i], seen, out state[0], out state[1]);
            }

            for (int first = 0; first < dim; first += Vector512<float>.Count)
            {
                switch (together)
                {
                    case 1:
                        Weigh1(values + first, seen, dim, weights, sums + first);
                        break;
                    case 4:
                        Weigh4(values + first, seen, dim, weights, sums + first, partialStride);
                        break;
                    default:
                        Weigh8(values + first, seen, dim, weights, sums + first, partialStride);
                        break;
                }
            }
        }
    }

    /// <summary>Values are read when all scores are there; they may come meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchTile(sbyte* values, int first, int end, int dim)
    {
        byte* last = (byte*)values + (long)Math.Min(first + TileKeys, end) * dim;
        for (byte* line = (byte*)values + (long)first * dim; line < last; line += 64)
        {
            Lanes.PrefetchSoon(line);
        }
    }

    /// <summary>Keys as numbers, turned: (dim, 16 keys). Behind the last one, the last one again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LoadTile(sbyte* keys, int first, int end, int dim, float* tile)
    {
        sbyte** row = stackalloc sbyte*[TileKeys];
        for (int i = 0; i < TileKeys; i++)
        {
            row[i] = keys + (long)Math.Min(first + i, end - 1) * dim;
        }

        for (int d = 0; d < dim; d += 16)
        {
            // In each quarter of a register four keys, of which four bytes each are turned against each other.
            Vector512<int> a = Four(row, 0, d), b = Four(row, 1, d), c = Four(row, 2, d), e = Four(row, 3, d);
            Vector512<int> ab0 = Lanes.UnpackLow(a, b), ab1 = Lanes.UnpackHigh(a, b), ce0 = Lanes.UnpackLow(c, e), ce1 = Lanes.UnpackHigh(c, e);
            StoreBytes(Lanes.UnpackLow(ab0.AsInt64(), ce0.AsInt64()).AsInt32(), tile + d * TileKeys);
            StoreBytes(Lanes.UnpackHigh(ab0.AsInt64(), ce0.AsInt64()).AsInt32(), tile + (d + 4) * TileKeys);
            StoreBytes(Lanes.UnpackLow(ab1.AsInt64(), ce1.AsInt64()).AsInt32(), tile + (d + 8) * TileKeys);
            StoreBytes(Lanes.UnpackHigh(ab1.AsInt64(), ce1.AsInt64()).AsInt32(), tile + (d + 12) * TileKeys);
        }
    }

    /// <summary>Keys i, i + 4, i + 8 and i + 12: 16 bytes of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Four(sbyte** row, int i, int d) => Vector512.Create(
        Vector256.Create(Vector128.Load(row[i] + d), Vector128.Load(row[i + 4] + d)),
        Vector256.Create(Vector128.Load(row[i + 8] + d), Vector128.Load(row[i + 12] + d))).AsInt32();

    /// <summary>Four bytes of each of 16 keys as four rows of numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreBytes(Vector512<int> bytes, float* target)
    {
        Vector512.ConvertToSingle((bytes << 24) >> 24).Store(target);
        Vector512.ConvertToSingle((bytes << 16) >> 24).Store(target + TileKeys);
        Vector512.ConvertToSingle((bytes << 8) >> 24).Store(target + 2 * TileKeys);
        Vector512.ConvertToSingle(bytes >> 24).Store(target + 3 * TileKeys);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score1(float* tile, float* query, int dim, float* scores)
    {
        // Even and odd dimensions by themselves, as one chain of additions would be waited for. The others do the same, for the same sums.
        Vector512<float> even = Vector512<float>.Zero, odd = even;
        for (int d = 0; d < dim; d += 2, tile += 2 * TileKeys)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.Load(tile), Vector512.Create(query[d]), even);
            odd = Vector512.FusedMultiplyAdd(Vector512.Load(tile + TileKeys), Vector512.Create(query[d + 1]), odd);
        }

        (even + odd).Store(scores);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score4(float* tile, float* queries, int dim, float* scores)
    {
        float* q1 = queries + dim, q2 = q1 + dim, q3 = q2 + dim;
        Vector512<float> even0 = Vector512<float>.Zero, odd0 = even0, even1 = even0, odd1 = even0, even2 = even0, odd2 = even0, even3 = even0, odd3 = even0;
        for (int d = 0; d < dim; d += 2, tile += 2 * TileKeys)
        {
            Vector512<float> key = Vector512.Load(tile);
            even0 = Vector512.FusedMultiplyAdd(key, Vector512.Create(queries[d]), even0);
            even1 = Vector512.FusedMultiplyAdd(key, Vector512.Create(q1[d]), even1);
            even2 = Vector512.FusedMultiplyAdd(key, Vector512.Create(q2[d]), even2);
            even3 = Vector512.FusedMultiplyAdd(key, Vector512.Create(q3[d]), even3);
            key = Vector512.Load(tile + TileKeys);
            odd0 = Vector512.FusedMultiplyAdd(key, Vector512.Create(queries[d + 1]), odd0);
            odd1 = Vector512.FusedMultiplyAdd(key, Vector512.Create(q1[d + 1]), odd1);
            odd2 = Vector512.FusedMultiplyAdd(key, Vector512.Create(q2[d + 1]), odd2);
            odd3 = Vector512.FusedMultiplyAdd(key, Vector512.Create(q3[d + 1]), odd3);
        }

        (even0 + odd0).Store(scores);
        (even1 + odd1).Store(scores + PieceKeys);
        (even2 + odd2).Store(scores + 2 * PieceKeys);
        (even3 + odd3).Store(scores + 3 * PieceKeys);
    }

    /// <summary>Scores become weights; those of keys that the query does not see, 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ToWeights(float* scores, int visible, int end, out float largest, out float sum)
    {
        int padded = (end + TileKeys - 1) / TileKeys * TileKeys;
        if (visible <= 0)
        {
            new Span<float>(scores, padded).Clear();
            (largest, sum) = (float.NegativeInfinity, 0);
            return;
        }

        int whole = (visible + TileKeys - 1) / TileKeys * TileKeys;
        new Span<float>(scores + visible, whole - visible).Fill(float.NegativeInfinity);
        new Span<float>(scores + whole, padded - whole).Clear();
        Vector512<float> most = Vector512.Create(float.NegativeInfinity);
        for (int i = 0; i < whole; i += TileKeys)
        {
            most = Vector512.Max(most, Vector512.Load(scores + i));
        }

        largest = float.NegativeInfinity;
        for (int i = 0; i < TileKeys; i++)
        {
            largest = Math.Max(largest, most.GetElement(i));
        }

        var offset = Vector512.Create(largest);
        Vector512<float> total = Vector512<float>.Zero;
        for (int i = 0; i < whole; i += TileKeys)
        {
            Vector512<float> weight = Exponential.Of(Vector512.Load(scores + i) - offset);
            weight.Store(scores + i);
            total += weight;
        }

        sum = Vector512.Sum(total);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh1(sbyte* values, int keys, int dim, float* weights, float* output)
    {
        Vector512<float> even = Vector512<float>.Zero, odd = even;
        int key = 0;
        for (; key + 2 <= keys; key += 2, values += 2 * dim)
        {
            even = Vector512.FusedMultiplyAdd(Lanes.LoadBytes(values), Vector512.Create(weights[key]), even);
            odd = Vector512.FusedMultiplyAdd(Lanes.LoadBytes(values + dim), Vector512.Create(weights[key + 1]), odd);
        }

        if (key < keys)
        {
            even = Vector512.FusedMultiplyAdd(Lanes.LoadBytes(values), Vector512.Create(weights[key]), even);
        }

        (even + odd).Store(output);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh4(sbyte* values, int keys, int dim, float* weights, float* output, long stride)
    {
        float* w1 = weights + PieceKeys, w2 = w1 + PieceKeys, w3 = w2 + PieceKeys;
        Vector512<float> even0 = Vector512<float>.Zero, odd0 = even0, even1 = even0, odd1 = even0, even2 = even0, odd2 = even0, even3 = even0, odd3 = even0;
        int key = 0;
        for (; key + 2 <= keys; key += 2, values += 2 * dim)
        {
            Vector512<float> value = Lanes.LoadBytes(values);
            even0 = Vector512.FusedMultiplyAdd(value, Vector512.Create(weights[key]), even0);
            even1 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w1[key]), even1);
            even2 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w2[key]), even2);
            even3 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w3[key]), even3);
            value = Lanes.LoadBytes(values + dim);
            odd0 = Vector512.FusedMultiplyAdd(value, Vector512.Create(weights[key + 1]), odd0);
            odd1 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w1[key + 1]), odd1);
            odd2 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w2[key + 1]), odd2);
            odd3 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w3[key + 1]), odd3);
        }

        if (key < keys)
        {
            Vector512<float> value = Lanes.LoadBytes(values);
            even0 = Vector512.FusedMultiplyAdd(value, Vector512.Create(weights[key]), even0);
            even1 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w1[key]), even1);
            even2 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w2[key]), even2);
            even3 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w3[key]), even3);
        }

        (even0 + odd0).Store(output);
        (even1 + odd1).Store(output + stride);
        (even2 + odd2).Store(output + 2 * stride);
        (even3 + odd3).Store(output + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weigh8(sbyte* values, int keys, int dim, float* weights, float* output, long stride)
    {
        Vector512<float> even0 = Vector512<float>.Zero, odd0 = even0, even1 = even0, odd1 = even0, even2 = even0, odd2 = even0, even3 = even0, odd3 = even0;
        Vector512<float> even4 = even0, odd4 = even0, even5 = even0, odd5 = even0, even6 = even0, odd6 = even0, even7 = even0, odd7 = even0;
        int key = 0;
        for (; key + 2 <= keys; key += 2, values += 2 * dim)
        {
            float* w = weights + key;
            Vector512<float> value = Lanes.LoadBytes(values);
            even0 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[0]), even0);
            even1 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[PieceKeys]), even1);
            even2 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[2 * PieceKeys]), even2);
            even3 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[3 * PieceKeys]), even3);
            even4 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[4 * PieceKeys]), even4);
            even5 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[5 * PieceKeys]), even5);
            even6 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[6 * PieceKeys]), even6);
            even7 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[7 * PieceKeys]), even7);
            value = Lanes.LoadBytes(values + dim);
            odd0 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[1]), odd0);
            odd1 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[PieceKeys + 1]), odd1);
            odd2 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[2 * PieceKeys + 1]), odd2);
            odd3 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[3 * PieceKeys + 1]), odd3);
            odd4 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[4 * PieceKeys + 1]), odd4);
            odd5 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[5 * PieceKeys + 1]), odd5);
            odd6 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[6 * PieceKeys + 1]), odd6);
            odd7 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[7 * PieceKeys + 1]), odd7);
        }

        if (key < keys)
        {
            float* w = weights + key;
            Vector512<float> value = Lanes.LoadBytes(values);
            even0 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[0]), even0);
            even1 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[PieceKeys]), even1);
            even2 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[2 * PieceKeys]), even2);
            even3 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[3 * PieceKeys]), even3);
            even4 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[4 * PieceKeys]), even4);
            even5 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[5 * PieceKeys]), even5);
            even6 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[6 * PieceKeys]), even6);
            even7 = Vector512.FusedMultiplyAdd(value, Vector512.Create(w[7 * PieceKeys]), even7);
        }

        (even0 + odd0).Store(output);
        (even1 + odd1).Store(output + stride);
        (even2 + odd2).Store(output + 2 * stride);
        (even3 + odd3).Store(output + 3 * stride);
        (even4 + odd4).Store(output + 4 * stride);
        (even5 + odd5).Store(output + 5 * stride);
        (even6 + odd6).Store(output + 6 * stride);
        (even7 + odd7).Store(output + 7 * stride);
    }
}
