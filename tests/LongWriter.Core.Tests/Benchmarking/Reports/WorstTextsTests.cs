using System.Xml.Linq;
using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

/// <summary>The list of texts to look at first.</summary>
public sealed class WorstTextsTests
{
    [Fact]
    public void Of_TextsWithProblems_AreWorstFirstWithHowTheyBeginAndEnd()
    {
        ReportTable table = Of(
            SyntheticRun.Plain("fine", 100, 100) with { Text = "All is well here." },
            SyntheticRun.Plain("short", 100, 50) with { Text = "It begins.\n\nIt ends." },
            SyntheticRun.Plain("shorter", 100, 40) with { Text = "Less." },
            SyntheticRun.Plain("failed", 100, 90, failure: "Closed.") with { Text = "Cut in the" },
            SyntheticRun.Plain("dull", 100, 100) with { Text = "Dull.", Judgement = SyntheticRun.Judgement([1, 1, 1, 1, 1, 1]) });

        Assert.Equal(
            [
                ["agent", "failed", "0", "Failed, Cut off: Closed.", "100", "90", "94.4", "–", "Cut in the", "Cut in the"],
                ["agent", "shorter", "0", "Too short", "100", "40", "25.0", "–", "Less.", "Less."],
                ["agent", "short", "0", "Too short", "100", "50", "50.0", "–", "It begins. It ends.", "It begins. It ends."],
                ["agent", "dull", "0", "Low mark", "100", "100", "100.0", "0.0", "Dull.", "Dull."],
            ],
            table.Rows);
    }

    [Fact]
    public void Of_ManyBadTexts_IsAFewOfEachSubject()
    {
        ReportTable table = Of([.. Enumerable.Range(1, 40).Select(index => SyntheticRun.Plain($"item-{index}", 100, index, subject: index % 2 == 0 ? "agent" : "chat"))]);

        Assert.Equal((8, 8), (table.Rows.Count(row => row[0] == "agent"), table.Rows.Count(row => row[0] == "chat")));
        Assert.Equal(("agent", "item-2"), (table.Rows[0][0], table.Rows[0][1]));
    }

    [Fact]
    public void Of_NothingWrong_IsEmptyAndNotOnThePage()
    {
        BenchmarkRun run = SyntheticRun.Small(SyntheticRun.Plain("fine", 100, 100) with { Text = "All is well here." });

        Assert.Empty(Of([.. run.Results]).Rows);
        Assert.DoesNotContain(HtmlPage.Of(run).Elements.Attributes("id"), id => id.Value is "table-worst" or "table-problems");
    }

    private static ReportTable Of(params BenchmarkResult[] results) => WorstTexts.Of(BenchmarkReport.From([SyntheticRun.Small(results)], SyntheticRun.Options));
}
