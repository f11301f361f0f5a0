using LongWriter.Prompts;
using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>Options and requests are checked at the door, and every problem is in one message.</summary>
public sealed class WriterValidationTests
{
    [Fact]
    public void Validate_SeveralBadOptions_NamesEachWithItsRange()
    {
        var options = new AgentWriterOptions
        {
            MinSectionWords = 10,
            MaxSectionWords = 30,
            DefaultWords = 0,
            Counter = null!,
            Context = (ContextLayout)9,
            ChatOptions = new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] },
            PromptFiles = new Dictionary<string, string> { ["opening"] = "x.txt", [PromptNames.Next] = "missing.txt" },
        };

        var thrown = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "AgentWriterOptions: MinSectionWords must be in [20, 5000] but is 10. MaxSectionWords must be in [40, 20000] but is 30. "
            + "DefaultWords must be in [1, 1000000] but is 0. Counter must not be null. Context must be Conversation or SinglePrompt but is 9. "
            + "ChatOptions.Tools must be empty but holds 1: the writer calls no tools. "
            + "PromptFiles names the prompt \"opening\"; known are plan, plan-json, plan-repair, plan-continue, open, next, single, whole, continue, finish, summary. "
            + "PromptFiles[\"next\"] must be an existing file but is \"missing.txt\".",
            thrown.Message);
    }

    [Fact]
    public void Validate_Nulls_AreNamed()
    {
        var thrown = Assert.Throws<ArgumentException>(new AgentWriterOptions { Calls = null!, PromptFiles = null! }.Validate);

        Assert.Equal("AgentWriterOptions: Calls must not be null. PromptFiles must not be null.", thrown.Message);
    }

    [Fact]
    public void AgentWriter_OptionsChangedLater_AreNotSeen()
    {
        var options = new AgentWriterOptions();
        using var client = new ScriptedChatClient(WriterScript.Reply);
        var writer = new AgentWriter(client, options);
        WritingEstimate before = writer.Estimate(Planned(50));

        options.MaxRewrites = -1;
        options.ParallelSections = 2;

        Assert.Equal(before, writer.Estimate(Planned(50)));
    }

    [Fact]
    public async Task WriteAsync_UnusableRequest_ListsEveryProblem()
    {
        using var client = new ScriptedChatClient(WriterScript.Reply);
        var request = new WritingRequest
        {
            Instruction = " ",
            Headings = (HeadingRule)7,
            Plan = new WritingPlan([new PlannedSection("", 0), new PlannedSection("x", 1_000_000), new PlannedSection("y", 1)]),
        };

        var thrown = await Assert.ThrowsAsync<ArgumentException>(() => new AgentWriter(client).WriteAsync(request, null, Stop));

        Assert.Equal(
            "Instruction must say what to write but is empty. Headings must be Model, None or FromPlan but is 7. Plan: section 1 must have a main point but has none. "
            + "Plan: section 1 must have 1 to 1000000 words but has 0. Plan must have at most 1000000 words in all but has 1000001. (Parameter 'request')",
            thrown.Message);
        Assert.Empty(client.Calls);
    }

    [Fact]
    public async Task PlanAsync_EmptyPlan_IsRefused()
    {
        using var client = new ScriptedChatClient(WriterScript.Reply);

        var thrown = await Assert.ThrowsAsync<ArgumentException>(
            () => new AgentWriter(client).PlanAsync(Planned() with { Plan = new WritingPlan([]) }, Stop));

        Assert.Equal("Plan must have at least one section but has none. (Parameter 'request')", thrown.Message);
    }
}
