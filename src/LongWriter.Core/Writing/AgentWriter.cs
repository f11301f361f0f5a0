using System.Runtime.CompilerServices;
using LongWriter.Calling;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Writing;

/// <summary>AgentWrite over any chat client: plans a document, then writes it section after section.</summary>
/// <remarks>Safe for concurrent use when the client is. Does not dispose the client.</remarks>
public sealed class AgentWriter : IAgentWriter
{
    private readonly IChatClient client;
    private readonly AgentWriterOptions options;
    private readonly ModelCaller caller;
    private readonly WritingTelemetry telemetry;

    /// <summary>Makes a writer.</summary>
    /// <param name="client">The model to write with.</param>
    /// <param name="options">Options; null selects the defaults. Validated and copied here.</param>
    /// <param name="loggerFactory">Where to log; null logs nothing.</param>
    /// <param name="timeProvider">The clock of retries, time-outs and durations; null selects the system's.</param>
    /// <exception cref="ArgumentException">At least one option is out of range; the message lists all of them.</exception>
    public AgentWriter(IChatClient client, AgentWriterOptions? options = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        this.client = client;
        this.options = (options ?? new AgentWriterOptions()) with { };
        this.options.Validate();
        TimeProvider time = timeProvider ?? TimeProvider.System;
        ILoggerFactory loggers = loggerFactory ?? NullLoggerFactory.Instance;
        caller = new ModelCaller(client, this.options.Calls, time, loggers.CreateLogger<AgentWriter>());
        telemetry = new WritingTelemetry(client.GetService<ChatClientMetadata>(), time, loggers.CreateLogger<AgentWriter>());
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WritingUpdate> WriteStreamingAsync(
        WritingRequest request, IWritingJournal? journal = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        RequestValidation.ThrowIfUnusable(request);
        RunJournal record = await RunJournal.StartAsync(journal, cancellationToken).ConfigureAwait(false);
        await foreach (WritingUpdate update in RunAsync(request, record, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WritingUpdate> ResumeStreamingAsync(
        IWritingJournal journal, Func<WritingRequest, WritingRequest>? change = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        RunJournal record = await RunJournal.ResumeAsync(journal, cancellationToken).ConfigureAwait(false);
        WritingRequest request = change is null ? record.Request! : change(record.Request!);
        RequestValidation.ThrowIfUnusable(request);
        await foreach (WritingUpdate update in RunAsync(request, record, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    /// <inheritdoc/>
    public async Task<PlanningResult> PlanAsync(WritingRequest request, CancellationToken cancellationToken = default)
    {
        RequestValidation.ThrowIfUnusable(request);
        RunJournal record = await RunJournal.StartAsync(null, cancellationToken).ConfigureAwait(false);
        Planner planner = NewRun(request, record).NewPlanner();
        await foreach (WritingNoted _ in planner.PlanAsync(cancellationToken).ConfigureAwait(false))
        {
        }

        return planner.Planning!;
    }

    /// <inheritdoc/>
    public WritingEstimate Estimate(WritingRequest request)
    {
        RequestValidation.ThrowIfUnusable(request);
        return WritingEstimator.Estimate(NewRun(request, RunJournal.Nothing), options);
    }

    /// <summary>The pipeline: plan, write, end.</summary>
    private async IAsyncEnumerable<WritingUpdate> RunAsync(
        WritingRequest request, RunJournal journal, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WritingRun run = NewRun(request, journal);
        using DocumentSpan span = telemetry.StartDocument();
        await journal.AppendAsync(RequestRecord.From(request), cancellationToken).ConfigureAwait(false);

        Planner planner = run.NewPlanner();
        await foreach (WritingNoted note in planner.PlanAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return note;
        }

        run.Begin(planner.Planning!);
        await journal.AppendAsync(PlanRecord.From(run.Planning), cancellationToken).ConfigureAwait(false);
        yield return new PlanReady(run.Planning, planner.Restored);

        IAsyncEnumerable<WritingUpdate> sections = options.ParallelSections > 1
            ? ParallelSections.WriteAsync(run, options.ParallelSections, span, cancellationToken)
            : SequentialSections.WriteAsync(run, span, cancellationToken);
        await foreach (WritingUpdate update in sections.ConfigureAwait(false))
        {
            yield return update;
        }

        await journal.AppendAsync(new EndRecord(run.End, run.Usage, run.Failure), cancellationToken).ConfigureAwait(false);
        if (run.Failure is null)
        {
            await run.Trunk.ForgetAsync().ConfigureAwait(false);
        }

        span.Complete(run);
        yield return new DocumentEnded(run.End, run.Usage, run.Failure) { Length = run.Length };
    }

    /// <summary>What the length of a document counts in when nothing else says so: 字 where it is written in Chinese, words otherwise.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The unit.</returns>
    public static LengthUnit UnitFor(WritingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return PromptLanguage.IsChinese(request) ? LengthUnit.Characters : LengthUnit.Words;
    }

    private WritingRun NewRun(WritingRequest request, RunJournal journal) => new(request, options, client, caller, journal);
}
