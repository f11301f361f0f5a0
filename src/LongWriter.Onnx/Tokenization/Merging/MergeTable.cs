using System.Numerics;
using LongWriter.Onnx.Tokenization.Files;

namespace LongWriter.Onnx.Tokenization.Merging;

/// <summary>Which pair of symbols merges, how soon, into what: open addressing, half empty, one cache line per look-up.</summary>
internal sealed class MergeTable
{
    public const int NoMerge = int.MaxValue;

    private readonly Slot[] slots;
    private readonly int shift;

    public MergeTable(IReadOnlyList<Merge> merges)
    {
        int bits = BitOperations.Log2((uint)Math.Max(8, merges.Count)) + 2;
        slots = new Slot[1 << bits];
        shift = 64 - bits;
        for (int rank = 0; rank < merges.Count; rank++)
        {
            // A pair that is listed twice counts where it stands last, as in the reference.
            ref Slot slot = ref SlotOf(Key(merges[rank].Left, merges[rank].Right));
            slot = new Slot(Key(merges[rank].Left, merges[rank].Right), rank, merges[rank].Result);
        }
    }

    /// <summary>The rank of a pair, or <see cref="NoMerge"/>; the lower, the sooner.</summary>
    public int RankOf(int left, int right, out int result)
    {
        ref readonly Slot slot = ref SlotOf(Key(left, right));
        result = slot.Result;
        return slot.Key == 0 ? NoMerge : slot.Rank;
    }

    private ref Slot SlotOf(ulong key)
    {
        ulong mixed = key * 0x9E3779B97F4A7C15;
        mixed ^= mixed >> 32;
        int index = (int)((mixed * 0xD6E8FEB86659FD93) >> shift);
        while (slots[index].Key != 0 && slots[index].Key != key)
        {
            index = (index + 1) & (slots.Length - 1);
        }

        return ref slots[index];
    }

    // One more than the left id, so that no pair has key 0.
    private static ulong Key(int left, int right) => ((ulong)(left + 1) << 32) | (uint)right;

    private readonly record struct Slot(ulong Key, int Rank, int Result);
}
