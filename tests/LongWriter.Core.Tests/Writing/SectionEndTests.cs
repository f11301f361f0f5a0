using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>Every way in which a section's calls can end, through the streaming path folded by hand and through the whole path.</summary>
public sealed class SectionEndTests
{
    private const string Good = "The lamp was lit at dusk. It burned until the morning came.";
    private const string Cut = "The keeper climbed the stairs. He carried a lam";
    private const string Refused = "I'm sorry, but I can't assist with that.";
    private const string LoopStart = "A storm rose. The sea rolled on and on against the wall.";

    private static readonly string Loop = "A storm rose. " + string.Concat(Enumerable.Repeat("The sea rolled on and on against the wall. ", 60));

    /// <summary>Replies of a document with one section (2 continuations, 1 rewrite), then end, text where accepted, calls.</summary>
    public static TheoryData<string, string[], CutSectionPolicy, EndCause, string?, int> Cases { get; } = new()
    {
        { "stop", [Good], CutSectionPolicy.AcceptTrimmed, EndCause.Stop, Good, 1 },
        { "length, continued", [Cut + "|length", "He carried a lamp in his hand. It was cold."], CutSectionPolicy.Fail, EndCause.Stop, "The keeper climbed the stairs. He carried a lamp in his hand. It was cold.", 2 },
        { "length, continued with a paragraph", ["One day passed.\n\nAnother beg|length", "Another began."], CutSectionPolicy.Fail, EndCause.Stop, "One day passed.\n\nAnother began.", 2 },
        { "length, continuation brings the break", [Cut + "|length", "\n\nNight fell."], CutSectionPolicy.Fail, EndCause.Stop, "The keeper climbed the stairs.\n\nNight fell.", 2 },
        { "length, Chinese", ["灯塔亮了。海上起了大|length", "海上起了大雾。"], CutSectionPolicy.Fail, EndCause.Stop, "灯塔亮了。海上起了大雾。", 2 },
        { "length, Chinese quotes", ["他说：“走吧。”她不|length", "“好。”她说。"], CutSectionPolicy.Fail, EndCause.Stop, "他说：“走吧。”“好。”她说。", 2 },
        { "length for ever, trimmed", [Cut + "|length"], CutSectionPolicy.AcceptTrimmed, EndCause.Length, "The keeper climbed the stairs. The keeper climbed the stairs. The keeper climbed the stairs.", 3 },
        { "length for ever, fails", [Cut + "|length"], CutSectionPolicy.Fail, EndCause.Length, null, 3 },
        { "length with nothing whole", ["no border here|length", "|length"], CutSectionPolicy.AcceptTrimmed, EndCause.Length, null, 3 },
        { "context limit for ever", [Cut + "|context_limit"], CutSectionPolicy.Fail, EndCause.ContextLimit, null, 3 },
        { "filter, then good", [Cut + "|content_filter", Good], CutSectionPolicy.AcceptTrimmed, EndCause.Stop, Good, 2 },
        { "filter for ever", [Cut + "|content_filter"], CutSectionPolicy.AcceptTrimmed, EndCause.ContentFilter, null, 2 },
        { "refusal, then good", [Refused, Good], CutSectionPolicy.AcceptTrimmed, EndCause.Stop, Good, 2 },
        { "refusal for ever", [Refused], CutSectionPolicy.AcceptTrimmed, EndCause.Refusal, null, 2 },
        { "refusal by finish reason", ["No.|refusal"], CutSectionPolicy.AcceptTrimmed, EndCause.Refusal, null, 2 },
        { "loop, then good", [Loop, Good], CutSectionPolicy.AcceptTrimmed, EndCause.Stop, $"{LoopStart} {Good}", 2 },
        { "loop for ever, trimmed", [Loop], CutSectionPolicy.AcceptTrimmed, EndCause.Repetition, $"{LoopStart} {LoopStart}", 2 },
        { "loop for ever, fails", [Loop], CutSectionPolicy.Fail, EndCause.Repetition, null, 2 },
        { "empty, then good", ["", Good], CutSectionPolicy.AcceptTrimmed, EndCause.Stop, Good, 2 },
        { "white space for ever", [" \n\n "], CutSectionPolicy.AcceptTrimmed, EndCause.Empty, null, 2 },
        { "nothing but an identifier", ["**Paragraph 1:**\n\n"], CutSectionPolicy.AcceptTrimmed, EndCause.Empty, null, 2 },
        { "reasoning is not text", ["<think>Let me see. I must.</think>" + Good], CutSectionPolicy.AcceptTrimmed, EndCause.Stop, Good, 1 },
        { "nothing but reasoning", ["<think>Let me see."], CutSectionPolicy.AcceptTrimmed, EndCause.Empty, null, 2 },
        { "reasoning before a continuation", [Cut + "|length", "I think I go on.</think>\n\nNight fell."], CutSectionPolicy.Fail, EndCause.Stop, "The keeper climbed the stairs. Night fell.", 2 },
        { "error", [Cut + "|throw"], CutSectionPolicy.AcceptTrimmed, EndCause.Error, null, 1 },
        { "error in a continuation", [Cut + "|length", "He |throw"], CutSectionPolicy.AcceptTrimmed, EndCause.Error, null, 2 },
        { "unknown finish reason", [Good + "|odd"], CutSectionPolicy.AcceptTrimmed, EndCause.Error, null, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Write_EveryEnd_IsTheSameStreamedAndWhole(string name, string[] replies, CutSectionPolicy policy, EndCause end, string? text, int calls)
    {
        var options = new AgentWriterOptions { Length = LengthControl.Open, CutSections = policy, MaxContinuations = 2, MaxRewrites = 1 };
        PlayedReply[] played = [.. replies.Select(reply => reply.Split('|')).Select(parts => new PlayedReply(parts[0], parts.Length > 1 ? parts[1] : "stop"))];
        using var streaming = Client(played);
        using var whole = Client(played);

        List<WritingUpdate> updates = await new AgentWriter(streaming, options).WriteStreamingAsync(Planned(60), null, Stop).CollectAsync();
        WrittenDocument document = await new AgentWriter(whole, options).WriteAsync(Planned(60), null, Stop);

        DocumentEnded ended = Assert.IsType<DocumentEnded>(updates[^1]);
        Assert.Equal(text is null ? [] : [text], FoldByHand(updates));
        Assert.Equal(text ?? "", document.Text);
        Assert.Equal((name, end, end), (name, ended.End, document.End));
        Assert.Equal((name, calls, calls), (name, streaming.Calls.Count, whole.Calls.Count));
        Assert.Equal(ended.Usage, document.Usage);
        Assert.Equal(text is null, document.Failure is not null);
        Assert.Equal(WordCounter.Unicode.Count(text ?? ""), document.Words);
    }

    [Fact]
    public async Task WriteAsync_SecondSectionFails_KeepsTheFirstAndSaysWhy()
    {
        using var client = Client(new PlayedReply(Good), new PlayedReply(Refused));

        WrittenDocument document = await new AgentWriter(client, OpenLoop).WriteAsync(Planned(60, 60, 60), null, Stop);

        Assert.Equal(Good, document.Text);
        Assert.Equal(EndCause.Refusal, document.End);
        Assert.Equal("Section 2 could not be written. The model refused to write the section. It was tried 5 times.", document.Failure);
        Assert.Equal(Enumerable.Repeat("The model refused to write the section.", 4), document.Notes.Messages(WritingNoteKind.Rewrite));
    }

    [Fact]
    public async Task WriteAsync_ReasoningContent_IsNeitherTextNorCounted()
    {
        using var client = new ScriptedChatClient((_, _) => Reasoned());

        WrittenDocument document = await new AgentWriter(client, OpenLoop).WriteAsync(Planned(60), null, Stop);

        Assert.Equal(Good, document.Text);
        Assert.Equal(12, document.Words);

        static async IAsyncEnumerable<ChatResponseUpdate> Reasoned()
        {
            await Task.CompletedTask;
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("First I think of the sea.")]);
            yield return new ChatResponseUpdate(ChatRole.Assistant, Good) { FinishReason = ChatFinishReason.Stop };
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_CancelledInTheMiddleOfASection_ThrowsAtOnce(bool streaming)
    {
        using var cancel = new CancellationTokenSource();
        using var client = new ScriptedChatClient((call, token) => CancelMidway(call, token));
        var writer = new AgentWriter(client, OpenLoop);
        var journal = new MemoryWritingJournal();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => streaming
            ? writer.WriteStreamingAsync(Planned(60, 60), journal, cancel.Token).CollectAsync()
            : writer.WriteAsync(Planned(60, 60), journal, cancel.Token));

        Assert.Equal(2, client.Calls.Count);
        Assert.Equal(Good, (await JournaledDocument.ReadAsync(journal, Stop)).Text);

        async IAsyncEnumerable<ChatResponseUpdate> CancelMidway(ScriptedCall call, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, Good);
            if (call.Number == 1)
            {
                await cancel.CancelAsync();
                token.ThrowIfCancellationRequested();
            }

            yield return new ChatResponseUpdate(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.Stop };
        }
    }

    [Fact]
    public async Task WriteAsync_TransientFailureMidway_TakesBackAndTriesAgain()
    {
        var time = new ManualTimeProvider { AutoAdvance = true };
        using var client = new ScriptedChatClient((call, _) => call.Number == 0 ? Break() : Play(new PlayedReply(Good)));

        List<WritingUpdate> updates = await new AgentWriter(client, OpenLoop, timeProvider: time).WriteStreamingAsync(Planned(60), null, Stop).CollectAsync();

        Assert.Equal([Good], FoldByHand(updates));
        Assert.Equal(["The line broke."], updates.OfType<WritingNoted>().Messages(WritingNoteKind.CallRetried));
        Assert.Contains(updates, update => update is TextRetracted { Reason: "The line broke." });

        static async IAsyncEnumerable<ChatResponseUpdate> Break()
        {
            await Task.CompletedTask;
            yield return new ChatResponseUpdate(ChatRole.Assistant, "A first line.\nAnd more of it");
            throw new ModelCallException("The line broke.", isTransient: true);
        }
    }
}
