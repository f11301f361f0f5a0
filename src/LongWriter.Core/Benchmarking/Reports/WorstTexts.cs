using static LongWriter.Benchmarking.Reports.ReportNumbers;

namespace LongWriter.Benchmarking.Reports;

/// <summary>The texts to look at first: a few of each subject that have a problem, worst first, with how they begin and end.</summary>
internal static class WorstTexts
{
    private const int MostRows = 24;
    private const int MostOfASubject = 8;

    public static ReportTable Of(BenchmarkReport report)
    {
        int most = Math.Max(1, Math.Min(MostOfASubject, MostRows / Math.Max(1, report.Subjects.Count)));
        return new ReportTable(
            "worst",
            "Texts to look at first",
            [
                new("Subject", CellKind.Name), new("Item", CellKind.Name), new("Repeat"), new("Problems", CellKind.Name), new("Required"), new("Produced"), new(report.LengthScorer), new("S_q"),
                new("Begins", CellKind.Prose), new("Ends", CellKind.Prose),
            ],
            [
                .. from subject in report.Subjects
                   from text in Worst(subject.TextReports).Take(most)
                   select (IReadOnlyList<string>)
                   [
                       subject.Label, text.Id, Count(text.Repeat), ProblemsOf(text), Count(text.Required), Count(text.Produced), Score(text.LengthScore), Score(text.Quality),
                       text.Opening, text.Closing,
                   ],
            ]);
    }

    // Failures first, then by the mean of both scores; a text that was not judged stands where its length puts it.
    private static IEnumerable<TextReport> Worst(IEnumerable<TextReport> texts) => texts
        .Where(text => text.Problems.Count > 0)
        .OrderBy(text => text.Failure is null)
        .ThenBy(text => (text.LengthScore + (text.Quality ?? text.LengthScore)) / 2)
        .ThenByDescending(text => text.Problems.Count);

    private static string ProblemsOf(TextReport text)
    {
        string problems = string.Join(", ", text.Problems.Select(ReportWording.NameOf));
        string? reason = text.Failure ?? text.JudgeFailure;
        return reason is null ? problems : $"{problems}: {Excerpt.Beginning(reason)}";
    }
}
