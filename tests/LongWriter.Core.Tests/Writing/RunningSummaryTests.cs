using LongWriter.Testing;
using LongWriter.Writing;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class RunningSummaryTests
{
    private const string SummaryText = "Anna keeps the lamp, and the boat is late.";

    private static readonly AgentWriterOptions Options = new() { RunningSummary = true, RunningSummaryMinContextTokens = 2_000 };

    [Fact]
    public async Task WriteAsync_TextThatNoLongerFits_IsSummedUpOnceAndShown()
    {
        (WrittenDocument document, ScriptedChatClient client) = await WriteAsync(2_000, Options, _ => new PlayedReply(SummaryText));
        using ScriptedChatClient _ = client;

        ScriptedCall[] summaries = [.. client.Calls.Where(IsSummary)];
        string[] notes = [.. document.Notes.Messages(WritingNoteKind.Summarised)];
        Assert.NotEmpty(summaries);
        Assert.Equal(summaries.Length, notes.Length);
        Assert.Equal(notes.Length, notes.Distinct().Count());
        Assert.All(notes, note => Assert.Matches("^Paragraphs 1 to [0-9]+ were summed up for the prompts that follow\\.$", note));
        Assert.All(summaries.Skip(1), call => Assert.Contains(SummaryText, call.AllText, StringComparison.Ordinal));
        Assert.Contains(SummaryText, client.Calls[^1].AllText, StringComparison.Ordinal);
        Assert.All(client.Calls, call => Assert.InRange(WordTokens.Count(call.Messages), 1, 2_000));
        Assert.Equal(client.Calls.Count, document.Usage.Calls);
        Assert.Equal(summaries.Length, summaries.Select(call => call.Options!.Seed).Distinct().Count());
        Assert.All(summaries, call => Assert.NotNull(call.Options!.Seed));
    }

    [Fact]
    public async Task WriteAsync_WindowBelowTheStatedSize_IsNotSummedUp()
    {
        (WrittenDocument document, ScriptedChatClient client) = await WriteAsync(
            2_000, Options with { RunningSummaryMinContextTokens = 2_001 }, _ => new PlayedReply(SummaryText));
        using ScriptedChatClient _ = client;

        Assert.DoesNotContain(client.Calls, IsSummary);
        Assert.Empty(document.Notes.Messages(WritingNoteKind.Summarised));
    }

    [Fact]
    public async Task WriteAsync_EverythingFits_IsNotSummedUp()
    {
        (WrittenDocument _, ScriptedChatClient client) = await WriteAsync(100_000, Options, _ => new PlayedReply(SummaryText));
        using ScriptedChatClient __ = client;

        Assert.DoesNotContain(client.Calls, IsSummary);
    }

    [Fact]
    public async Task WriteAsync_SummaryFails_GoesOnWithoutIt()
    {
        (WrittenDocument document, ScriptedChatClient client) = await WriteAsync(2_000, Options, _ => new PlayedReply("", "throw"));
        using ScriptedChatClient _ = client;

        Assert.Equal(EndCause.Stop, document.End);
        Assert.Contains("No summary of paragraphs 1 to 1: the call ended with Error.", document.Notes.Messages(WritingNoteKind.Summarised));
    }

    private static bool IsSummary(ScriptedCall call) => call.Messages[0].Text.StartsWith("This is the earlier part", StringComparison.Ordinal);

    private static async Task<(WrittenDocument Document, ScriptedChatClient Client)> WriteAsync(
        int window, AgentWriterOptions options, Func<ScriptedCall, PlayedReply> summary)
    {
        ScriptedChatClient client = Client(call => IsSummary(call) ? summary(call) : new PlayedReply(WriterScript.Section(call)));
        client.With<ITokenCounter>(new WordTokens(window));
        WrittenDocument document = await new AgentWriter(client, options).WriteAsync(Planned([.. Enumerable.Repeat(300, 8)]) with { Seed = 3 }, null, Stop);
        Assert.Equal(2_400, document.Words);
        return (document, client);
    }
}
