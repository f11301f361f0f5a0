using LongWriter.Prompts;
using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>What a section's call sees, in wide windows and in narrow ones.</summary>
public sealed class SectionContextTests
{
    private const int Sections = 12;

    [Theory]
    [InlineData(ContextLayout.Conversation)]
    [InlineData(ContextLayout.SinglePrompt)]
    public void Build_WideWindow_ShowsEverything(ContextLayout layout)
    {
        SectionContext context = Build(100_000, layout, 10);
        string prompt = Prompt(context);

        Assert.Empty(context.Drops);
        Assert.Equal(0, context.FirstShownSection);
        Assert.Contains(Notes, prompt, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, Sections), section => Assert.Contains(PlanText.Line(Request.Plan!, section), prompt, StringComparison.Ordinal));
        Assert.All(Enumerable.Range(0, 10), section => Assert.Contains(Text(section), prompt, StringComparison.Ordinal));
        Assert.DoesNotContain("not shown", prompt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ContextLayout.Conversation)]
    [InlineData(ContextLayout.SinglePrompt)]
    public void Build_EveryWindow_KeepsToTheBudgetAndDropsInOrder(ContextLayout layout)
    {
        int full = WordTokens.Count(Build(100_000, layout, 10).Messages);
        int shownBefore = -1, notesBefore = int.MaxValue - 2, windows = 0;
        for (int window = 5_000; window > 450; window -= 37, windows++)
        {
            SectionContext context = Build(window, layout, 10);
            string prompt = Prompt(context);
            int used = WordTokens.Count(context.Messages), available = new TokenBudget(new WordTokens(window), 0).PromptTokens(100);

            Assert.InRange(used, 1, available);
            Assert.Contains(Request.Instruction, prompt, StringComparison.Ordinal);
            Assert.Contains(PlanText.Line(Request.Plan!, 10), context.Messages[^1].Text, StringComparison.Ordinal);

            // Nothing is dropped while it fits with room for the templates, and whatever is dropped is said.
            Assert.Equal(context.Drops.Count == 0, prompt.Contains(Text(0), StringComparison.Ordinal) && prompt.Contains(Notes, StringComparison.Ordinal));
            if (full + (4 * context.Messages.Count) + 60 <= available)
            {
                Assert.Empty(context.Drops);
            }

            // The text that is shown is the latest, without a gap.
            int[] shown = [.. Enumerable.Range(0, 10).Where(section => prompt.Contains(Text(section), StringComparison.Ordinal))];
            Assert.Equal(Enumerable.Range(10 - shown.Length, shown.Length), shown);

            // Less window never shows more text or more notes.
            int notes = Notes.Split('.').Count(sentence => sentence.Trim().Length > 0 && prompt.Contains(sentence.Trim() + ".", StringComparison.Ordinal));
            Assert.True(shownBefore < 0 || shown.Length <= shownBefore + 1, $"{window}: {shown.Length} after {shownBefore}");
            Assert.True(notes <= notesBefore + 2, $"{window}: {notes} notes after {notesBefore}");
            (shownBefore, notesBefore) = (shown.Length, notes);
        }

        Assert.True(windows > 100);
    }

    [Fact]
    public void Build_NarrowWindow_ShowsNeighboursADigestAndTheLatestText()
    {
        SectionContext context = Build(900, ContextLayout.SinglePrompt, 8);
        string prompt = Prompt(context);

        Assert.Contains(PlanText.Line(Request.Plan!, 9), prompt, StringComparison.Ordinal);
        Assert.DoesNotContain(PlanText.Line(Request.Plan!, 0), prompt, StringComparison.Ordinal);
        Assert.Contains("(Paragraphs 1 to ", prompt, StringComparison.Ordinal);
        Assert.Contains(Text(7)[^40..], prompt, StringComparison.Ordinal);
        Assert.Contains(context.Drops, drop => drop.EndsWith("of 12 lines of the plan are left out of the prompt.", StringComparison.Ordinal));
        Assert.Contains(context.Drops, drop => drop.Contains("characters of the source notes are left out", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_LongStepBeforeAShortOne_StillKeepsToTheBudget()
    {
        // In a conversation the opening names the first step that is shown, which may be far longer than the one to write.
        var plan = new WritingPlan([new PlannedSection(WriterScript.Prose(1, 150).Replace("\n\n", " ", StringComparison.Ordinal), 50), new PlannedSection("end", 50)]);
        for (int window = 700; window < 1_500; window += 13)
        {
            SectionContext context = Builder(window, ContextLayout.Conversation).Build(new SectionContextInput
            {
                Request = Request with { Plan = plan, SourceNotes = null },
                Planning = new PlanningResult(plan, PlanOrigin.User, LengthTarget.Equal(100), default, []),
                Index = 1,
                Earlier = [new TextPart(Text(0), WordTokens.Count(Text(0)))],
                ReplyWords = 50,
            });

            Assert.InRange(WordTokens.Count(context.Messages), 1, new TokenBudget(new WordTokens(window), 0).PromptTokens(50));
        }
    }

    [Theory]
    [InlineData("Sentences without end and no stop ")]
    [InlineData("- an item of a list\n")]
    public void Build_PartialWithoutSentences_ShowsItsEnd(string unit)
    {
        SectionContextInput input = Input(0) with { Partial = string.Concat(Enumerable.Repeat(unit, 300)).Trim() };

        SectionContext context = Builder(1_000, ContextLayout.Conversation).Build(input);

        string shown = context.Messages[^2].Text;
        Assert.InRange(shown.Length, 100, input.Partial.Length - 1);
        Assert.EndsWith(shown, input.Partial, StringComparison.Ordinal);
        Assert.Contains(context.Drops, drop => drop == $"The first {input.Partial.Length - shown.Length} characters of this section are left out of the prompt.");
    }

    [Fact]
    public void Build_InstructionAloneDoesNotFit_ThrowsWithTheNumbers()
    {
        var thrown = Assert.Throws<ContextBudgetException>(() => Builder(2_000, ContextLayout.Conversation).Build(
            Input(0) with { Request = Request with { Instruction = WriterScript.Prose(1, 1_600) } }));

        Assert.Equal(
            $"The instruction and one step of the plan take {thrown.RequiredTokens} tokens, but the model's context of 2000 tokens leaves {thrown.AvailableTokens} "
            + "for a prompt; shorten the instruction or move parts of it to the source notes.",
            thrown.Message);
        Assert.InRange(thrown.RequiredTokens, 2_080, 2_400);
        Assert.InRange(thrown.AvailableTokens, 1_000, 2_000);
    }

    [Fact]
    public async Task WriteAsync_SinglePrompt_HasTheTextSoFarInOneMessage()
    {
        using var client = new ScriptedChatClient(WriterScript.Section);

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { Context = ContextLayout.SinglePrompt }).WriteAsync(Planned(60, 60, 60), null, Stop);

        Assert.All(client.Calls, call => Assert.Single(call.Messages));
        Assert.Contains($"{document.Sections[0].Text}\n\n{document.Sections[1].Text}", client.Calls[2].LastText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ContextLayout.Conversation)]
    [InlineData(ContextLayout.SinglePrompt)]
    public async Task WriteAsync_ContinuedSection_GetsItsTextBackAsItsOwnTurn(ContextLayout layout)
    {
        using var client = Client(new PlayedReply("One is whole. Two is n", "length"), new PlayedReply("Two is whole too."));

        await new AgentWriter(client, new AgentWriterOptions { Context = layout }).WriteAsync(Planned(60), null, Stop);

        IReadOnlyList<ChatMessage> messages = client.Calls[1].Messages;
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.User], messages.Select(message => message.Role));
        Assert.Equal("One is whole.", messages[1].Text);
        Assert.Contains("About 57 words are still missing", messages[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_SectionAfterSectionInANarrowWindow_AppendsUntilItNoLongerFits()
    {
        SectionContextBuilder builder = Builder(1_900, ContextLayout.Conversation);
        int available = new TokenBudget(new WordTokens(1_900), 0).PromptTokens(100);
        List<IReadOnlyList<ChatMessage>> prompts = [];
        for (int index = 0; index < Sections; index++)
        {
            SectionContext context = builder.Build(Input(index));
            Assert.InRange(WordTokens.Count(context.Messages), 1, available);
            Assert.True(index == 0 || context.Messages.Any(message => message.Role == ChatRole.Assistant && Text(index - 1).EndsWith(message.Text, StringComparison.Ordinal)));
            prompts.Add(context.Messages);
        }

        // Most prompts begin with the whole prompt before them, so a cache serves all but the last section and its step.
        int appended = Enumerable.Range(1, Sections - 1).Count(index =>
            prompts[index].Take(prompts[index - 1].Count).Select(message => message.Text).SequenceEqual(prompts[index - 1].Select(message => message.Text)));
        Assert.InRange(appended, 7, Sections - 2);
    }

    [Fact]
    public void Build_SummaryChanges_KeepsWhatIsShown()
    {
        SectionContextBuilder builder = Builder(1_900, ContextLayout.Conversation);
        SectionContext before = builder.Build(Input(9));

        SectionContext after = builder.Build(Input(9) with { Summary = new TextSummary("The keeper left.", before.FirstShownSection) });

        Assert.Equal(before.FirstShownSection, after.FirstShownSection);
        Assert.Equal(before.Messages.Skip(1).Select(message => message.Text), after.Messages.Skip(1).Select(message => message.Text));
        Assert.Contains("In short: The keeper left.", after.Messages[0].Text, StringComparison.Ordinal);
    }

    private static string Notes { get; } = WriterScript.Prose(900, 200);

    private static WritingRequest Request { get; } = new()
    {
        Instruction = "Write a chronicle of the lighthouse and its keepers.",
        SourceNotes = Notes,
        Plan = new WritingPlan([.. Enumerable.Range(0, Sections).Select(i => new PlannedSection(
            WriterScript.Prose(500 + i, 12).Replace("\n\n", " ", StringComparison.Ordinal).TrimEnd('.'), 100))]),
    };

    private static string Text(int section) => WriterScript.Prose(section, 100);

    private static string Prompt(SectionContext context) => string.Join("\n", context.Messages.Select(message => message.Text));

    private static SectionContextBuilder Builder(int window, ContextLayout layout) =>
        new(PromptSet.Load(chinese: false), new TokenBudget(new WordTokens(window), 0), layout);

    private static SectionContext Build(int window, ContextLayout layout, int index) => Builder(window, layout).Build(Input(index));

    private static SectionContextInput Input(int index) => new()
    {
        Request = Request,
        Planning = new PlanningResult(Request.Plan!, PlanOrigin.User, LengthTarget.Equal(1_200), default, []),
        Index = index,
        Earlier = [.. Enumerable.Range(0, index).Select(section => new TextPart(Text(section), WordTokens.Count(Text(section))))],
        ReplyWords = 100,
    };
}
