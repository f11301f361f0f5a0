using LongWriter.Testing;
using LongWriter.Writing;

namespace LongWriter.Core.Tests.Writing;

/// <summary>Sections that a model ends too early, does not end in time, loops in or copies: what the closed loop makes of them.</summary>
public sealed class ClosedLoopTests
{
    private static readonly WritingRequest Request = WriterRuns.Planned(200, 200, 200);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_SectionsEndEarly_AreContinuedWithWhatIsMissing()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, 100));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Request, null, Stop);

        Assert.Equal([200, 200, 200], document.Sections.Select(section => section.Words));
        Assert.Equal(6, client.Calls.Count);
        Assert.Contains("About 200 words are still missing", client.Calls[1].LastText, StringComparison.Ordinal); // 100, asked twice over: it gave half
        Assert.Equal("The section ended with 100 of 200 words.", document.Notes[0].Message);
        Assert.True(document.Length!.IsMet);
        Assert.Null(document.Length.Reason);
    }

    [Fact]
    public async Task Write_OpenLoop_TakesWhatTheModelGives()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, 90));

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { Length = LengthControl.Open }).WriteAsync(Request, null, Stop);

        Assert.Equal([90, 90, 90], document.Sections.Select(section => section.Words));
        Assert.Equal(3, client.Calls.Count);
        Assert.False(document.Length!.IsMet);
        Assert.Equal(-0.55, document.Length.Deviation, 9);
        Assert.Equal("Lengths were not controlled.", document.Length.Reason);
    }

    [Fact]
    public async Task Write_SectionsRunOver_AreStoppedAtASentenceAndLaterOnesGetLess()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, 5_000));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Request, null, Stop);

        Assert.Equal([200, 200, 200], document.Sections.Select(section => section.Words));
        Assert.All(document.Sections, section => Assert.EndsWith(".", section.Text, StringComparison.Ordinal));
        Assert.All(document.Sections, section => Assert.InRange(section.DiscardedTokens, 1, 400));

        // The end of the document is not just cut off: the model is asked for one.
        Assert.Equal(4, client.Calls.Count);
        Assert.Contains("Bring it to a proper end now", client.Calls[3].LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_LastSectionALittleOver_KeepsTheModelsOwnEnding()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, call.Number == 2 ? 222 : 200));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Request, null, Stop);

        Assert.Equal([200, 200, 222], document.Sections.Select(section => section.Words));
        Assert.Equal(3, client.Calls.Count);
        Assert.True(document.Length!.IsMet);
    }

    [Fact]
    public async Task Write_SurplusOfASection_IsTakenFromTheRest()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, call.Number == 0 ? 230 : 185));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Request, null, Stop);

        Assert.Equal([200, 190, 185], document.Sections.Select(section => section.AimedWords));
        Assert.Equal(600, document.Words, 10d);
    }

    [Fact]
    public async Task Write_CodeBlockBeyondTheWindow_IsNotCutInside()
    {
        string code = "```\n" + string.Concat(Enumerable.Range(0, 120).Select(line => $"let value {line}. Print it.\n")) + "```";
        using var client = new ScriptedChatClient(call => call.Number == 0 ? $"{WriterScript.Prose(0, 180)}\n\n{code}\n\n{WriterScript.Prose(1, 100)}" : WriterScript.Prose(call.Number, 200));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Request, null, Stop);

        Assert.Equal(WriterScript.Prose(0, 180), document.Sections[0].Text);
        Assert.Equal(600, document.Words, 25d);
    }

    [Fact]
    public async Task Write_ModelAddsNothing_StopsAskingAndSaysSo()
    {
        using var client = new ScriptedChatClient(call => call.Number == 0 ? WriterScript.Prose(0, 90) : "...");

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { MaxRewrites = 1 }).WriteAsync(WriterRuns.Planned(200), null, Stop);

        Assert.Equal(EndCause.Stop, document.End);
        Assert.InRange(client.Calls.Count, 2, 4);
        Assert.False(document.Length!.IsMet);
        Assert.StartsWith("Section 1 has 9", document.Length.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_Loop_IsTakenBackAndWrittenOtherwise()
    {
        string loop = string.Concat(Enumerable.Repeat("And round it went again, the wheel of the old mill. ", 12));
        using var client = new ScriptedChatClient(call => call.Number == 0 ? WriterScript.Prose(0, 100) + " " + loop : WriterScript.Prose(call.Number, 100));

        List<WritingUpdate> updates = await new AgentWriter(client).WriteStreamingAsync(WriterRuns.Planned(200) with { Seed = 7 }, null, Stop).CollectAsync();

        WrittenDocument document = updates.ToWrittenDocument();
        Assert.Equal(EndCause.Stop, document.End);
        Assert.StartsWith(WriterScript.Prose(0, 100), document.Text, StringComparison.Ordinal);
        Assert.InRange(document.Text.Split("the wheel of the old mill").Length, 1, 3);
        Assert.Contains(updates, update => update is TextRetracted { Reason: "The reply ran into a loop, which is taken back." });
        Assert.Null(client.Calls[0].Options!.FrequencyPenalty);
        Assert.Equal(0.2f, client.Calls[1].Options!.FrequencyPenalty);
        Assert.NotEqual(client.Calls[0].Options!.Seed, client.Calls[1].Options!.Seed);
    }

    [Fact]
    public async Task Write_OnlyLoops_EndsWithRepetition()
    {
        string loop = string.Concat(Enumerable.Repeat("And round it went again, the wheel of the old mill. ", 12));
        using var client = new ScriptedChatClient(_ => loop);

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { MaxRewrites = 2 }).WriteAsync(WriterRuns.Planned(200), null, Stop);

        Assert.Equal(EndCause.Repetition, document.End);
        Assert.InRange(client.Calls.Count, 3, 3);
        Assert.False(document.Length!.IsMet);
    }

    [Fact]
    public async Task Write_CopyOfAnEarlierSection_IsWrittenAgain()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number == 1 ? 0 : call.Number, 200));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(WriterRuns.Planned(200, 200), null, Stop);

        Assert.Equal([WriterScript.Prose(0, 200), WriterScript.Prose(2, 200)], document.Sections.Select(section => section.Text));
        Assert.Equal(3, client.Calls.Count);
    }

    [Fact]
    public async Task Write_MoreThanTheRemainingSectionsHold_PlansThemAnew()
    {
        // The plan is one of few sections; every second one can be no longer than 300 words whatever is asked.
        using var client = new ScriptedChatClient(call => WriterScript.IsPlanning(call) ? WriterScript.Plan(3, 1000) : call.Number % 2 == 1 ? WriterScript.Prose(call.Number, 150) : "...");

        List<WritingUpdate> updates = await new AgentWriter(client, new AgentWriterOptions { MaxContinuations = 1, MaxRewrites = 0 })
            .WriteStreamingAsync(new WritingRequest { Instruction = "Write a 3000-word story." }, null, Stop).CollectAsync();

        PlanRevised revised = Assert.Single(updates.OfType<PlanRevised>().Take(1));
        Assert.Equal("The 2 sections that remained became 4, for 2850 of 3000 are still to be written.", revised.Reason);
        Assert.Equal(updates.OfType<PlanRevised>().Last().Planning.Plan.Sections.Count, updates.OfType<SectionAccepted>().Count());
        Assert.False(updates.ToWrittenDocument().Length!.IsMet);
    }

    [Fact]
    public async Task Write_LengthReachedEarly_LeavesTheRestOut()
    {
        // A code block cannot be cut, so the first section takes what was meant for all of them.
        string code = "```\n" + string.Concat(Enumerable.Range(0, 250).Select(line => $"let value {line}. Print it.\n")) + "```";
        using var client = new ScriptedChatClient(call => WriterScript.IsPlanning(call) ? WriterScript.Plan(2, 500) : code);

        WrittenDocument document = await new AgentWriter(client).WriteAsync(new WritingRequest { Instruction = "Write a 1001-word listing.", Length = LengthTarget.Equal(1001) }, null, Stop);

        Assert.Single(document.Sections);
        Assert.Contains("The length is reached, so the last 1 of 2 sections are left out.", document.Planning!.Adjustments);
        Assert.Equal(EndCause.Stop, document.End);
    }

    [Fact]
    public async Task Write_Parallel_TheLastSectionMakesUpForTheOthers()
    {
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, WriterScript.HasStep(call) && WriterScript.StepOf(call) == 3 ? 400 : 220));

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { ParallelSections = 3 }).WriteAsync(Request, null, Stop);

        Assert.Equal(160, document.Sections[2].AimedWords);
        Assert.Equal(600, document.Words, 10d);
    }

    [Fact]
    public async Task Resume_AfterSectionsWereStoppedAndContinued_GivesTheSameWithoutCalls()
    {
        var journal = new MemoryWritingJournal();
        using var client = new ScriptedChatClient(call => WriterScript.Prose(call.Number, call.Number % 2 == 0 ? 5_000 : 90));
        WrittenDocument first = await new AgentWriter(client).WriteAsync(Request, journal, Stop);
        using var silent = new ScriptedChatClient(call => throw new InvalidOperationException($"Call {call.Number} was made again."));

        WrittenDocument second = await new AgentWriter(silent).ResumeStreamingAsync(journal, null, Stop).ToWrittenDocumentAsync(Stop);

        Assert.Equal(first.Text, second.Text);
        Assert.Equal(first.End, second.End);
        Assert.Equal(first.Sections.Select(section => section.AimedWords), second.Sections.Select(section => section.AimedWords));
        Assert.Empty(silent.Calls);
    }
}
