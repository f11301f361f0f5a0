namespace LongWriter.Onnx.Tokenization.Merging;

/// <summary>Merges symbols pair by pair, the lowest rank first, the leftmost among equals.</summary>
internal static class PairMerger
{
    /// <summary>Up to here looking at all pairs again after each merge costs less than a heap; beyond, it would go quadratic.</summary>
    public const int MaxScannedSymbols = 48;

    /// <summary>Merges the first <paramref name="count"/> of <paramref name="ids"/> and returns how many are left.</summary>
    public static int Merge(MergeTable merges, Span<int> ids, int count)
        => count <= MaxScannedSymbols ? MergeByScan(merges, ids, count) : HeapMerger.Merge(merges, ids, count);

    private static int MergeByScan(MergeTable merges, Span<int> ids, int count)
    {
        Span<int> ranks = stackalloc int[MaxScannedSymbols];
        for (int i = 0; i + 1 < count; i++)
        {
            ranks[i] = merges.RankOf(ids[i], ids[i + 1], out _);
        }

        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
            {
                best = ranks[i] < ranks[best] ? i : best;
            }

            if (ranks[best] == MergeTable.NoMerge)
            {
                break;
            }

            merges.RankOf(ids[best], ids[best + 1], out int merged);
            ids[best] = merged;
            ids[(best + 2)..count].CopyTo(ids[(best + 1)..]);
            ranks[(best + 2)..count].CopyTo(ranks[(best + 1)..]);
            count--;
            ranks[best] = best + 1 < count ? merges.RankOf(ids[best], ids[best + 1], out _) : MergeTable.NoMerge;
            if (best > 0)
            {
                ranks[best - 1] = merges.RankOf(ids[best - 1], ids[best], out _);
            }
        }

        return count;
    }
}
