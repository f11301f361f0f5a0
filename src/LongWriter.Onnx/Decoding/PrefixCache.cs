namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Gives a request the slot that saves it most work. A document's writer sends the same growing text again and again; what it shares with the last time
/// need not be computed again. Short requests in between take each other's slots, not the document's.
/// </summary>
/// <param name="slots">The slots, from index 0.</param>
/// <param name="copyPrefix">Copies keys and values: from slot, to slot, tokens.</param>
internal sealed class PrefixCache(IReadOnlyList<KvSlot> slots, Action<int, int, int> copyPrefix)
{
    /// <summary>Turns per slot after which a slot is there for the taking: nobody came back for it for long.</summary>
    private const int StaleAfterTurns = 8;

    private long clock;

    /// <summary>A slot whose cached tokens are the longest known prefix of <paramref name="prompt"/>.</summary>
    /// <param name="prompt">The tokens that will be computed.</param>
    /// <param name="reusableTokens">Prefix tokens to reuse at most: all but the last, whose logits are needed; 0 when all of them are.</param>
    public KvSlot Take(ReadOnlySpan<int> prompt, int reusableTokens)
    {
        ReadOnlySpan<int> reusable = prompt[..reusableTokens];
        KvSlot best = LongestPrefix(reusable);
        int shared = best.CommonPrefix(reusable);

        // A rewind that keeps at least as much as it throws away is what editing a text's end looks like.
        KvSlot taken = shared > 0 && shared >= best.CachedTokens - shared ? best : LeastLoss(reusable);
        int own = taken.CommonPrefix(reusable);
        taken.Rewind(own);
        if (own < shared)
        {
            // A long text that happens to begin alike stays where it is; its beginning is copied, which costs a memory copy instead of a prefill.
            copyPrefix(best.Index, taken.Index, shared);
            taken.CopyPrefix(best, shared);
        }

        taken.LastUse = ++clock;
        return taken;
    }

    private KvSlot LongestPrefix(ReadOnlySpan<int> prompt)
    {
        KvSlot best = slots[0];
        int longest = best.CommonPrefix(prompt);
        for (int i = 1; i < slots.Count; i++)
        {
            int shared = slots[i].CommonPrefix(prompt);

            // Of equals the one whose rewind loses less.
            if (shared > longest || (shared == longest && slots[i].CachedTokens < best.CachedTokens))
            {
                (best, longest) = (slots[i], shared);
            }
        }

        return best;
    }

    /// <summary>The slot with the fewest tokens to throw away; of equals the least recently used.</summary>
    private KvSlot LeastLoss(ReadOnlySpan<int> prompt)
    {
        KvSlot cheapest = slots[0];
        int least = Loss(cheapest, prompt);
        for (int i = 1; i < slots.Count; i++)
        {
            int loss = Loss(slots[i], prompt);
            if (loss < least || (loss == least && slots[i].LastUse < cheapest.LastUse))
            {
                (cheapest, least) = (slots[i], loss);
            }
        }

        return cheapest;
    }

    private int Loss(KvSlot slot, ReadOnlySpan<int> prompt) =>
        clock - slot.LastUse > StaleAfterTurns * slots.Count ? 0 : slot.CachedTokens - slot.CommonPrefix(prompt);
}
