namespace LongWriter.Onnx.Tokenization.Merging;

/// <summary>
/// The ids of short pieces seen before: text repeats its words. One slot per hash, a newcomer takes the place of the old, so
/// it never holds more than <see cref="SlotCount"/> pieces of <see cref="MaxPieceLength"/> characters (about 2 MB). Entries are immutable and
/// swapped in whole, so readers need no lock; a lost race costs a second encoding, never another result.
/// </summary>
internal sealed class PieceCache
{
    public const int SlotCount = 1 << 13;
    public const int MaxPieceLength = 32;

    private readonly Entry?[] slots = new Entry?[SlotCount];

    public bool TryGet(ReadOnlySpan<char> piece, int hash, out ReadOnlySpan<int> ids)
    {
        Entry? entry = Volatile.Read(ref slots[hash & (SlotCount - 1)]);
        bool found = entry is not null && piece.SequenceEqual(entry.Piece);
        ids = found ? entry!.Ids : default;
        return found;
    }

    public void Put(ReadOnlySpan<char> piece, int hash, ReadOnlySpan<int> ids)
        => Volatile.Write(ref slots[hash & (SlotCount - 1)], new Entry(piece.ToString(), ids.ToArray()));

    private sealed record Entry(string Piece, int[] Ids);
}
