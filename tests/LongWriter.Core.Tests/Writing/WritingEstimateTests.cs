using LongWriter.Writing;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>An estimate names the very calls of an undisturbed run, and its tokens within a factor of 1.5.</summary>
public sealed class WritingEstimateTests
{
    private const double Factor = 1.5;

    public static TheoryData<string, WritingRequest, AgentWriterOptions, int> Cases { get; } = new()
    {
        { "user's plan", Planned([.. Enumerable.Repeat(400, 10)]), new AgentWriterOptions(), 32_768 },
        { "model's plan", new WritingRequest { Instruction = "Write a 5000-word story about a lighthouse." }, new AgentWriterOptions(), 32_768 },
        { "one section", new WritingRequest { Instruction = "Write a 700-word story about a lighthouse." }, new AgentWriterOptions(), 32_768 },
        { "parts with lengths of their own", new WritingRequest { Instruction = "Write eight letters of 400 words each from a lighthouse." }, new AgentWriterOptions(), 32_768 },
        { "parallel", Planned([.. Enumerable.Repeat(400, 10)]), new AgentWriterOptions { ParallelSections = 4 }, 32_768 },
        { "small window", Planned([.. Enumerable.Repeat(400, 30)]), new AgentWriterOptions(), 4_000 },
        { "source notes", Planned(400, 400, 400) with { SourceNotes = WriterScript.Prose(900, 1_000) }, new AgentWriterOptions(), 32_768 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Estimate_ScriptedRun_IsNearWhatItTakes(string name, WritingRequest request, AgentWriterOptions options, int window)
    {
        long input = 0, output = 0;
        var gate = new Lock();
        using var client = Client(call =>
        {
            string text = WriterScript.IsPlanning(call) ? WriterScript.Plan(10, 500)
                : request.Plan is null && call.Number == 0 ? WriterScript.Prose(1, 700)
                : WriterScript.Section(call);
            lock (gate)
            {
                input += WordTokens.Count(call.Messages);
                output += WordTokens.Count(text);
            }

            return new PlayedReply(text);
        });
        client.With<ITokenCounter>(new WordTokens(window));
        var writer = new AgentWriter(client, options);

        WritingEstimate estimate = writer.Estimate(request);
        Assert.Empty(client.Calls);
        WrittenDocument document = await writer.WriteAsync(request, null, Stop);

        Assert.Equal(EndCause.Stop, document.End);
        Assert.Equal((name, client.Calls.Count), (name, estimate.Calls));
        Assert.InRange(estimate.InputTokens / (double)input, 1 / Factor, Factor);
        Assert.InRange(estimate.OutputTokens / (double)output, 1 / Factor, Factor);
        Assert.InRange(estimate.CacheableInputTokens, 0, estimate.InputTokens);
    }
}
