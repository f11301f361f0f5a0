using System.Runtime.CompilerServices;
using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class ParallelSectionsTests
{
    private static readonly AgentWriterOptions ThreeAtATime = new() { ParallelSections = 3 };

    private static readonly WritingRequest Request = Planned([.. Enumerable.Repeat(50, 9)]);

    [Fact]
    public async Task WriteStreamingAsync_Parallel_ComesInDocumentOrderAndIsTheSameEachTime()
    {
        List<WritingUpdate>[] runs = new List<WritingUpdate>[2];
        for (int run = 0; run < 2; run++)
        {
            using var client = new ScriptedChatClient(WriterScript.Section);
            runs[run] = await new AgentWriter(client, ThreeAtATime).WriteStreamingAsync(Request, null, Stop).CollectAsync();
            Assert.Equal(9, client.Calls.Count);
            Assert.All(client.Calls, call => Assert.Single(call.Messages));
            Assert.DoesNotContain(client.Calls, call => call.AllText.Contains(WriterScript.Prose(1, 10), StringComparison.Ordinal));
            Assert.DoesNotContain(client.Calls, call => call.AllText.Contains("not shown", StringComparison.Ordinal));
        }

        Assert.Equal(Enumerable.Range(1, 9).Select(section => WriterScript.Prose(section, 50)), FoldByHand(runs[0]));
        Assert.Equal(Sections(runs[0]), Sections(runs[0]).Order());
        Assert.Equal(Lines(runs[0]), Lines(runs[1]));

        static IEnumerable<int> Sections(IEnumerable<WritingUpdate> updates) => updates.OfType<SectionStarted>().Select(update => update.SectionIndex);
        static IEnumerable<string> Lines(IEnumerable<WritingUpdate> updates) => updates.Where(update => update is not PlanReady).Select(update => update.ToString());
    }

    [Fact]
    public async Task WriteAsync_Parallel_NeverMakesMoreCallsAtATime()
    {
        int running = 0, most = 0;
        var gate = new Lock();
        using var client = new ScriptedChatClient((call, token) => Counted(call, token));

        await new AgentWriter(client, ThreeAtATime).WriteAsync(Request, null, Stop);

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, running);

        async IAsyncEnumerable<ChatResponseUpdate> Counted(ScriptedCall call, [EnumeratorCancellation] CancellationToken token)
        {
            lock (gate)
            {
                most = Math.Max(most, ++running);
            }

            await foreach (ChatResponseUpdate update in ScriptedChatClient.Stream(WriterScript.Section(call)).WithCancellation(token))
            {
                await Task.Yield();
                yield return update;
            }

            lock (gate)
            {
                running--;
            }
        }
    }

    [Fact]
    public async Task WriteAsync_SectionInTheMiddleFails_EndsAfterTheOnesBefore()
    {
        using var client = Client(call => call.LastText.Contains("Paragraph 4 - ", StringComparison.Ordinal) && call.LastText.TrimEnd().EndsWith("point number 4 - Word Count: 50 words", StringComparison.Ordinal)
            ? new PlayedReply("", "throw") : new PlayedReply(WriterScript.Section(call)));

        WrittenDocument document = await new AgentWriter(client, ThreeAtATime).WriteAsync(Request, null, Stop);

        Assert.Equal(3, document.Sections.Count);
        Assert.Equal(EndCause.Error, document.End);
        Assert.Equal("Section 4 could not be written. The call failed after 1 try: The line is down.", document.Failure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WriteStreamingAsync_AbandonedOrCancelled_LeavesNoCallRunning(bool cancelled)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        int running = 0;
        using var client = new ScriptedChatClient((call, token) => Endless(call, token));
        IAsyncEnumerable<WritingUpdate> updates = new AgentWriter(client, ThreeAtATime).WriteStreamingAsync(Request, null, cancel.Token);

        if (cancelled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(cancel));
        }
        else
        {
            await ReadAsync(null);
        }

        Assert.Equal(0, Volatile.Read(ref running));

        async Task ReadAsync(CancellationTokenSource? stop)
        {
            await foreach (WritingUpdate update in updates)
            {
                if (update is TextDrafted && stop is not null)
                {
                    await stop.CancelAsync();
                }
                else if (update is TextDrafted)
                {
                    break;
                }
            }
        }

        async IAsyncEnumerable<ChatResponseUpdate> Endless(ScriptedCall call, [EnumeratorCancellation] CancellationToken token)
        {
            Interlocked.Increment(ref running);
            try
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, "A first line.\n");
                await Task.Delay(Timeout.Infinite, token);
                yield return new ChatResponseUpdate(ChatRole.Assistant, $"{call.Number}");
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }
    }

    [Fact]
    public async Task WriteAsync_ParallelWithJournal_ResumesWithoutRepeatingCalls()
    {
        var journal = new MemoryWritingJournal();
        using var first = new ScriptedChatClient(WriterScript.Section);
        WrittenDocument written = await new AgentWriter(first, ThreeAtATime).WriteAsync(Request, journal, Stop);
        using var second = new ScriptedChatClient(WriterScript.Section);

        WrittenDocument resumed = await new AgentWriter(second, ThreeAtATime).ResumeStreamingAsync(journal, null, Stop).ToWrittenDocumentAsync(Stop);

        Assert.Empty(second.Calls);
        Assert.Equal(written.Text, resumed.Text);
        Assert.Equal(written.Usage, resumed.Usage);
    }
}
