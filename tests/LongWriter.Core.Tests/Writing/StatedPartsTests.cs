using LongWriter.Testing;
using LongWriter.Writing;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

/// <summary>Instructions that state a length for each part: the parts keep them.</summary>
public sealed class StatedPartsTests
{
    [Fact]
    public async Task WriteAsync_PartsWithLengths_KeepThem()
    {
        using ScriptedChatClient client = Client(call => new PlayedReply(WriterScript.IsPlanning(call) ? WriterScript.Plan(5, 500) : WriterScript.Prose(call.Number, 430)));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(
            new WritingRequest { Instruction = "Write a report on tides. Part 1, 500 words; part 2, 2,000 words." }, null, Stop);

        Assert.Equal(PlanOrigin.Stated, document.Planning!.Origin);
        Assert.Equal([1, 2, 2], document.Sections.Select(section => section.Planned.Part!.Value));
        Assert.Equal("Write a report on tides. Part 1, 500 words", document.Sections[0].Planned.MainPoint);
        Assert.StartsWith("part 2, 2,000 words", document.Sections[1].Planned.MainPoint, StringComparison.Ordinal);
        Assert.Equal(500, document.Sections[0].Words, 20d);
        Assert.Equal(2_000, document.Sections.Skip(1).Sum(section => section.Words), 40d);
        Assert.True(document.Length!.IsMet);
    }

    [Fact]
    public async Task WriteAsync_ItemsOfOneLength_AreWrittenOneByOneWithTheModelsPoints()
    {
        using ScriptedChatClient client = Client(call => new PlayedReply(WriterScript.IsPlanning(call) ? WriterScript.Plan(5, 700) : WriterScript.Prose(call.Number, 200)));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(
            new WritingRequest { Instruction = "Write five letters of 300 words each from a keeper to his sister." }, null, Stop);

        Assert.Equal(PlanOrigin.Model, document.Planning!.Origin);
        Assert.Equal(["point number 1", "point number 2", "point number 3", "point number 4", "point number 5"], document.Sections.Select(section => section.Planned.MainPoint));
        Assert.All(document.Sections, section => Assert.Equal(300, section.Words, 15d));
    }

    [Fact]
    public async Task WriteAsync_FewWordsInItems_NeedNoPlanningCall()
    {
        using ScriptedChatClient client = Client(call => new PlayedReply(WriterScript.Prose(call.Number, 100)));

        WrittenDocument document = await new AgentWriter(client).WriteAsync(
            new WritingRequest { Instruction = "Write 3 product descriptions of 100 words each." }, null, Stop);

        Assert.Equal(3, client.Calls.Count);
        Assert.Equal([100, 100, 100], document.Sections.Select(section => section.Words));
        Assert.Equal("item 2 of the 3 that the task asks for, complete in itself and different from the others", document.Sections[1].Planned.MainPoint);
    }

    [Fact]
    public void Read_ChineseItems_HaveChinesePoints()
    {
        StatedParts parts = StatedParts.Read("写3封信，每封400字。", LengthTarget.Equal(1200, LengthUnit.Characters), chinese: true)!;

        Assert.Equal([400, 400, 400], parts.Plan.Sections.Select(section => section.Words));
        Assert.Equal("任务要求的第1项（共3项），独立成篇，内容与其他各项不同", parts.Plan.Sections[0].MainPoint);
    }

    [Theory]
    [InlineData("Write a 3000-word story.", 3000)]
    [InlineData("Write five letters of 0 to 300 words each.", 1500)]
    [InlineData("Write a 1000-word essay with a 3-word title.", 1000)]
    [InlineData("Write a 2000-word essay. Introduction: 200 words.", 2000)]
    public void Read_NoWholeOfParts_IsNull(string instruction, int words) =>
        Assert.Null(StatedParts.Read(instruction, LengthTarget.Equal(words), chinese: false));
}
