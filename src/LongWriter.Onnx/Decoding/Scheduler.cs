using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Whose turn it is, in rounds: first a chunk of the prompt that is being read, if there is one, then one token of every sequence past its prompt, all in one
/// batch where the graph can. So a long prompt holds nobody up for more than a chunk, and a sequence joins or leaves between two steps. Requests start in the
/// order in which they came, when there is a place and no other prompt is being read: what the prompt before has in common with theirs is then there to copy.
/// A sequence whose window slid reads what it kept like a prompt, in turns with the prompts of new requests.
/// </summary>
/// <remarks>Belongs to the engine's thread.</remarks>
/// <param name="queue">Requests that wait.</param>
/// <param name="prefixCache">Chooses slots.</param>
/// <param name="batchRows">Moves slots together for a batch; null for a graph that takes one sequence at a time.</param>
/// <param name="sampler">Chooses tokens.</param>
/// <param name="speculation">Drafts for a sequence that is decoded alone; null for none.</param>
/// <param name="limits">How much at once.</param>
/// <param name="budget">Limits memory; null for no limit. A request that has no room beside those that run waits, and all behind it.</param>
internal sealed class Scheduler(
    RequestQueue queue, PrefixCache prefixCache, BatchRows? batchRows, Sampler sampler, Speculation? speculation, SchedulerLimits limits, KvBudget? budget = null)
{
    private readonly List<Sequence> decoding = new(limits.MaxConcurrentSequences);
    private readonly int[] ids = new int[limits.MaxConcurrentSequences];
    private readonly int[] pasts = new int[limits.MaxConcurrentSequences];

    /// <summary>Sequences whose windows slid, in that order; they wait to be read again.</summary>
    private readonly List<Sequence> slid = [];
    private Sequence? prefilling;

    /// <summary>The next to start, when memory is free; null when there is memory for who comes.</summary>
    private Sequence? waiting;
    private bool isNewcomersTurn;

    /// <summary>Sequences of <see cref="decoding"/> that had their turn in this round.</summary>
    private int served;
    private bool isGathered;

    /// <summary>Waits for work. False when the queue was closed and nobody is left.</summary>
    public bool TryNext(out StepPlan plan)
    {
        if (served < decoding.Count)
        {
            plan = NextTokens();
            return true;
        }

        served = 0;
        RemoveEnded();
        SlideFull();
        Admit();
        plan = prefilling is not null ? NextChunk(prefilling) : decoding.Count > 0 ? NextTokens() : default;
        return !plan.Sequences.IsEmpty;
    }

    private void RemoveEnded()
    {
        isGathered &= !RemoveEnded(decoding);
        RemoveEnded(slid);
        if (prefilling is { IsAnswered: true })
        {
            Release(prefilling);
            prefilling = null;
        }
    }

    /// <returns>True when there were some.</returns>
    private bool RemoveEnded(List<Sequence> sequences)
    {
        int before = sequences.Count;
        for (int i = before - 1; i >= 0; i--)
        {
            if (sequences[i].IsAnswered)
            {
                Release(sequences[i]);
                sequences.RemoveAt(i);
            }
        }

        return sequences.Count < before;
    }

    private void SlideFull()
    {
        for (int i = 0; i < decoding.Count; i++)
        {
            if (decoding[i].TrySlide())
            {
                // Its text is another one now, for whoever drafts, too.
                speculation?.Forget(decoding[i]);
                slid.Add(decoding[i]);
                decoding.RemoveAt(i--);
                isGathered = false;
            }
        }

        if (prefilling is not null && prefilling.TrySlide())
        {
            slid.Add(prefilling);
            prefilling = null;
        }
    }

    private void Release(Sequence sequence)
    {
        speculation?.Forget(sequence);
        sequence.Release(sampler);
        prefixCache.Release(sequence.Slot);
    }

    /// <summary>A prompt of which one token is left goes on with the batch, and makes room for the next prompt.</summary>
    private void Admit()
    {
        while (true)
        {
            if (prefilling is { PendingTokens: 1 })
            {
                decoding.Add(prefilling);
                prefilling = null;
                isGathered = false;
            }

            if (prefilling is not null || (!TryStartNext(isTheirTurn: isNewcomersTurn || slid.Count == 0) && !TryReadAgain()))
            {
                return;
            }
        }
    }

    private bool TryStartNext(bool isTheirTurn)
    {
        int serving = decoding.Count + slid.Count;
        if (!isTheirTurn || serving >= limits.MaxConcurrentSequences || !TryTakeNext(wait: serving == 0, out Sequence? next))
        {
            return false;
        }

        isNewcomersTurn = false;
        Start(next);
        return true;
    }

    private bool TryTakeNext(bool wait, [NotNullWhen(true)] out Sequence? next)
    {
        next = waiting is { IsAnswered: false } ? waiting : null;
        waiting = null;
        if (next is null && !queue.TryTake(wait, out next))
        {
            return false;
        }

        if (budget is not null && !budget.Fits(next.MostTokens))
        {
            waiting = next;
            return false;
        }

        return true;
    }

    private bool TryReadAgain()
    {
        if (slid.Count == 0)
        {
            return false;
        }

        prefilling = slid[0];
        slid.RemoveAt(0);
        isNewcomersTurn = true;
        return true;
    }

    private void Start(Sequence next)
    {
        KvSlot? slot = null;
        try
        {
            slot = prefixCache.Take(next.PromptIds.Span, next.ReusableTokens, next.MostTokens);
            next.Start(slot, sampler);
            if (next.IsAnswered)
            {
                Release(next);
                return;
            }

            prefilling = next;
        }
        catch (Exception e)
        {
            // A request that cannot start must not take the engine's thread with it.
            next.Fail(e);
            if (slot is not null)
            {
                prefixCache.Release(slot);
            }
        }
    }

    private StepPlan NextChunk(Sequence sequence)
    {
        int past = sequence.Slot.CachedTokens;
        int most = Math.Min(sequence.ChunkTokens(limits.PrefillChunkTokens), limits.MaxStepTokens(past));
        int tokens = Math.Min(most, sequence.PendingTokens);
        pasts[0] = past;
        sequence.Slot.Touch(past + tokens);
        return new StepPlan(new ReadOnlySpan<Sequence>(ref prefilling!), sequence.Slot.Ids.Slice(past, tokens), pasts.AsSpan(0, 1));
    }

    private StepPlan NextTokens()
    {
        if (!isGathered)
        {
            batchRows?.Gather(decoding);
            isGathered = true;
        }

        int count = batchRows is null ? 1 : decoding.Count;
        ReadOnlySpan<Sequence> batch = CollectionsMarshal.AsSpan(decoding).Slice(served, count);
        if (speculation is not null && decoding.Count == 1)
        {
            served = 1;
            pasts[0] = batch[0].Slot.CachedTokens;
            int drafted = speculation.Draft(batch[0], limits.MaxStepTokens(pasts[0]));
            batch[0].Slot.Touch(pasts[0] + 1 + drafted);
            return new StepPlan(batch, batch[0].Slot.Ids.Slice(pasts[0], 1 + drafted), pasts.AsSpan(0, 1));
        }

        for (int i = 0; i < count; i++)
        {
            KvSlot slot = batch[i].Slot;
            pasts[i] = slot.CachedTokens;
            ids[i] = slot.Ids[slot.CachedTokens];
            slot.Touch(slot.CachedTokens + 1);
        }

        served += count;
        return new StepPlan(batch, ids.AsSpan(0, count), pasts.AsSpan(0, count));
    }
}

/// <summary>How much may be done at once.</summary>
/// <param name="MaxConcurrentSequences">Sequences that are served in turns.</param>
/// <param name="PrefillChunkTokens">Prompt tokens of a step at most.</param>
/// <param name="MaxStepTokens">Tokens that the graph takes at most, behind so many.</param>
internal sealed record SchedulerLimits(int MaxConcurrentSequences, int PrefillChunkTokens, Func<int, int> MaxStepTokens);
