using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class PlanningTests
{
    private const string NoPlan = "I will think about it first.";

    private const string NoPlanProblem =
        "The reply has no step; expected lines such as \"Paragraph 1 - Main Point: <text> - Word Count: 400 words\".";

    private static readonly WritingRequest Story = new() { Instruction = "Write a 2000-word story about a lighthouse." };

    [Fact]
    public async Task WriteAsync_UnreadablePlan_IsRepairedWithTheProblem()
    {
        using var client = Client(call => new PlayedReply(call.Number == 0 ? NoPlan : WriterScript.Reply(call)));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Story, null, Stop);

        Assert.Equal(PlanOrigin.Repaired, document.Planning!.Origin);
        Assert.Equal(2, document.Planning.Usage.Calls);
        Assert.Equal([$"The plan could not be read. {NoPlanProblem}"], document.Notes.Messages(WritingNoteKind.PlanRepair));
        IReadOnlyList<ChatMessage> repair = client.Calls[1].Messages;
        Assert.Equal([client.Calls[0].LastText, NoPlan], repair.Take(2).Select(message => message.Text));
        Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.User], repair.Select(message => message.Role));
        Assert.Contains(NoPlanProblem, repair[2].Text, StringComparison.Ordinal);
        Assert.Equal(2000, document.Words);
    }

    [Fact]
    public async Task WriteAsync_EmptyPlanReply_IsAskedForAgainWithoutAnEmptyMessage()
    {
        using var client = Client(call => new PlayedReply(call.Number == 0 ? "" : WriterScript.Reply(call)));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Story, null, Stop);

        Assert.Equal(PlanOrigin.Repaired, document.Planning!.Origin);
        Assert.Equal(client.Calls[0].AllText, client.Calls[1].AllText);
    }

    [Fact]
    public async Task WriteAsync_NoUsablePlanAndPolicyFail_ThrowsWithTheLastProblem()
    {
        using var client = Client(new PlayedReply(NoPlan));

        var thrown = await Assert.ThrowsAsync<PlanFormatException>(
            () => new AgentWriter(client, new AgentWriterOptions { PlanFallback = PlanFallback.Fail }).WriteAsync(Story, null, Stop));

        Assert.Equal($"The model gave no usable plan in 3 tries. {NoPlanProblem}", thrown.Message);
        Assert.Equal(3, client.Calls.Count);
    }

    [Fact]
    public async Task WriteAsync_PlanWithOneUnreadableLineInEveryTry_WritesByTheOthersAndSaysSo()
    {
        string plan = string.Join('\n', Enumerable.Range(1, 6).Select(k => k == 4
            ? "Paragraph 4 - Main Point: the keeper runs on and on without an end"
            : $"Paragraph {k} - Main Point: scene {k} at the light - Word Count: 400 words"));
        using var client = Client(call => new PlayedReply(WriterScript.IsPlanning(call) ? plan : WriterScript.Section(call)));

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { MaxPlanRepairs = 1 }).WriteAsync(Story, null, Stop);

        Assert.Equal(PlanOrigin.Repaired, document.Planning!.Origin);
        Assert.Contains("The model gave no wholly usable plan in 2 tries, so 1 unreadable line of the last one was left out.", document.Planning.Adjustments);
        Assert.Contains(document.Planning.Plan.Sections, section => section.MainPoint.Contains("scene 5 at the light", StringComparison.Ordinal));
        Assert.DoesNotContain(document.Planning.Plan.Sections, section => section.MainPoint.Contains("runs on and on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_NoUsablePlanAndPolicyEven_WritesByAnEvenPlanAndSaysSo()
    {
        const string Sentence = "The model gave no usable plan in 2 tries, so an even one was made from the instruction.";
        using var client = Client(call => new PlayedReply(WriterScript.IsPlanning(call) ? NoPlan : WriterScript.Section(call)));

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { MaxPlanRepairs = 1 }).WriteAsync(Story, null, Stop);

        Assert.Equal(PlanOrigin.Even, document.Planning!.Origin);
        Assert.Equal([Sentence], document.Planning.Adjustments);
        Assert.Equal([Sentence], document.Notes.Messages(WritingNoteKind.PlanAdjusted));
        Assert.Equal([500, 500, 500, 500], document.Planning.Plan.Sections.Select(section => section.Words));
        Assert.Equal(2000, document.Words);
    }

    [Theory]
    [InlineData(PlanFormat.Auto, true, true)]
    [InlineData(PlanFormat.Auto, false, false)]
    [InlineData(PlanFormat.Json, false, true)]
    [InlineData(PlanFormat.Text, true, false)]
    public async Task WriteAsync_StructuredOutput_AsksForJsonWhereItIsKept(PlanFormat format, bool supported, bool asksForJson)
    {
        const string Json = """{"title":"Light","sections":[{"heading":"A","main_point":"the storm","words":1000},{"heading":"B","main_point":"the calm","words":1000}]}""";
        using var client = Client(call => new PlayedReply(
            !WriterScript.IsPlanning(call) ? WriterScript.Prose(call.Number, 1000) : asksForJson ? Json : WriterScript.Plan(2, 1000)));
        client.With<IStructuredOutput>(new SchemaSupport(supported));

        WrittenDocument document = await new AgentWriter(client, new AgentWriterOptions { PlanFormat = format }).WriteAsync(Story, null, Stop);

        Assert.Equal(asksForJson, client.Calls[0].Options!.ResponseFormat is ChatResponseFormatJson { Schema: not null });
        Assert.Equal(asksForJson, client.Calls[0].LastText.Contains("one JSON object", StringComparison.Ordinal));
        Assert.All(client.Calls.Skip(1), call => Assert.Null(call.Options!.ResponseFormat));
        Assert.Equal(PlanOrigin.Model, document.Planning!.Origin);
        Assert.Equal(asksForJson ? "the storm" : "point number 1", document.Planning.Plan.Sections[0].MainPoint);
    }

    [Fact]
    public async Task WriteAsync_BudgetsBelowTheTarget_AreScaled()
    {
        using var client = Client(call => new PlayedReply(WriterScript.IsPlanning(call) ? WriterScript.Plan(4, 400) : WriterScript.Section(call)));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Story, null, Stop);

        Assert.Equal(["The budgets summed to 1,600 words; they were scaled to 2,000."], document.Planning!.Adjustments);
        Assert.Equal(2000, document.Words);
    }

    [Fact]
    public async Task WriteAsync_UsersPlan_IsUsedAsItIs()
    {
        using var client = new ScriptedChatClient(WriterScript.Section);
        WritingRequest request = Planned(100, 1700) with { Instruction = "Write a 5000-word story." };

        WrittenDocument document = await new AgentWriter(client).WriteAsync(request, null, Stop);

        Assert.Equal(request.Plan, document.Planning!.Plan);
        Assert.Equal(PlanOrigin.User, document.Planning.Origin);
        Assert.Empty(document.Planning.Adjustments);
        Assert.Equal(2, client.Calls.Count);
    }

    [Fact]
    public async Task WriteAsync_UsersPlanAndExplicitLength_IsScaledToIt()
    {
        using var client = new ScriptedChatClient(WriterScript.Section);

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Planned(100, 300) with { Length = LengthTarget.Equal(800) }, null, Stop);

        Assert.Equal([200, 600], document.Planning!.Plan.Sections.Select(section => section.Words));
        Assert.Equal(["The budgets summed to 400 words; they were scaled to 800."], document.Notes.Messages(WritingNoteKind.PlanAdjusted));
    }

    [Fact]
    public async Task WriteAsync_SmallTarget_IsOneCall()
    {
        using var client = Client(new PlayedReply(WriterScript.Prose(1, 300)));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(new WritingRequest { Instruction = "Write a 300-word poem about rain." }, null, Stop);

        Assert.Equal(PlanOrigin.SingleSection, document.Planning!.Origin);
        Assert.Equal(300, document.Words);
        Assert.Equal("Write a 300-word poem about rain.\n\nWrite it in full now, with 300 words. Answer with the text alone.", Assert.Single(client.Calls).AllText);
    }

    [Fact]
    public async Task WriteAsync_PlanOfSixtyLines_WritesThemAll()
    {
        using var client = Client(call => new PlayedReply(WriterScript.IsPlanning(call) ? WriterScript.Plan(60, 200) : WriterScript.Section(call)));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(new WritingRequest { Instruction = "Write a 12000-word report." }, null, Stop);

        Assert.Equal(60, document.Sections.Count);
        Assert.Equal(12_000, document.Words);
    }

    [Fact]
    public async Task WriteAsync_PlanCutByLength_IsContinuedFromItsLastWholeLine()
    {
        string[] lines = WriterScript.Plan(4, 500).Split('\n');
        using var client = Client(call => call.Number switch
        {
            0 => new PlayedReply($"{lines[0]}\n{lines[1]}\n{lines[2][..20]}", "length"),
            1 => new PlayedReply($"{lines[2]}\n{lines[3]}"),
            _ => new PlayedReply(WriterScript.Section(call)),
        });

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Story, null, Stop);

        Assert.Equal(["point number 1", "point number 2", "point number 3", "point number 4"], document.Planning!.Plan.Sections.Select(section => section.MainPoint));
        Assert.Equal(PlanOrigin.Model, document.Planning.Origin);
        IReadOnlyList<ChatMessage> asked = client.Calls[1].Messages;
        Assert.Equal(client.Calls[0].LastText, asked[0].Text);
        Assert.Equal($"{lines[0]}\n{lines[1]}", asked[1].Text);
        Assert.Contains("from paragraph 3", asked[2].Text, StringComparison.Ordinal);
        Assert.Contains("About 1000 words", asked[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_PlanThatIsCutWithoutGrowing_IsNotContinuedForEver()
    {
        using var client = Client(call => WriterScript.IsPlanning(call)
            ? new PlayedReply(call.Number == 0 ? WriterScript.Plan(2, 500) + "\nPara" : "Well,", "length")
            : new PlayedReply(WriterScript.Section(call)));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(Story, null, Stop);

        Assert.Equal(2, document.Planning!.Usage.Calls);
        Assert.Equal(2000, document.Planning.Plan.TotalWords);
    }

    [Fact]
    public async Task PlanAsync_GoodModel_GivesThePlanThatWriteAsyncUses()
    {
        using var client = new ScriptedChatClient(WriterScript.Reply);
        var writer = new AgentWriter(client);

        PlanningResult planning = await writer.PlanAsync(Story, Stop);
        Assert.Single(client.Calls);
        WrittenDocument document = await writer.WriteAsync(Story, null, Stop);

        Assert.Equal(document.Planning!.Plan, planning.Plan);
        Assert.Equal(1, planning.Usage.Calls);
        Assert.Equal(LengthTarget.Equal(2000), planning.Target);
    }

    [Fact]
    public async Task PlanAsync_CallFails_ThrowsWithTheCause()
    {
        using var client = Client(new PlayedReply("", "throw"));

        var thrown = await Assert.ThrowsAsync<ModelCallException>(() => new AgentWriter(client).PlanAsync(Story, Stop));

        Assert.Equal("Planning failed: The call failed after 1 try: The line is down.", thrown.Message);
    }
}
