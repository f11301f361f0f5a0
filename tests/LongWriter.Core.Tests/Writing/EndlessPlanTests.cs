using System.Runtime.CompilerServices;
using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>Plans that do not end by themselves are stopped while they stream, and what is good of them is used.</summary>
public sealed class EndlessPlanTests
{
    private static readonly WritingRequest Story = new() { Instruction = "Write a 2000-word story about a lighthouse." };

    [Fact]
    public async Task PlanAsync_LinesWithoutEnd_AreStoppedAndCutToTheLength()
    {
        using var client = new ScriptedChatClient((_, cancellation) => Endless(
            k => $"Paragraph {k} - Main Point: scene {k} at the light - Word Count: 500 words\n", cancellation));

        PlanningResult planning = await new AgentWriter(client).PlanAsync(Story, Stop);

        Assert.Equal(PlanOrigin.Model, planning.Origin);
        Assert.Equal(
            ["scene 1 at the light", "scene 2 at the light", "scene 3 at the light", "scene 4 at the light"],
            planning.Plan.Sections.Select(section => section.MainPoint));
        Assert.Equal(["The plan did not end, so the 7 sections after the first 4, which hold the length, were left out."], planning.Adjustments);
        Assert.Single(client.Calls);
    }

    [Fact]
    public async Task PlanAsync_LinesWithoutEndAndNoLengthAsked_AreCutToTheDefault()
    {
        using var client = new ScriptedChatClient((_, cancellation) => Endless(
            k => $"Paragraph {k} - Main Point: scene {k} at the light - Word Count: 500 words\n", cancellation));

        PlanningResult planning = await new AgentWriter(client).PlanAsync(new WritingRequest { Instruction = "Write a story." }, Stop);

        Assert.Equal(new AgentWriterOptions().DefaultWords, planning.Plan.TotalWords);
        Assert.Single(client.Calls);
    }

    [Fact]
    public async Task PlanAsync_SameMainPointOverAndOver_IsStoppedAndTheRestAskedFor()
    {
        using var client = new ScriptedChatClient((call, cancellation) => call.Number == 0
            ? Endless(k => $"Paragraph {k} - Main Point: {(k < 3 ? $"scene {k}" : "the same again")} - Word Count: {400 + k} words\n", cancellation)
            : ScriptedChatClient.Stream("Paragraph 4 - Main Point: the end - Word Count: 790 words"));

        PlanningResult planning = await new AgentWriter(client).PlanAsync(Story, Stop);

        Assert.Equal(["scene 1", "scene 2", "the same again", "the end"], planning.Plan.Sections.Select(section => section.MainPoint));
        Assert.Equal(2, client.Calls.Count);
    }

    [Fact]
    public async Task PlanAsync_ProseWithoutEnd_IsStoppedAndRepaired()
    {
        using var client = new ScriptedChatClient((call, cancellation) => call.Number == 0
            ? Endless(k => $"{WriterScript.Prose(k, 60)}\n\n", cancellation)
            : ScriptedChatClient.Stream(WriterScript.Plan(4, 500)));

        PlanningResult planning = await new AgentWriter(client).PlanAsync(Story, Stop);

        Assert.Equal(PlanOrigin.Repaired, planning.Origin);
        Assert.Equal(2000, planning.Plan.TotalWords);
    }

    [Fact]
    public async Task PlanAsync_JsonThatLoops_IsStoppedAndAskedForAgain()
    {
        using var client = new ScriptedChatClient((call, cancellation) => call.Number == 0
            ? Endless(k => k == 1 ? "{\"title\": \"Light\"," : new string(' ', 32), cancellation)
            : ScriptedChatClient.Stream("""{"title":"Light","sections":[{"heading":"A","main_point":"the storm","words":2000}]}"""));

        PlanningResult planning = await new AgentWriter(client, new AgentWriterOptions { PlanFormat = PlanFormat.Json }).PlanAsync(Story, Stop);

        Assert.Equal(PlanOrigin.Repaired, planning.Origin);
        Assert.Equal(2, client.Calls.Count);
    }

    [Theory]
    [InlineData(10, 200)]
    [InlineData(12, 300)]
    [InlineData(9, 900)]
    public async Task PlanAsync_PlanThatEnds_KeepsAllOfItsPoints(int lines, int words)
    {
        using var client = new ScriptedChatClient(_ => WriterScript.Plan(lines, words));

        PlanningResult planning = await new AgentWriter(client).PlanAsync(Story, Stop);

        string all = string.Join("; ", planning.Plan.Sections.Select(section => section.MainPoint));
        Assert.All(Enumerable.Range(1, lines), k => Assert.Contains($"point number {k}", all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PlanAsync_PlanCutAfterAnUnreadableLine_GoesOnFromTheLastReadableOne()
    {
        using var client = Client(call => call.Number == 0
            ? new PlayedReply(WriterScript.Plan(2, 500) + "\nParagraph 3 - Main Point: and on and on\nParagraph 4 - Main", "length")
            : new PlayedReply("Paragraph 3 - Main Point: the end - Word Count: 1000 words"));

        PlanningResult planning = await new AgentWriter(client).PlanAsync(Story, Stop);

        Assert.Equal(PlanOrigin.Model, planning.Origin);
        Assert.Equal(["point number 1", "point number 2", "the end"], planning.Plan.Sections.Select(section => section.MainPoint));
    }

    [Fact]
    public async Task PlanAsync_PlanCutBeyondItsLength_DropsTheHalfLine()
    {
        using var client = Client(new PlayedReply(WriterScript.Plan(4, 500) + "\nParagraph 5 - Main Po", "length"));

        PlanningResult planning = await new AgentWriter(client).PlanAsync(Story, Stop);

        Assert.Equal((PlanOrigin.Model, 4), (planning.Origin, planning.Plan.Sections.Count));
        Assert.Empty(planning.Adjustments);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Endless(
        Func<int, string> piece, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int number = 1; ; number++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece(number));
        }
    }
}
