using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LongWriter.Writing;

/// <summary>
/// Spans, metrics and log lines of a run, with the names of the OpenTelemetry GenAI conventions. No text of the
/// instruction or the document is in any of them. The model's own calls are the client's to trace.
/// </summary>
internal sealed class WritingTelemetry(ChatClientMetadata? metadata, TimeProvider time, ILogger logger)
{
    /// <summary>Name of the activity source and the meter.</summary>
    public const string SourceName = "LongWriter";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly Meter Meter = new(SourceName);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "gen_ai.client.operation.duration", "s", "Duration of a document or a section.");

    private static readonly Histogram<long> Tokens = Meter.CreateHistogram<long>(
        "gen_ai.client.token.usage", "{token}", "Tokens used for a document.");

    private static readonly Counter<long> Words = Meter.CreateCounter<long>(
        "longwriter.document.words", "{word}", "Words of accepted sections.");

    public DocumentSpan StartDocument() => new(this, Start("invoke_workflow agent_write", default));

    internal TimeProvider Time => time;

    internal ILogger Logger => logger;

    internal Activity? Start(string name, ActivityContext parent)
    {
        Activity? activity = Source.StartActivity(name, ActivityKind.Internal, parent == default ? Activity.Current?.Context ?? default : parent);
        activity?.SetTag("gen_ai.operation.name", "invoke_workflow");
        activity?.SetTag("gen_ai.provider.name", metadata?.ProviderName);
        activity?.SetTag("gen_ai.request.model", metadata?.DefaultModelId);
        return activity;
    }

    internal static void Finish(Activity? activity, TokenUsage usage, EndCause end)
    {
        activity?.SetTag("gen_ai.usage.input_tokens", usage.InputTokens);
        activity?.SetTag("gen_ai.usage.cache_read.input_tokens", usage.CachedInputTokens);
        activity?.SetTag("gen_ai.usage.output_tokens", usage.OutputTokens);
        activity?.SetTag("gen_ai.response.finish_reasons", new[] { end.ToString().ToLowerInvariant() });
        if (end != EndCause.Stop)
        {
            activity?.SetTag("error.type", end.ToString());
            activity?.SetStatus(ActivityStatusCode.Error);
        }
    }

    internal void Measure(string operation, long started, EndCause end)
    {
        var tags = Tags(operation);
        if (end != EndCause.Stop)
        {
            tags.Add("error.type", end.ToString());
        }

        Duration.Record(time.GetElapsedTime(started).TotalSeconds, tags);
    }

    internal void Measure(TokenUsage usage)
    {
        TagList input = Tags("agent_write"), output = Tags("agent_write");
        input.Add("gen_ai.token.type", "input");
        output.Add("gen_ai.token.type", "output");
        Tokens.Record(usage.InputTokens, input);
        Tokens.Record(usage.OutputTokens, output);
    }

    internal void Measure(WrittenSection section) => Words.Add(section.Words, Tags("agent_write"));

    private TagList Tags(string workflow) => new()
    {
        { "gen_ai.operation.name", "invoke_workflow" },
        { "gen_ai.workflow.name", workflow },
        { "gen_ai.provider.name", metadata?.ProviderName },
        { "gen_ai.request.model", metadata?.DefaultModelId },
    };
}

/// <summary>The span of a document.</summary>
internal sealed class DocumentSpan : IDisposable
{
    private readonly WritingTelemetry telemetry;
    private readonly Activity? activity;
    private readonly long started;
    private bool completed;

    public DocumentSpan(WritingTelemetry telemetry, Activity? activity)
    {
        (this.telemetry, this.activity) = (telemetry, activity);
        started = telemetry.Time.GetTimestamp();
        WritingLog.DocumentStarted(telemetry.Logger);
    }

    public SectionSpan StartSection(int index) => new(telemetry, telemetry.Start("invoke_workflow write_section", activity?.Context ?? default), index);

    public void Complete(WritingRun run)
    {
        completed = true;
        WritingTelemetry.Finish(activity, run.Usage, run.End);
        activity?.SetTag("longwriter.document.sections", run.Planning.Plan.Sections.Count);
        activity?.SetTag("longwriter.plan.origin", run.Planning.Origin.ToString());
        activity?.SetTag("longwriter.length.target", run.Planning.Target.Value);
        activity?.SetTag("longwriter.length.produced", run.Length.ProducedWords);
        activity?.SetTag("longwriter.length.met", run.Length.IsMet);
        telemetry.Measure("agent_write", started, run.End);
        telemetry.Measure(run.Usage);
        WritingLog.DocumentEnded(telemetry.Logger, run.End, run.Planning.Plan.Sections.Count, run.Usage.OutputTokens);
    }

    public void Dispose()
    {
        if (!completed)
        {
            // Neither ended nor failed by itself: cancelled, abandoned, or an exception is on its way to the caller.
            activity?.SetTag("error.type", nameof(EndCause.Cancelled));
            activity?.SetStatus(ActivityStatusCode.Error);
            telemetry.Measure("agent_write", started, EndCause.Cancelled);
            WritingLog.DocumentInterrupted(telemetry.Logger);
        }

        activity?.Dispose();
    }
}

/// <summary>The span of a section.</summary>
internal sealed class SectionSpan(WritingTelemetry telemetry, Activity? activity, int index) : IDisposable
{
    private readonly long started = telemetry.Time.GetTimestamp();

    public void Complete(SectionWriter writer)
    {
        EndCause end = writer.Outcome?.End ?? EndCause.Cancelled;
        activity?.SetTag("longwriter.section.index", index);
        activity?.SetTag("longwriter.section.words", writer.Accepted?.Words);
        activity?.SetTag("longwriter.section.aimed_words", writer.Accepted?.AimedWords);
        activity?.SetTag("longwriter.section.discarded_tokens", writer.Accepted?.DiscardedTokens);
        activity?.SetTag("longwriter.section.restored", writer.Accepted?.Restored);
        WritingTelemetry.Finish(activity, writer.Usage, end);
        telemetry.Measure("write_section", started, end);
        if (writer.Accepted is { } section)
        {
            telemetry.Measure(section);
            WritingLog.SectionAccepted(telemetry.Logger, index, section.Words, section.Planned.Words, section.End);
        }
        else
        {
            WritingLog.SectionFailed(telemetry.Logger, index, end);
        }
    }

    public void Dispose() => activity?.Dispose();
}

/// <summary>Log lines of a run. None holds text of the instruction or the document.</summary>
internal static partial class WritingLog
{
    [LoggerMessage(1, LogLevel.Debug, "Document started.")]
    public static partial void DocumentStarted(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "Document ended with {End}: {Sections} sections planned, {OutputTokens} tokens generated.")]
    public static partial void DocumentEnded(ILogger logger, EndCause end, int sections, long outputTokens);

    [LoggerMessage(3, LogLevel.Warning, "Document interrupted before its end.")]
    public static partial void DocumentInterrupted(ILogger logger);

    [LoggerMessage(4, LogLevel.Debug, "Section {Index} accepted: {Words} of {PlannedWords} words, ended with {End}.")]
    public static partial void SectionAccepted(ILogger logger, int index, int words, int plannedWords, EndCause end);

    [LoggerMessage(5, LogLevel.Warning, "Section {Index} failed with {End}.")]
    public static partial void SectionFailed(ILogger logger, int index, EndCause end);
}
