namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Gives a request the slot that saves it most work. A document's writer sends the same growing text again and again; what it shares with the last time
/// need not be computed again.
/// </summary>
/// <param name="slots">The slots, from index 0.</param>
/// <param name="copyPrefix">Copies keys and values: from slot, to slot, tokens.</param>
internal sealed class PrefixCache(IReadOnlyList<KvSlot> slots, Action<int, int, int> copyPrefix)
{
    private long clock;

    /// <summary>A slot whose cached tokens are the longest known prefix of <paramref name="prompt"/>.</summary>
    /// <param name="prompt">The tokens that will be computed.</param>
    /// <param name="reusableTokens">Prefix tokens to reuse at most: all but the last, whose logits are needed; 0 when all of them are.</param>
    public KvSlot Take(ReadOnlySpan<int> prompt, int reusableTokens)
    {
        (KvSlot best, int shared) = LongestPrefix(prompt[..reusableTokens]);
        KvSlot oldest = LeastRecentlyUsed();
        KvSlot taken;
        if (shared > 0 && (IsWorthRewinding(best, shared) || best == oldest))
        {
            taken = best;
            taken.Rewind(shared);
        }
        else
        {
            // A long text that happens to begin alike stays where it is; its beginning is copied, which costs a memory copy instead of a prefill.
            taken = oldest;
            taken.Rewind(0);
            if (shared > 0)
            {
                copyPrefix(best.Index, taken.Index, shared);
                taken.CopyPrefix(best, shared);
            }
        }

        taken.LastUse = ++clock;
        return taken;
    }

    /// <summary>True when rewinding keeps at least as much as it throws away.</summary>
    private static bool IsWorthRewinding(KvSlot slot, int shared) => shared >= slot.CachedTokens - shared;

    private (KvSlot Slot, int Shared) LongestPrefix(ReadOnlySpan<int> prompt)
    {
        KvSlot best = slots[0];
        int longest = best.CommonPrefix(prompt);
        for (int i = 1; i < slots.Count; i++)
        {
            int shared = slots[i].CommonPrefix(prompt);

            // Of equals the one that loses less.
            if (shared > longest || (shared == longest && slots[i].CachedTokens < best.CachedTokens))
            {
                (best, longest) = (slots[i], shared);
            }
        }

        return (best, longest);
    }

    private KvSlot LeastRecentlyUsed()
    {
        KvSlot oldest = slots[0];
        foreach (KvSlot slot in slots)
        {
            // An empty slot has nothing to lose, whenever it was used.
            if (slot.CachedTokens == 0)
            {
                return slot;
            }

            oldest = slot.LastUse < oldest.LastUse ? slot : oldest;
        }

        return oldest;
    }
}
