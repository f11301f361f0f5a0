using LongWriter.Writing;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class SectionHeadingTests
{
    [Theory]
    [InlineData(HeadingRule.Model, "## Own\n\nBody one.\n\nBody two.")]
    [InlineData(HeadingRule.None, "Body one.\n\nBody two.")]
    [InlineData(HeadingRule.FromPlan, "## The Storm\n\nBody one.\n\nBody two.")]
    public async Task WriteAsync_HeadingRule_DecidesAboutTheHeading(HeadingRule rule, string expected)
    {
        using var client = Client(new PlayedReply("## Own\n\nBody one.\n"), new PlayedReply("\n\nBody two.\n\n"));
        WritingRequest request = Planned(60, 60) with { Headings = rule };
        request = request with { Plan = new WritingPlan([request.Plan!.Sections[0] with { Heading = "The Storm" }, request.Plan.Sections[1]]) };

        List<WritingUpdate> updates = await new AgentWriter(client, OpenLoop).WriteStreamingAsync(request, null, Stop).CollectAsync();

        Assert.Equal(expected, string.Join("\n\n", FoldByHand(updates)));
        Assert.Equal(expected, updates.ToWrittenDocument().Text);
    }

    [Fact]
    public async Task WriteAsync_ParagraphOfTheSectionBefore_IsTakenOutAndNoted()
    {
        string first = WriterScript.Prose(1, 60);
        using var client = Client(new PlayedReply(first), new PlayedReply(first.Split("\n\n")[0] + "\n\nSomething new happened."));

        WrittenDocument document = await new AgentWriter(client, OpenLoop).WriteAsync(Planned(60, 60), null, Stop);

        Assert.Equal(first + "\n\nSomething new happened.", document.Text);
        string note = Assert.Single(document.Notes.Messages(WritingNoteKind.Cleaned));
        Assert.EndsWith("characters at its start that repeat earlier text.", note, StringComparison.Ordinal);
    }
}
