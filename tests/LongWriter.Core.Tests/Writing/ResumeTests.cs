using System.Runtime.CompilerServices;
using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>A run that stops anywhere and is resumed gives the document that an undisturbed run gives, and repeats no completed call.</summary>
public sealed class ResumeTests
{
    private const long Seed = 70_000;

    /// <summary>A plan, a section, one in two parts, one written twice for being empty, one written twice for looping.</summary>
    private const int Calls = 8;

    private static readonly string Loop = "It began well. " + string.Concat(Enumerable.Repeat("Round and round it went again. ", 40));

    private static readonly AgentWriterOptions Options = new() { MinSectionWords = 20, MaxSectionWords = 60, SingleSectionWords = 0, Length = LengthControl.Open };

    private static readonly WritingRequest Request = new() { Instruction = "Write an 80-word story about a lighthouse.", Seed = Seed };

    [Theory]
    [InlineData(true, LengthControl.Open)]
    [InlineData(false, LengthControl.Open)]
    [InlineData(true, LengthControl.Closed)]
    public async Task ResumeStreamingAsync_StoppedAtAnyDelta_GivesTheUndisturbedDocument(bool cancelled, LengthControl control)
    {
        AgentWriterOptions options = Options with { Length = control };
        using var undisturbed = new StoppingClient(int.MaxValue, null);
        WrittenDocument expected = await new AgentWriter(undisturbed, options).WriteAsync(Request, null, Stop);
        Assert.Equal(EndCause.Stop, expected.End);
        Assert.True(control == LengthControl.Closed ? undisturbed.Calls.Count > Calls : undisturbed.Calls.Count == Calls);

        for (int stopAt = 0; stopAt < undisturbed.Deltas; stopAt++)
        {
            var journal = new MemoryWritingJournal();
            using var cancel = cancelled ? new CancellationTokenSource() : null;
            using var first = new StoppingClient(stopAt, cancel);
            await WriteUntilStoppedAsync(options, first, journal, cancel?.Token ?? Stop);
            int recorded = (await JournaledDocument.ReadAsync(journal, Stop)).Sections.Count;

            using var second = new StoppingClient(int.MaxValue, null);
            List<WritingUpdate> updates = await new AgentWriter(second, options).ResumeStreamingAsync(journal, null, Stop).CollectAsync();

            WrittenDocument resumed = updates.ToWrittenDocument();
            Assert.Equal((stopAt, expected.Text), (stopAt, resumed.Text));
            Assert.Equal((stopAt, expected.Usage), (stopAt, resumed.Usage));
            Assert.Equal(expected.Sections.Select(section => section.Text), FoldByHand(updates));
            Assert.DoesNotContain(second.Calls, first.Completed.Contains);
            Assert.InRange(first.Calls.Count + second.Calls.Count, undisturbed.Calls.Count, undisturbed.Calls.Count + 1);
            Assert.True(resumed.Sections.Take(recorded).All(section => section.Restored));
            Assert.Equal(expected.Text, (await JournaledDocument.ReadAsync(journal, Stop)).Text);
        }
    }

    [Fact]
    public async Task ResumeStreamingAsync_FromAFile_GivesTheUndisturbedDocument()
    {
        using var folder = new JournalFolder();
        await using (FileWritingJournal journal = FileWritingJournal.Open(folder.Directory))
        {
            using var first = new StoppingClient(40, null);
            await WriteUntilStoppedAsync(Options, first, journal, Stop);
        }

        await using FileWritingJournal reopened = FileWritingJournal.Open(folder.Directory);
        using var second = new StoppingClient(int.MaxValue, null);
        WrittenDocument resumed = await new AgentWriter(second, Options).ResumeStreamingAsync(reopened, null, Stop).ToWrittenDocumentAsync(Stop);

        using var undisturbed = new StoppingClient(int.MaxValue, null);
        Assert.Equal((await new AgentWriter(undisturbed, Options).WriteAsync(Request, null, Stop)).Text, resumed.Text);
    }

    [Fact]
    public async Task ResumeStreamingAsync_FinishedRun_MakesNoCallAndWritesNoRecord()
    {
        (MemoryWritingJournal journal, WrittenDocument written) = await FinishedAsync();
        int records = (await journal.ReadAsync(Stop)).Count;
        using var client = Client(new PlayedReply("", "throw"));

        List<WritingUpdate> updates = await new AgentWriter(client).ResumeStreamingAsync(journal, request => request with { }, Stop).CollectAsync();

        Assert.Empty(client.Calls);
        Assert.Equal(written.Text, updates.ToWrittenDocument().Text);
        Assert.Equal(written.Usage, updates.ToWrittenDocument().Usage);
        Assert.All(updates.OfType<SectionAccepted>(), accepted => Assert.True(accepted.Section.Restored));
        Assert.True(updates.OfType<PlanReady>().Single().Restored);
        Assert.Equal(records, (await journal.ReadAsync(Stop)).Count);
    }

    [Fact]
    public async Task ResumeStreamingAsync_StoppedAtOnce_LosesNothingThatWasAccepted()
    {
        (MemoryWritingJournal journal, WrittenDocument written) = await FinishedAsync();
        using var client = new ScriptedChatClient(WriterScript.Section);

        await foreach (WritingUpdate update in new AgentWriter(client).ResumeStreamingAsync(journal, null, Stop))
        {
            break;
        }

        Assert.Equal(written.Text, (await JournaledDocument.ReadAsync(journal, Stop)).Text);
    }

    [Fact]
    public async Task ResumeStreamingAsync_ChangedPlan_ReusesNoStaleText()
    {
        (MemoryWritingJournal journal, WrittenDocument written) = await FinishedAsync();
        using var client = new ScriptedChatClient(call => WriterScript.Prose(40 + call.Number, 50));
        WritingPlan changed = Planned(50, 50, 50, 50).Plan! with { Title = "Anew" };

        WrittenDocument resumed = await new AgentWriter(client).ResumeStreamingAsync(journal, request => request with { Plan = changed }, Stop).ToWrittenDocumentAsync(Stop);

        Assert.Equal(4, client.Calls.Count);
        Assert.All(resumed.Sections, section => Assert.False(section.Restored));
        Assert.DoesNotContain(written.Sections[0].Text, resumed.Text, StringComparison.Ordinal);
        WrittenDocument read = await JournaledDocument.ReadAsync(journal, Stop);
        Assert.Equal((resumed.Text, changed), (read.Text, read.Planning!.Plan));
    }

    [Fact]
    public async Task ResumeStreamingAsync_ChangedRequestAndBack_FindsTheFirstTextAgain()
    {
        (MemoryWritingJournal journal, WrittenDocument written) = await FinishedAsync();
        using var client = new ScriptedChatClient(call => WriterScript.Prose(40 + call.Number, 50));
        var writer = new AgentWriter(client);

        WrittenDocument styled = await writer.ResumeStreamingAsync(journal, request => request with { Style = "terse" }, Stop).ToWrittenDocumentAsync(Stop);
        Assert.Equal(3, client.Calls.Count);
        WrittenDocument back = await writer.ResumeStreamingAsync(journal, request => request with { Style = null }, Stop).ToWrittenDocumentAsync(Stop);

        Assert.Equal(3, client.Calls.Count);
        Assert.NotEqual(written.Text, styled.Text);
        Assert.Equal(written.Text, back.Text);
        Assert.Equal(written.Text, (await JournaledDocument.ReadAsync(journal, Stop)).Text);
    }

    [Fact]
    public async Task ReadAsync_AfterEachSection_HoldsWhatTheReaderHasSeen()
    {
        var journal = new MemoryWritingJournal();
        using var client = new ScriptedChatClient(WriterScript.Section);
        int accepted = 0;

        await foreach (WritingUpdate update in new AgentWriter(client).WriteStreamingAsync(Planned(50, 50, 50), journal, Stop))
        {
            accepted += update is SectionAccepted ? 1 : 0;
            WrittenDocument read = await JournaledDocument.ReadAsync(journal, Stop);
            Assert.Equal(accepted, read.Sections.Count);
            Assert.Equal(accepted * 50, read.Words);
            Assert.Equal(update is DocumentEnded ? EndCause.Stop : EndCause.Cancelled, read.End);
        }
    }

    private static async Task WriteUntilStoppedAsync(AgentWriterOptions options, StoppingClient client, IWritingJournal journal, CancellationToken cancellationToken)
    {
        try
        {
            await new AgentWriter(client, options).WriteAsync(Request, journal, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or ModelCallException)
        {
        }
    }

    private static async Task<(MemoryWritingJournal Journal, WrittenDocument Document)> FinishedAsync()
    {
        var journal = new MemoryWritingJournal();
        using var client = new ScriptedChatClient(WriterScript.Section);
        return (journal, await new AgentWriter(client).WriteAsync(Planned(50, 50, 50), journal, Stop));
    }

    /// <summary>Writes a document with a plan, a section that is cut and continued, one that comes empty and one that loops first; stops before a delta.</summary>
    private sealed class StoppingClient(int stopAt, CancellationTokenSource? cancel) : IChatClient
    {
        private readonly ScriptedChatClient metadata = new(WriterScript.Reply);

        public int Deltas { get; private set; }

        /// <summary>The calls that began, by what tells them apart.</summary>
        public List<string> Calls { get; } = [];

        /// <summary>The calls whose replies reached their end before another call began. The one that loops has no such end: its reader stops it.</summary>
        public HashSet<string> Completed { get; } = [];

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var call = new ScriptedCall(0, [.. messages], options);
            PlayedReply reply = Reply(call);
            Completed.UnionWith(Calls.Where(name => name != "False 3000"));
            Calls.Add($"{WriterScript.IsPlanning(call)} {options!.Seed - Seed}");
            await foreach (ChatResponseUpdate update in ScriptedChatClient.Stream(reply.Text, new ChatFinishReason(reply.Finish), chunkChars: 31))
            {
                if (Deltas++ == stopAt)
                {
                    await (cancel?.CancelAsync() ?? Task.FromException(new ModelCallException("Gone.", isTransient: false)));
                    cancellationToken.ThrowIfCancellationRequested();
                }

                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => metadata.GetService(serviceType, serviceKey);

        public void Dispose() => metadata.Dispose();

        private static PlayedReply Reply(ScriptedCall call) => (call.Options!.Seed - Seed) switch
        {
            0 when WriterScript.IsPlanning(call) => new PlayedReply(WriterScript.Plan(4, 20)),
            1_000 => new PlayedReply("One sentence stands here whole. And then it breaks of", "length"),
            1_001 => new PlayedReply("And then it goes on.\n\nTo its end."),
            2_000 => new PlayedReply(""),
            2_100 => new PlayedReply("The third one came at the second try."),
            3_000 => new PlayedReply(Loop),
            3_100 => new PlayedReply("The last one closes the story."),
            _ when WriterScript.HasStep(call) => new PlayedReply(WriterScript.Section(call)),
            var asked => new PlayedReply($"More of it came at last, by seed {asked}. And it was good."),
        };
    }
}
