using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class WritingTelemetryTests
{
    private const string Secret = "zanzibar";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task WriteAsync_Listened_HasADocumentSpanWithSectionSpansAndNoText(int parallel)
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "LongWriter" or nameof(WritingTelemetryTests),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var tests = new ActivitySource(nameof(WritingTelemetryTests));
        using Activity root = tests.StartActivity("test")!;

        await WriteAsync("span-model", OpenLoop with { ParallelSections = parallel }, null);

        Activity[] own = [.. activities.Where(activity => activity.TraceId == root.TraceId)];
        Activity document = Assert.Single(own, activity => activity.OperationName == "invoke_workflow agent_write");
        Activity[] sections = [.. own.Where(activity => activity.OperationName == "invoke_workflow write_section")];
        Assert.Equal(root.SpanId, document.ParentSpanId);
        Assert.Equal(2, sections.Length);
        Assert.All(sections, section => Assert.Equal(document.SpanId, section.ParentSpanId));
        Assert.Equal([0, 1], sections.Select(section => (int)section.GetTagItem("longwriter.section.index")!).Order());
        Assert.All(own, activity => Assert.Equal("invoke_workflow", activity.GetTagItem("gen_ai.operation.name")));
        Assert.All(own, activity => Assert.Equal("span-model", activity.GetTagItem("gen_ai.request.model")));
        Assert.Equal(20L, document.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Equal("User", document.GetTagItem("longwriter.plan.origin"));
        Assert.Equal((120, 42, false), (document.GetTagItem("longwriter.length.target"), document.GetTagItem("longwriter.length.produced"), document.GetTagItem("longwriter.length.met")));
        Assert.Equal([60, 60], sections.Select(section => (int)section.GetTagItem("longwriter.section.aimed_words")!));
        Assert.DoesNotContain(own.SelectMany(activity => activity.TagObjects), tag => $"{tag.Value}".Contains(Secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task WriteAsync_Measured_ReportsDurationTokensAndWords()
    {
        var measured = new ConcurrentQueue<(string Name, double Value, string? Type)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == "LongWriter")
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();

        WrittenDocument document = await WriteAsync("metered-model", OpenLoop, null);

        Assert.Equal(3, measured.Count(measurement => measurement.Name == "gen_ai.client.operation.duration"));
        Assert.Equal(20, Assert.Single(measured, measurement => measurement is { Name: "gen_ai.client.token.usage", Type: "input" }).Value);
        Assert.Equal(document.Usage.OutputTokens, Assert.Single(measured, measurement => measurement is { Name: "gen_ai.client.token.usage", Type: "output" }).Value);
        Assert.Equal(document.Words, measured.Where(measurement => measurement.Name == "longwriter.document.words").Sum(measurement => measurement.Value));

        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            Dictionary<string, object?> named = new(tags.ToArray());
            if (named["gen_ai.request.model"] is "metered-model")
            {
                measured.Enqueue((instrument.Name, value, named.GetValueOrDefault("gen_ai.token.type") as string));
            }
        }
    }

    [Fact]
    public async Task WriteAsync_Logged_HoldsNoText()
    {
        using var log = new LineLog();

        await WriteAsync("logged-model", OpenLoop, log);

        Assert.Contains("Document ended with Stop: 2 sections planned, 42 tokens generated.", log.Lines);
        Assert.Equal(2, log.Lines.Count(line => line.StartsWith("Section ", StringComparison.Ordinal)));
        Assert.DoesNotContain(log.Lines, line => line.Contains(Secret, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<WrittenDocument> WriteAsync(string model, AgentWriterOptions options, ILoggerFactory? log)
    {
        using var client = Client(call => new PlayedReply($"The {Secret} coast. " + WriterScript.Prose(call.Number, 18)));
        client.With(new ChatClientMetadata("provider", null, model));
        WritingRequest request = Planned(60, 60) with { Instruction = $"Write about {Secret}.", SourceNotes = Secret };
        return await new AgentWriter(client, options, log).WriteAsync(request, null, Stop);
    }

    /// <summary>Keeps the lines from Debug up.</summary>
    private sealed class LineLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Lines.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
