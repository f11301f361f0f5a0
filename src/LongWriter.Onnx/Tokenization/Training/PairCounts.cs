using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Tokenization.Training;

/// <summary>A distinct piece as ids, and how often it occurs.</summary>
internal sealed class CountedPiece(int[] ids, long count)
{
    public int[] Ids { get; } = ids;

    public long Count { get; } = count;

    /// <summary>How many of <see cref="Ids"/> are left; merges make it smaller.</summary>
    public int Length { get; set; } = ids.Length;
}

/// <summary>
/// How often each pair of neighbours occurs, kept up to date merge by merge. The heap is lazy: an entry may promise more than its pair
/// still has, never less, since whatever raises a count enters the pair anew.
/// </summary>
internal sealed class PairCounts
{
    private readonly CountedPiece[] pieces;
    private readonly Dictionary<long, Pair> pairs = [];
    private readonly PriorityQueue<long, (long Count, long Key)> heap = new(Comparer<(long Count, long Key)>.Create(
        (one, other) => one.Count != other.Count ? other.Count.CompareTo(one.Count) : one.Key.CompareTo(other.Key)));

    private readonly HashSet<long> raised = [];

    public PairCounts(CountedPiece[] pieces)
    {
        this.pieces = pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            CountedPiece piece = pieces[i];
            for (int j = 0; j + 1 < piece.Length; j++)
            {
                Raise(piece.Ids[j], piece.Ids[j + 1], piece.Count, i);
            }
        }

        EnterRaised();
    }

    /// <summary>Takes the most frequent pair out of the running; among equals the one of smaller ids, left before right.</summary>
    public bool TryTakeBest(int minCount, out int left, out int right)
    {
        while (heap.TryDequeue(out long key, out (long Count, long Key) promised))
        {
            long count = pairs[key].Count;
            if (count != promised.Count)
            {
                if (count >= minCount)
                {
                    heap.Enqueue(key, (count, key));
                }

                continue;
            }

            (left, right) = ((int)(key >> 32), (int)key);
            return count >= minCount;
        }

        (left, right) = (0, 0);
        return false;
    }

    /// <summary>Replaces the pair by <paramref name="merged"/> wherever it stands, from left to right in each piece.</summary>
    public void Merge(int left, int right, int merged)
    {
        foreach (int index in pairs[Key(left, right)].TakePieces())
        {
            MergeIn(pieces[index], index, left, right, merged);
        }

        EnterRaised();
    }

    private void MergeIn(CountedPiece piece, int index, int left, int right, int merged)
    {
        int[] ids = piece.Ids;
        int kept = 0;
        for (int i = 0; i < piece.Length; i++)
        {
            if (ids[i] != left || i + 1 == piece.Length || ids[i + 1] != right)
            {
                ids[kept++] = ids[i];
                continue;
            }

            // Each replacement by itself: the neighbours are those that stand there at that moment.
            Lower(left, right, piece.Count);
            if (kept > 0)
            {
                Lower(ids[kept - 1], left, piece.Count);
                Raise(ids[kept - 1], merged, piece.Count, index);
            }

            if (i + 2 < piece.Length)
            {
                Lower(right, ids[i + 2], piece.Count);
                Raise(merged, ids[i + 2], piece.Count, index);
            }

            ids[kept++] = merged;
            i++;
        }

        piece.Length = kept;
    }

    private void Raise(int left, int right, long count, int pieceIndex)
    {
        long key = Key(left, right);
        ref Pair? pair = ref CollectionsMarshal.GetValueRefOrAddDefault(pairs, key, out _);
        pair ??= new Pair();
        pair.Raise(count, pieceIndex);
        raised.Add(key);
    }

    private void Lower(int left, int right, long count) => pairs[Key(left, right)].Count -= count;

    private void EnterRaised()
    {
        foreach (long key in raised)
        {
            heap.Enqueue(key, (pairs[key].Count, key));
        }

        raised.Clear();
    }

    // Ids are not negative, so keys sort as pairs do.
    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    private sealed class Pair
    {
        private List<int> pieces = [];

        public long Count { get; set; }

        public void Raise(long count, int pieceIndex)
        {
            Count += count;
            if (pieces.Count == 0 || pieces[^1] != pieceIndex)
            {
                pieces.Add(pieceIndex);
            }
        }

        /// <summary>Indices of pieces that may have the pair; some may come twice, some may have it no more.</summary>
        public List<int> TakePieces()
        {
            List<int> taken = pieces;
            pieces = [];
            return taken;
        }
    }
}
