using System.Diagnostics;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Decoding;

/// <inheritdoc/>
/// <remarks>One thread of its own does all the work on the model; see <see cref="Step"/>. Disposing fails the requests that are under way.</remarks>
internal sealed partial class DecodingEngine : IDecodingEngine
{
    private readonly DecoderModel model;
    private readonly KvCache cache;
    private readonly ModelRunner runner;
    private readonly OrtRunOptions runOptions;
    private readonly Sampler sampler;
    private readonly Speculation? speculation;
    private readonly SlidingWindow? window;
    private readonly RequestQueue queue = new();
    private readonly Scheduler scheduler;
    private readonly Cancellation cancellation;
    private readonly Thread thread;
    private readonly ILogger logger;
    private readonly Lazy<string> identity;
    private int disposed;

    private DecodingEngine(DecoderModel model, Speculation? speculation, EngineOptions options, int contextTokens, ILogger logger)
    {
        this.speculation = speculation;
        this.model = model;
        this.logger = logger;
        window = options.SlidingWindow;
        ContextTokens = contextTokens;
        identity = new Lazy<string>(() => KvStateIdentity.Of(model.Manifest, options.ModelFolder, model.Session.Environment.Library.Version));
        int rows = options.Slots + options.MaxConcurrentSequences - 1;
        cache = KvCache.Create(model, rows, contextTokens);
        runner = ModelRunner.Create(model, cache, options.PrefillScratchBytes);
        runOptions = new OrtRunOptions(model.Session.Environment);
        cancellation = new Cancellation(runOptions);
        sampler = new Sampler(VocabSize);
        KvSlot[] slots = [.. Enumerable.Range(0, rows).Select(row => new KvSlot(row, contextTokens))];
        KvBudget? budget = options.KvMemoryBudgetBytes is { } limit ? new KvBudget(limit, slots, cache.BytesOf, cache.GiveBack) : null;
        scheduler = new Scheduler(
            queue,
            new PrefixCache(slots, options.Slots, cache.CopyPrefix, budget),
            model.Batches && cache is IKvRows kv ? new BatchRows(slots, budget is not null && kv is SharedKvCache shared ? shared.SwapAndGiveBack : kv.Swap) : null,
            sampler,
            speculation,
            new SchedulerLimits(options.MaxConcurrentSequences, options.PrefillChunkTokens, model.MaxStepTokens),
            budget);
        thread = new Thread(Work) { Name = "LongWriter decoding", IsBackground = true };
        thread.Start();
    }

    public int ContextTokens { get; }

    public bool SlidesWindow => window is not null;

    public int VocabSize => model.Manifest.VocabSize;

    public IReadOnlyList<int> EndTokenIds => model.Manifest.EosTokenIds;

    public string ModelHash => model.Manifest.SourceSha256;

    public int KvTokenBytes => (cache as IKvRows)?.BytesPerToken ?? 0;

    public string KvIdentity => identity.Value;

    /// <summary>Memory reserved for the keys and values of all sequences over the whole context; a graph whose keys and values grow takes one sequence's more.</summary>
    public long KvBytes => cache.LengthBytes;

    /// <summary>Memory that these really take at this moment; null where nobody can tell.</summary>
    public long? KvResidentBytes => cache.ResidentBytes;

    /// <summary>Time in native runs so far; steps before the one that is under way.</summary>
    public TimeSpan NativeTime => model.Session.NativeTime + (model.Prefill?.Session.NativeTime ?? TimeSpan.Zero);

    /// <summary>What calibration needs: the largest magnitude of keys and values over the first tokens of the only sequence there is memory for. While no request runs; float32 only.</summary>
    public float[] LargestKvMagnitudes(int tokens) => cache.LargestMagnitudes(row: 0, tokens);

    /// <summary>Loads a folder that the exporter, onnxruntime-genai's builder or Optimum wrote.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="ModelFormatException">A file is missing or contradicts another one.</exception>
    /// <exception cref="OnnxRuntimeException">The native library is missing or cannot run the model.</exception>
    public static DecodingEngine Load(EngineOptions options, ILogger logger)
    {
        options.Validate();
        OnnxRuntimeOptions runtime = options.Runtime with { IntraOpThreads = options.Threads ?? options.Runtime.IntraOpThreads };
        runtime = options.DraftModelFolder is null ? runtime : runtime.InTurns();
        var model = DecoderModel.Load(options.ModelFolder, runtime, logger, options.ModelFile, options.PrefillScratchBytes > 0);
        try
        {
            int positions = model.Manifest.MaxPositions;
            int contextTokens = options.MaxContextTokens ?? positions;
            if (contextTokens > positions)
            {
                throw new ArgumentException($"MaxContextTokens must be at most the model's {positions} but is {contextTokens}.");
            }

            options.SlidingWindow?.RequireRoom(contextTokens);
            KvBudget.Require(options.KvMemoryBudgetBytes, model, contextTokens);
            var engine = new DecodingEngine(model, SpeculationFor(options, model, runtime, contextTokens, logger), options, contextTokens, logger);
            LogLoaded(logger, options.ModelFolder, model.Manifest.Profile, model.Manifest.Precision, contextTokens, options.Slots, options.MaxConcurrentSequences, engine.KvBytes);
            return engine;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static Speculation? SpeculationFor(EngineOptions options, DecoderModel model, OnnxRuntimeOptions runtime, int contextTokens, ILogger logger)
    {
        List<IDrafter> drafters = options.Drafter is { } first ? [first] : [];
        if (options.PromptLookup ?? model.Manifest.IsReproducible)
        {
            drafters.Add(new PromptLookup(contextTokens));
        }

        if (options.DraftModelFolder is { } folder)
        {
            drafters.Add(ModelDrafter.Load(folder, model.Manifest.VocabSize, runtime, contextTokens, logger));
        }

        // Where keys and values grow, taking back a wrong draft moves them all.
        return drafters.Count == 0 || model.Manifest.Kv.Grows
            ? null
            : new Speculation([.. drafters.Select(drafter => new DraftSource(drafter, options.DraftGate ?? new DraftGate(), TimeProvider.System))], options.MaxDraftTokens);
    }

    public Task<DecodingResult> DecodeAsync(DecodingRequest request, Func<int, bool> accept, CancellationToken cancellationToken)
    {
        request.Validate(VocabSize);
        int promptTokens = request.PromptIds.Length;
        if (promptTokens >= ContextTokens)
        {
            throw new ContextBudgetException($"The prompt has {promptTokens} tokens; the context of {ContextTokens} leaves no room for a reply.", promptTokens + 1, ContextTokens);
        }

        var sequence = new GeneratingSequence(request, ContextTokens, window, accept, cancellationToken);
        return Serve(sequence, sequence.Answer);
    }

    public Task<float[]> LogProbabilitiesAsync(ReadOnlyMemory<int> ids, CancellationToken cancellationToken)
    {
        List<string> errors = ids.IsEmpty ? ["Ids must hold 1 token or more but is empty."] : [];
        TokenIds.CollectErrors(ids.Span, "Ids", VocabSize, errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors));
        }

        if (ids.Length > ContextTokens)
        {
            throw new ContextBudgetException($"The text has {ids.Length} tokens; the context holds {ContextTokens}.", ids.Length, ContextTokens);
        }

        if (ids.Length == 1)
        {
            return Task.FromResult<float[]>([float.NaN]);
        }

        var sequence = new ScoringSequence(ids, VocabSize, cancellationToken);
        return Serve(sequence, sequence.Answer);
    }

    public Task<int> ReadKvAsync(ReadOnlyMemory<int> ids, int from, Memory<byte> target, CancellationToken cancellationToken)
    {
        int most = target.Length / Math.Max(1, KvTokenBytes);
        return cache is IKvRows kv && most > 0 && ids.Length <= ContextTokens ? Visit(ids, Read, cancellationToken) : Task.FromResult(0);

        int Read(KvSlot slot)
        {
            int end = Math.Min(slot.CachedTokens, from + most);
            if (end > from)
            {
                kv.Read(slot.Row, from, end, target.Span);
            }

            return Math.Max(0, end - from);
        }
    }

    public Task<bool> WriteKvAsync(ReadOnlyMemory<int> ids, int from, ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        bool fits = cache is IKvRows && ids.Length <= ContextTokens && source.Length == (long)KvTokenBytes * (ids.Length - from);
        return fits ? Visit(ids, Write, cancellationToken) : Task.FromResult(false);

        bool Write(KvSlot slot)
        {
            if (slot.CachedTokens < from)
            {
                return false;
            }

            slot.Rewind(from);
            ((IKvRows)cache).Write(slot.Row, from, ids.Length, source.Span);
            slot.Advance(ids.Length - from);
            return true;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        foreach (Sequence sequence in queue.Close())
        {
            sequence.Fail(new ObjectDisposedException(nameof(DecodingEngine)));
        }

        cancellation.StopAll();
        if (Thread.CurrentThread != thread)
        {
            thread.Join();
        }
    }

    private Task<T> Visit<T>(ReadOnlyMemory<int> ids, Func<KvSlot, T> visit, CancellationToken cancellationToken)
    {
        var sequence = new VisitingSequence<T>(ids, visit, cancellationToken);
        return Serve(sequence, sequence.Answer);
    }

    private async Task<T> Serve<T>(Sequence sequence, Task<T> answer)
    {
        queue.Add(sequence);
        using CancellationTokenRegistration registration = sequence.CancellationToken.UnsafeRegister(_ => cancellation.Cancel(sequence), null);
        return await answer.ConfigureAwait(false);
    }

    private void Work()
    {
        while (scheduler.TryNext(out StepPlan plan))
        {
            Step(plan);
        }

        speculation?.Dispose();
        runner.Dispose();
        cache.Dispose();
        runOptions.Dispose();
        model.Dispose();
    }

    /// <summary>
    /// One step: the scheduler chose tokens of one sequence, or one of each of several; the model computes them in one run; each sequence takes its own and,
    /// past its prompt, samples.
    /// </summary>
    private void Step(StepPlan plan)
    {
        try
        {
            cancellation.Enter(plan.Sequences);
            long begin = Stopwatch.GetTimestamp();
            Span<float> logits = runner.Run(plan.FirstRow, plan.Ids, plan.Pasts, plan.LogitRows, runOptions);
            TimeSpan taken = Stopwatch.GetElapsedTime(begin);
            int each = logits.Length / plan.Sequences.Length;
            for (int i = 0; i < plan.Sequences.Length; i++)
            {
                Commit(plan.Sequences[i], plan.Tokens, logits.Slice(i * each, each));
            }

            speculation?.Learn(plan, taken);
            cancellation.Leave();
        }
        catch (Exception e)
        {
            cancellation.Leave();
            Recover(plan, e);
        }
    }

    private void Commit(Sequence sequence, int tokens, Span<float> logits)
    {
        try
        {
            sequence.Slot.Advance(tokens);
            sequence.CancellationToken.ThrowIfCancellationRequested();
            sequence.Commit(logits, sampler);
        }
        catch (Exception e)
        {
            sequence.Fail(cancellation.Explain(e, sequence));
        }
    }

    /// <summary>
    /// A run that fails for a batch is made again for each of its sequences, so that it fails only for the one that it fails for. Their slots keep what
    /// earlier steps computed, for this and for the next request.
    /// </summary>
    private void Recover(StepPlan plan, Exception exception)
    {
        if (plan.Sequences.Length == 1)
        {
            plan.Sequences[0].Fail(cancellation.Explain(exception, plan.Sequences[0]));
            return;
        }

        for (int i = 0; i < plan.Sequences.Length; i++)
        {
            Step(plan.Alone(i));
        }
    }

    [LoggerMessage(EventId = 10, EventName = "EngineLoaded", Level = LogLevel.Information,
        Message = "Loaded {Folder}: profile {Profile}, weights {Precision}, context {ContextTokens} tokens, {Slots} slots, {MaxConcurrentSequences} sequences at once, {KvBytes} bytes of keys and values.")]
    private static partial void LogLoaded(ILogger logger, string folder, string profile, string precision, int contextTokens, int slots, int maxConcurrentSequences, long kvBytes);
}
