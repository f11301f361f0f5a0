namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Gives a request the slot that saves it most work. A document's writer sends the same growing text again and again; what it shares with the last time
/// need not be computed again. Short requests in between take each other's slots, not the document's.
/// </summary>
/// <remarks>
/// There are more slots than texts to keep: one more for each sequence that runs beside the first. A slot that was never used is taken only when too few
/// others are free, so a caller who sends one request at a time touches the memory of <paramref name="keptSlots"/>, and however many run, all but one of
/// those keep a text that nobody is continuing.
/// </remarks>
/// <param name="slots">The slots, at least one more than are ever taken at a time.</param>
/// <param name="keptSlots">Texts to keep while one request runs, its own among them. From 1 to the number of slots.</param>
/// <param name="copyPrefix">Copies keys and values: from row, to row, tokens.</param>
/// <param name="budget">Limits memory; null for no limit.</param>
internal sealed class PrefixCache(IReadOnlyList<KvSlot> slots, int keptSlots, Action<int, int, int> copyPrefix, KvBudget? budget = null)
{
    /// <summary>Turns per slot after which a slot is there for the taking: nobody came back for it for long.</summary>
    private const int StaleAfterTurns = 8;

    private long clock;

    /// <summary>A slot whose cached tokens are the longest known prefix of <paramref name="prompt"/>. Give it back by <see cref="Release"/>.</summary>
    /// <param name="prompt">The tokens that will be computed.</param>
    /// <param name="reusableTokens">Prefix tokens to reuse at most: all but the last, whose logits are needed; 0 when all of them are.</param>
    /// <param name="mostTokens">What the sequence may come to need, the prompt included. With a budget it must fit beside those that run.</param>
    public KvSlot Take(ReadOnlySpan<int> prompt, int reusableTokens, int mostTokens = 0)
    {
        ReadOnlySpan<int> reusable = prompt[..reusableTokens];
        KvSlot best = LongestPrefix(reusable);
        int shared = best.CommonPrefix(reusable);

        // A rewind that keeps at least as much as it throws away is what editing a text's end looks like.
        KvSlot taken = !best.IsTaken && shared > 0 && shared >= best.CachedTokens - shared ? best : LeastLoss(reusable);
        taken = budget?.MakeRoom(taken, shared > 0 && !best.IsTaken ? best : null, mostTokens) ?? taken;
        int own = taken.CommonPrefix(reusable);
        taken.Rewind(own);
        budget?.Reserve(taken, mostTokens);
        if (own < shared)
        {
            // A long text that happens to begin alike stays where it is; its beginning is copied, which costs a memory copy instead of a prefill.
            copyPrefix(best.Row, taken.Row, shared);
            taken.CopyPrefix(best, shared);
        }

        taken.IsTaken = true;
        taken.LastUse = ++clock;
        return taken;
    }

    /// <summary>Nobody computes in the slot any more; what it holds stays for whoever continues it.</summary>
    public void Release(KvSlot slot)
    {
        slot.IsTaken = false;
        slot.LastUse = clock;
    }

    private KvSlot LongestPrefix(ReadOnlySpan<int> prompt)
    {
        KvSlot best = slots[0];
        int longest = best.CommonPrefix(prompt);
        for (int i = 1; i < slots.Count; i++)
        {
            int shared = slots[i].CommonPrefix(prompt);

            // Of equals one that is free, and then the one whose rewind loses less.
            if (shared > longest
                || (shared == longest && (slots[i].IsTaken, slots[i].CachedTokens).CompareTo((best.IsTaken, best.CachedTokens)) < 0))
            {
                (best, longest) = (slots[i], shared);
            }
        }

        return best;
    }

    /// <summary>The free slot with the fewest tokens to throw away; of equals the least recently used.</summary>
    private KvSlot LeastLoss(ReadOnlySpan<int> prompt)
    {
        bool isFreshOneDue = CountFreeUsed() < keptSlots;
        KvSlot? cheapest = null;
        int least = int.MaxValue;
        for (int i = 0; i < slots.Count; i++)
        {
            if (slots[i].IsTaken || (slots[i].LastUse == 0 && !isFreshOneDue))
            {
                continue;
            }

            int loss = Loss(slots[i], prompt);
            if (cheapest is null || loss < least || (loss == least && slots[i].LastUse < cheapest.LastUse))
            {
                (cheapest, least) = (slots[i], loss);
            }
        }

        return cheapest ?? throw new InvalidOperationException($"All {slots.Count} slots are taken.");
    }

    private int CountFreeUsed()
    {
        int count = 0;
        for (int i = 0; i < slots.Count; i++)
        {
            count += !slots[i].IsTaken && slots[i].LastUse > 0 ? 1 : 0;
        }

        return count;
    }

    private int Loss(KvSlot slot, ReadOnlySpan<int> prompt) =>
        clock - slot.LastUse > StaleAfterTurns * slots.Count ? 0 : slot.CachedTokens - slot.CommonPrefix(prompt);
}
