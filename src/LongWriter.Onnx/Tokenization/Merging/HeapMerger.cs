using System.Buffers;

namespace LongWriter.Onnx.Tokenization.Merging;

/// <summary>
/// The same merges by a heap over a linked list, for pieces of any length: n log n. A megabyte without a space is one piece.
/// </summary>
internal static class HeapMerger
{
    public static int Merge(MergeTable merges, Span<int> ids, int count)
    {
        int[] links = ArrayPool<int>.Shared.Rent(2 * count);
        try
        {
            return Merge(merges, ids[..count], links.AsSpan(0, count), links.AsSpan(count, count));
        }
        finally
        {
            ArrayPool<int>.Shared.Return(links);
        }
    }

    private static int Merge(MergeTable merges, Span<int> ids, Span<int> previous, Span<int> next)
    {
        const int Gone = -1;
        var pairs = new PriorityQueue<int, long>(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            previous[i] = i - 1;
            next[i] = i + 1;
            Offer(merges, pairs, ids, i, i + 1);
        }

        while (pairs.TryDequeue(out int left, out long priority))
        {
            // An entry may be older than the pair that stands there now; then its rank is another one.
            int right = ids[left] == Gone ? ids.Length : next[left];
            if (right == ids.Length || merges.RankOf(ids[left], ids[right], out int merged) != (int)(priority >> 32))
            {
                continue;
            }

            ids[left] = merged;
            ids[right] = Gone;
            next[left] = next[right];
            if (next[left] < ids.Length)
            {
                previous[next[left]] = left;
            }

            Offer(merges, pairs, ids, left, next[left]);
            if (previous[left] >= 0)
            {
                Offer(merges, pairs, ids, previous[left], left);
            }
        }

        int kept = 0;
        foreach (int id in ids)
        {
            if (id != Gone)
            {
                ids[kept++] = id;
            }
        }

        return kept;
    }

    private static void Offer(MergeTable merges, PriorityQueue<int, long> pairs, ReadOnlySpan<int> ids, int left, int right)
    {
        if (right < ids.Length)
        {
            int rank = merges.RankOf(ids[left], ids[right], out _);
            if (rank != MergeTable.NoMerge)
            {
                pairs.Enqueue(left, ((long)rank << 32) | (uint)left);
            }
        }
    }
}
