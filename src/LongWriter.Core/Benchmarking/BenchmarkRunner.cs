namespace LongWriter.Benchmarking;

/// <summary>
/// Runs a suite against subjects: every item, every subject side by side, every repeat. Each finished item is on disk at once, so that a
/// run that is stopped, or killed, goes on where it was; seeds depend on item and repeat alone, so that the results are those of an
/// undisturbed run, times apart. An item that fails is a result with its reason.
/// </summary>
/// <remarks>Disposes nothing that it is given. A runner may run several times, into a folder of its own each time.</remarks>
public sealed class BenchmarkRunner
{
    private readonly BenchmarkSuite suite;
    private readonly IReadOnlyList<IBenchmarkSubject> subjects;
    private readonly BenchmarkRunnerOptions options;
    private readonly TimeProvider time;
    private readonly SlotRun slotRun;

    /// <summary>Takes what a run needs.</summary>
    /// <param name="suite">The prompts; at least one, ids unique.</param>
    /// <param name="subjects">The subjects; at least one, names unique.</param>
    /// <param name="options">Options; null selects the defaults. Validated here.</param>
    /// <param name="timeProvider">The clock; null selects the system's.</param>
    /// <exception cref="ArgumentException">Suite, subjects or options cannot be used.</exception>
    public BenchmarkRunner(
        BenchmarkSuite suite, IReadOnlyList<IBenchmarkSubject> subjects, BenchmarkRunnerOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(suite);
        ArgumentNullException.ThrowIfNull(subjects);
        this.suite = suite;
        this.subjects = [.. subjects];
        this.options = options ?? new BenchmarkRunnerOptions();
        this.options.Validate();
        RefuseRepeated("id of the suite", suite.Items.Select(item => item.Id));
        RefuseRepeated("name of a subject", this.subjects.Select(subject => subject.Manifest.Name));
        time = timeProvider ?? TimeProvider.System;
        slotRun = new SlotRun(this.options, time);
    }

    /// <summary>Runs what is not done yet.</summary>
    /// <param name="folder">Folder of the run; made where it does not exist.</param>
    /// <param name="progress">Told after each result, one at a time, and once at the start; null tells nobody.</param>
    /// <param name="cancellationToken">Stops the run. What is finished stays; resume to go on.</param>
    /// <returns>The run as <see cref="BenchmarkRunFolder.Read"/> reads it.</returns>
    /// <exception cref="BenchmarkRunException">The folder holds another run, or one that was not to be resumed, or none to resume, or cannot be read.</exception>
    /// <exception cref="IOException">A result could not be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<BenchmarkRun> RunAsync(string folder, IProgress<BenchmarkProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        using RunStore store = RunStore.Open(folder, NewManifest(), options.Resume);
        List<RunSlot> slots = SlotsLeft(folder, store.Earlier);
        var results = new RunResults(store, slots, suite.Items.Count * subjects.Count * options.Repeats, options.Prices, progress, time);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(slots, parallel, (slot, token) => slotRun.RunAsync(slot, results, token)).ConfigureAwait(false);
        return new BenchmarkRun(store.Manifest, BenchmarkRunFolder.Ordered(store.Manifest, results.All));
    }

    private RunManifest NewManifest() => new()
    {
        Suite = suite.Name,
        SuiteVersion = suite.Version,
        BinEdges = suite.BinEdges,
        Items = suite.Items.Count,
        Subjects = [.. subjects.Select(subject => subject.Manifest)],
        Repeats = options.Repeats,
        Seed = options.Seed,
        Judge = options.Judge?.Model,
        JudgePromptVersion = options.Judge?.PromptVersion,
        Nll = options.Nll?.Description,
        Command = options.Command,
        LongWriterVersion = RunProvenance.LongWriterVersion,
        Runtime = RunProvenance.Runtime,
        Packages = RunProvenance.Packages,
        Started = time.GetUtcNow(),
    };

    /// <summary>What is missing, the subjects side by side, so that a run that is stopped early compares what it has.</summary>
    private List<RunSlot> SlotsLeft(string folder, IReadOnlyList<BenchmarkResult> earlier)
    {
        Dictionary<ResultKey, BenchmarkResult> left = earlier.ToDictionary(ResultKey.Of);
        var slots = new List<RunSlot>();
        for (int repeat = 0; repeat < options.Repeats; repeat++)
        {
            foreach (BenchmarkItem item in suite.Items)
            {
                long seed = RunSeeds.For(options.Seed, item.Id, repeat);
                foreach (IBenchmarkSubject subject in subjects)
                {
                    left.Remove(new ResultKey(subject.Manifest.Name, item.Id, repeat), out BenchmarkResult? done);
                    if (done is null || (done.Failure is not null ? options.RetryFailed : slotRun.IsMissing(done)))
                    {
                        slots.Add(new RunSlot(subject, item, repeat, seed, done));
                    }
                }
            }
        }

        return left.Count == 0
            ? slots
            : throw new BenchmarkRunException($"{folder}: {ResultFile.FileName} holds \"{left.Keys.First().Id}\" of {left.Keys.First().Subject}, which is no item of this run.");
    }

    private static void RefuseRepeated(string what, IEnumerable<string> names)
    {
        string[] all = [.. names];
        if (all.Length == 0)
        {
            throw new ArgumentException($"There must be at least one {what} but there is none.");
        }

        if (all.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            throw new ArgumentException($"Every {what} must be unique but \"{repeated.Key}\" occurs {repeated.Count()} times.");
        }
    }
}
