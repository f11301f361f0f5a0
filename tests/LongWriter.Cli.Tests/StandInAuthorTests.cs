using LongWriter.Testing;
using LongWriter.Writing;

namespace LongWriter.Cli.Tests;

/// <summary>The scripted author that the other tests rely on.</summary>
public sealed class StandInAuthorTests
{
    [Theory]
    [InlineData("Write a 1200-word essay on tides", 1_200)]
    [InlineData("Write an essay on tides of at least 4000 words", 4_000)]
    [InlineData("Write a novel of 50000 words", 50_000)]
    [InlineData("写一篇8000字的文章，介绍潮汐", 8_000)]
    public async Task Reply_WholePipeline_ComesWithinFivePercentOfTheLength(string instruction, int words)
    {
        using var client = new ScriptedChatClient(StandInAuthor.Reply);
        WrittenDocument document = await new AgentWriter(client).WriteAsync(
            new WritingRequest { Instruction = instruction }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(EndCause.Stop, document.End);
        Assert.Equal(PlanOrigin.Model, document.Planning!.Origin);
        Assert.InRange(document.Words, words * 0.95, words * 1.05);
        Assert.DoesNotContain(document.Notes, note => note.Kind is not (WritingNoteKind.ContextDropped or WritingNoteKind.PlanAdjusted));
    }

    [Fact]
    public async Task Reply_SameRequest_IsTheSame()
    {
        using var client = new ScriptedChatClient(StandInAuthor.Reply);
        var request = new WritingRequest { Instruction = "Write 600 words about rain", Seed = 5 };
        WrittenDocument first = await new AgentWriter(client).WriteAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        WrittenDocument same = await new AgentWriter(client).WriteAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        WrittenDocument other = await new AgentWriter(client).WriteAsync(request with { Seed = 6 }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(first.Text, same.Text);
        Assert.NotEqual(first.Text, other.Text);
    }
}
