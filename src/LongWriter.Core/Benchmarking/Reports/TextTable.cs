using static LongWriter.Benchmarking.Reports.ReportNumbers;

namespace LongWriter.Benchmarking.Reports;

/// <summary>One row for every text, subject by subject.</summary>
internal static class TextTable
{
    public static ReportTable Of(BenchmarkReport report) => new(
        "texts",
        "Every text",
        [
            new("Subject", CellKind.Name), new("Item", CellKind.Name), new("Repeat"), new("Prompt", CellKind.Prose), new("Required"), new("Produced"), new("Ratio"), new(report.LengthScorer), new("S_q"), new("Calls"), new("Output tokens"), new("of these discarded"),
            new("End", CellKind.Name), new("Failure", CellKind.Prose),
        ],
        [
            .. from subject in report.Subjects
               from text in subject.TextReports
               select (IReadOnlyList<string>)
               [
                   subject.Label,
                   text.Id,
                   Count(text.Repeat),
                   text.PromptExcerpt,
                   Count(text.Required),
                   Count(text.Produced),
                   Ratio(text.Ratio),
                   Score(text.LengthScore),
                   Score(text.Quality),
                   Count(text.Usage.Calls),
                   Count(text.Usage.OutputTokens),
                   Count(text.DiscardedTokens),
                   ReportWording.NameOf(text.End),
                   Excerpt.Beginning(text.Failure ?? string.Empty),
               ],
        ],
        Folded: true);
}
