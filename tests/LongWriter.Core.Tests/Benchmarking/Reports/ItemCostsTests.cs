using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

/// <summary>What each item cost each subject.</summary>
public sealed class ItemCostsTests
{
    [Fact]
    public void Of_TwoSubjects_SaysWhatTheFirstCostMoreThanTheLast()
    {
        ReportTable table = Of(
            Cost("a", "agent", calls: 5, output: 1200, discarded: 100),
            Cost("a", "chat", calls: 1, output: 200, discarded: 0),
            Cost("b", "agent", calls: 2, output: 300, discarded: 20),
            Cost("b", "chat", calls: 3, output: 500, discarded: 40));

        Assert.Equal("Calls and tokens by item, and what they are more than those of chat", table.Title);
        Assert.Equal(
            ["Item", "Required", "agent: calls", "more", "agent: output tokens", "more", "discarded", "chat: calls", "chat: output tokens", "discarded"],
            table.Columns.Select(column => column.Header));
        Assert.Equal(
            [
                ["a", "100", "5.0", "+4.0", "1,200", "+1,000", "100", "1.0", "200", "0"],
                ["b", "100", "2.0", "-1.0", "300", "-200", "20", "3.0", "500", "40"],
                ["Mean of the 2 that all have", "100", "3.5", "+1.5", "750", "+400", "60", "2.0", "350", "20"],
            ],
            table.Rows);
    }

    [Fact]
    public void Of_RepeatsOfAnItem_AreTheirMean()
    {
        ReportTable table = Of(
            Cost("a", "agent", calls: 4, output: 100, discarded: 0),
            Cost("a", "agent", calls: 5, output: 200, discarded: 30) with { Repeat = 1 },
            Cost("a", "chat", calls: 1, output: 150, discarded: 0));

        Assert.Equal(["a", "100", "4.5", "+3.5", "150", "0", "15", "1.0", "150", "0"], table.Rows[0]);
    }

    [Fact]
    public void Of_ItemsThatOnlyOneSubjectHas_AreLeftOut()
    {
        ReportTable table = Of(
            Cost("a", "agent", calls: 4, output: 100, discarded: 0),
            Cost("b", "agent", calls: 5, output: 200, discarded: 30),
            Cost("b", "chat", calls: 1, output: 150, discarded: 0));

        Assert.Equal(["b", "Mean of the 1 that all have"], table.Rows.Select(row => row[0]));
    }

    [Fact]
    public void Of_OneSubject_IsNotInTheReport()
    {
        BenchmarkReport report = BenchmarkReport.From([SyntheticRun.Small(Cost("a", "agent", 4, 100, 0))], SyntheticRun.Options);

        Assert.DoesNotContain(ReportTables.Of(report), table => table.Id == "item-costs");
    }

    private static BenchmarkResult Cost(string id, string subject, int calls, int output, int discarded) =>
        SyntheticRun.Plain(id, 100, 100, subject) with { Usage = new TokenUsage(1000, 0, output, calls), DiscardedTokens = discarded };

    private static ReportTable Of(params BenchmarkResult[] results) => ItemCosts.Of(BenchmarkReport.From([SyntheticRun.Small(results)], SyntheticRun.Options));
}
