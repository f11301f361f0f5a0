namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Keeps the memory of keys and values below a limit: what the running sequences may come to need, and what texts hold that nobody continues. Of these the least recently used go first. A sequence
/// that does not fit beside those that run waits for them; alone each one fits.
/// </summary>
/// <remarks>Belongs to the engine's thread.</remarks>
/// <param name="limitBytes">At least what the whole context takes.</param>
/// <param name="slots">All slots.</param>
/// <param name="bytesOf">Memory of so many tokens in one slot.</param>
/// <param name="giveBack">Gives the memory of a row back to the system, from a position on.</param>
internal sealed class KvBudget(long limitBytes, IReadOnlyList<KvSlot> slots, Func<int, long> bytesOf, Action<int, int> giveBack)
{
    /// <summary>True when so many tokens fit beside what the running sequences may need.</summary>
    public bool Fits(int tokens) => UsedBytes(keptToo: false) + bytesOf(tokens) <= limitBytes;

    /// <summary>
    /// Makes room for a sequence of so many tokens, which <see cref="Fits"/>, by forgetting the texts of other free slots.
    /// </summary>
    /// <param name="chosen">The slot it would take.</param>
    /// <param name="source">The slot that a beginning would be copied from, or null.</param>
    /// <param name="tokens">What it may come to need.</param>
    /// <returns>The slot to take: the chosen one, or the source where both have no room side by side.</returns>
    public KvSlot MakeRoom(KvSlot chosen, KvSlot? source, int tokens)
    {
        long needed = bytesOf(tokens);
        while (UsedBytes(keptToo: true) - Kept(chosen) + needed > limitBytes)
        {
            if (OldestKept(chosen, source) is { } oldest)
            {
                Forget(oldest);
                continue;
            }

            if (source is null || source == chosen)
            {
                throw new InvalidOperationException($"{tokens} tokens do not fit beside those that run.");
            }

            Forget(chosen);
            (chosen, source) = (source, null);
        }

        return chosen;
    }

    /// <summary>From now on the slot's sequence may need so many tokens; memory that an earlier one took beyond them is given back.</summary>
    public void Reserve(KvSlot slot, int tokens)
    {
        slot.ReservedTokens = tokens;
        if (slot.HeldTokens > tokens)
        {
            giveBack(slot.Row, slot.CachedTokens);
            slot.ForgetHeld();
        }
    }

    /// <summary>Bytes that slots hold or may come to hold.</summary>
    public long UsedBytes(bool keptToo)
    {
        long sum = 0;
        for (int i = 0; i < slots.Count; i++)
        {
            sum += slots[i].IsTaken ? bytesOf(slots[i].ReservedTokens) : keptToo ? Kept(slots[i]) : 0;
        }

        return sum;
    }

    /// <summary>Refuses what cannot be honoured.</summary>
    /// <exception cref="ArgumentException">The limit is less than the whole context takes, or the graph's keys and values grow.</exception>
    public static void Require(long? limitBytes, DecoderModel model, int contextTokens)
    {
        if (limitBytes is not { } limit)
        {
            return;
        }

        if (model.Manifest.Kv.Grows)
        {
            throw new ArgumentException("KvMemoryBudgetBytes is not supported for graphs whose keys and values grow.");
        }

        if (model.KvDevice is not null)
        {
            throw new ArgumentException("KvMemoryBudgetBytes is not supported where keys and values are on a device, whose memory is taken whole: MaxContextTokens, Slots and MaxConcurrentSequences say how much.");
        }

        long context = SharedKvCache.BytesOf(model, contextTokens, contextTokens);
        if (limit < context)
        {
            throw new ArgumentException($"KvMemoryBudgetBytes must be what the context of {contextTokens} tokens takes, {context} bytes, or more but is {limit}; a smaller MaxContextTokens takes less.");
        }
    }

    private long Kept(KvSlot slot) => slot.IsTaken ? 0 : bytesOf(slot.HeldTokens);

    private KvSlot? OldestKept(KvSlot chosen, KvSlot? source)
    {
        KvSlot? oldest = null;
        for (int i = 0; i < slots.Count; i++)
        {
            KvSlot slot = slots[i];
            bool isEvictable = !slot.IsTaken && slot.HeldTokens > 0 && slot != chosen && slot != source;
            oldest = isEvictable && (oldest is null || slot.LastUse < oldest.LastUse) ? slot : oldest;
        }

        return oldest;
    }

    private void Forget(KvSlot slot)
    {
        slot.Rewind(0);
        giveBack(slot.Row, 0);
        slot.ForgetHeld();
    }
}
