using static LongWriter.Benchmarking.Reports.ReportNumbers;

namespace LongWriter.Benchmarking.Reports;

/// <summary>One row for every text, subject by subject.</summary>
internal static class ItemTable
{
    public static ReportTable Of(BenchmarkReport report) => new(
        "items",
        "Every text",
        [
            new("Subject", false), new("Item", false), new("Repeat"), new("Prompt", false), new("Required"), new("Produced"), new("Ratio"), new(report.LengthScorer), new("End", false),
            new("Failure", false),
        ],
        [
            .. from subject in report.Subjects
               from item in subject.Items
               select (IReadOnlyList<string>)
               [
                   subject.Label,
                   item.Id,
                   Count(item.Repeat),
                   item.PromptExcerpt,
                   Count(item.Required),
                   Count(item.Produced),
                   Ratio(item.Ratio),
                   Score(item.LengthScore),
                   ReportTables.EndName(item.End),
                   PromptExcerpt.Of(item.Failure ?? string.Empty),
               ],
        ],
        Folded: true);
}
