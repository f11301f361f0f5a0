namespace LongWriter.Benchmarking;

/// <summary>The results of a run as they come: on disk, in memory, and told as progress. Safe for concurrent use.</summary>
internal sealed class RunResults
{
    private readonly RunStore store;
    private readonly int total;
    private readonly TokenPrices? prices;
    private readonly IProgress<BenchmarkProgress>? progress;
    private readonly TimeProvider time;
    private readonly long started;
    private readonly long wordsToDo;
    private readonly Lock gate = new();
    private readonly Dictionary<ResultKey, BenchmarkResult> all;
    private int done;
    private long wordsDone;

    /// <param name="store">Where results go.</param>
    /// <param name="slots">What is left to do.</param>
    /// <param name="total">Results there will be.</param>
    /// <param name="prices">Prices, or null.</param>
    /// <param name="progress">Who is told, or null.</param>
    /// <param name="time">The clock.</param>
    public RunResults(
        RunStore store, IReadOnlyList<RunSlot> slots, int total, TokenPrices? prices, IProgress<BenchmarkProgress>? progress, TimeProvider time)
    {
        (this.store, this.total, this.prices, this.progress, this.time) = (store, total, prices, progress, time);
        all = store.Earlier.ToDictionary(ResultKey.Of);
        foreach (RunSlot slot in slots.Where(slot => slot.Earlier is not null))
        {
            all.Remove(ResultKey.Of(slot.Earlier!));
        }

        started = time.GetTimestamp();
        done = total - slots.Count;
        wordsToDo = slots.Sum(slot => (long)slot.Item.RequiredWords);
        Tell(null);
    }

    /// <summary>All results so far.</summary>
    public IEnumerable<BenchmarkResult> All => all.Values;

    public void Add(BenchmarkResult result)
    {
        lock (gate)
        {
            store.Append(result);
            all[ResultKey.Of(result)] = result;
            done++;
            wordsDone += result.Required;
            Tell(result);
        }
    }

    private void Tell(BenchmarkResult? last)
    {
        if (progress is null)
        {
            return;
        }

        TokenUsage usage = all.Values.Aggregate(default(TokenUsage), (sum, result) => sum + result.Usage);
        TimeSpan elapsed = time.GetElapsedTime(started);
        progress.Report(new BenchmarkProgress(
            done,
            total,
            all.Values.Count(result => result.Failure is not null),
            elapsed,
            wordsDone == 0 ? null : elapsed * ((double)(wordsToDo - wordsDone) / wordsDone),
            usage,
            prices?.CostOf(usage),
            last));
    }
}
