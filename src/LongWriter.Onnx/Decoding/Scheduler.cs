namespace LongWriter.Onnx.Decoding;

/// <summary>What the next step computes: <paramref name="Count"/> tokens of a sequence from position <paramref name="Start"/> on.</summary>
internal readonly record struct StepPlan(Sequence Sequence, int Start, int Count)
{
    public ReadOnlySpan<int> Ids => Sequence.Slot.Ids.Slice(Start, Count);

    public int LogitRows => Sequence.LogitRows(Count);
}

/// <summary>
/// Whose turn it is. Requests wait in the order in which they came, and one is served to its end before the next: its keys and values stay warm, and a
/// document is written by one sequence. Requests may be added and closed from any thread; the rest belongs to the engine's thread.
/// </summary>
/// <param name="prefixCache">Chooses slots.</param>
/// <param name="sampler">Chooses tokens.</param>
/// <param name="prefillChunkTokens">Prompt tokens of a step at most.</param>
/// <param name="maxStepTokens">Tokens that the graph takes at most, behind so many.</param>
internal sealed class Scheduler(PrefixCache prefixCache, Sampler sampler, int prefillChunkTokens, Func<int, int> maxStepTokens)
{
    /// <summary>Also the lock.</summary>
    private readonly Queue<Sequence> waiting = [];
    private Sequence? active;
    private bool closed;

    /// <exception cref="ObjectDisposedException">The scheduler was closed.</exception>
    public void Add(Sequence sequence)
    {
        lock (waiting)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(DecodingEngine));
            waiting.Enqueue(sequence);
            Monitor.Pulse(waiting);
        }
    }

    /// <summary>Ends <see cref="TryNext"/>, and gives who was still waiting.</summary>
    public IReadOnlyList<Sequence> Close()
    {
        lock (waiting)
        {
            closed = true;
            Sequence[] left = [.. waiting];
            waiting.Clear();
            Monitor.Pulse(waiting);
            return left;
        }
    }

    /// <summary>Waits for work. False when closed.</summary>
    public bool TryNext(out StepPlan plan)
    {
        while (active is null)
        {
            if (TakeNext() is not { } next)
            {
                plan = default;
                return false;
            }

            Start(next);
        }

        int start = active.Slot.CachedTokens;
        int most = Math.Min(active.ChunkTokens(prefillChunkTokens), maxStepTokens(start));
        plan = new StepPlan(active, start, Math.Min(most, active.TokenCount - start));
        return true;
    }

    /// <summary>The active sequence has ended, well or badly.</summary>
    public void Finish()
    {
        active!.Release(sampler);
        active = null;
    }

    private void Start(Sequence next)
    {
        try
        {
            next.Start(prefixCache.Take(next.PromptIds.Span, next.ReusableTokens), sampler);
            active = next;
        }
        catch (Exception e)
        {
            // A request that cannot start must not take the engine's thread with it.
            next.Fail(e);
        }
    }

    /// <summary>Null when closed.</summary>
    private Sequence? TakeNext()
    {
        lock (waiting)
        {
            while (!closed)
            {
                // One whose caller has gone is passed over.
                if (!waiting.TryDequeue(out Sequence? next))
                {
                    Monitor.Wait(waiting);
                }
                else if (!next.IsAnswered)
                {
                    return next;
                }
            }

            return null;
        }
    }
}
