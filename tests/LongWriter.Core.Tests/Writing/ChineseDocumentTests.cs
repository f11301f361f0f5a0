using LongWriter.Writing;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class ChineseDocumentTests
{
    [Fact]
    public async Task WriteAsync_ChineseInstruction_IsPlannedWrittenAndCountedInChinese()
    {
        string[] sections = [.. "甲乙丙".Select(point => string.Concat(Enumerable.Range(0, 50).Select(i => $"{point}{(char)('一' + i)}灯塔的光照着第{(char)('丁' + i)}块礁石。")))];
        const string Plan = "第1段 - 要点：灯塔 - 字数：600字\n第2段 - 要点：风暴 - 字数：600字\n第3段 - 要点：黎明 - 字数：600字";
        using var client = Client(
            new PlayedReply(Plan),
            new PlayedReply("第一段：" + sections[0]),
            new PlayedReply(sections[1][..200] + "\n（字数：600字）"),
            new PlayedReply(sections[2][..100], "length"),
            new PlayedReply(sections[2][98..]));

        List<WritingUpdate> updates = await new AgentWriter(client, OpenLoop).WriteStreamingAsync(
            new WritingRequest { Instruction = "写一篇1800字的灯塔故事。" }, null, Stop).CollectAsync();

        WrittenDocument document = updates.ToWrittenDocument();
        Assert.Equal((LengthUnit.Characters, 1800), (document.Planning!.Target.Unit, document.Planning.Target.Value));
        Assert.StartsWith("你要为一篇长文拟定写作计划", client.Calls[0].LastText, StringComparison.Ordinal);
        Assert.EndsWith("第1段 - 要点：灯塔 - 字数：600字", client.Calls[1].LastText.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(["灯塔", "风暴", "黎明"], document.Planning.Plan.Sections.Select(section => section.MainPoint));
        Assert.Equal(sections[0], document.Sections[0].Text);
        Assert.Equal(sections[1][..200], document.Sections[1].Text);
        Assert.DoesNotContain(' ', document.Sections[2].Text);
        Assert.Equal(FoldByHand(updates), document.Sections.Select(section => section.Text));
        Assert.Equal(document.Words, document.Sections.Sum(section => section.Words));
        Assert.Contains("字", client.Calls[4].LastText, StringComparison.Ordinal);
    }
}
