using LongWriter.Scoring;
using static LongWriter.Benchmarking.Reports.ReportNumbers;

namespace LongWriter.Benchmarking.Reports;

/// <summary>The tables of a report, in order; one without content is left out.</summary>
internal static class ReportTables
{
    private const int MostOpenRows = 40;

    public static IReadOnlyList<ReportTable> Of(BenchmarkReport report)
    {
        IReadOnlyList<SubjectReport> subjects = report.Subjects;
        ReportTable[] tables =
        [
            Summary(report),
            Problems(subjects),
            WorstTexts.Of(report),
            Groups("bins", $"{report.LengthScorer} by required length", "Required", report, subject => subject.Bins, keepOrder: true),
            Groups("types", $"{report.LengthScorer} by type", "Type", report, subject => subject.Types, keepOrder: false),
            Groups("languages", $"{report.LengthScorer} by language", "Language", report, subject => subject.Languages, keepOrder: false),
            Quality(subjects),
            ByRequired(subjects),
            Spread(subjects),
            Sections(subjects),
            Nll(subjects),
            Diagnostics(subjects),
            Ends(subjects),
            Cost(subjects),
            ItemCosts.Of(report),
        ];
        return [.. tables.Where(table => table.Rows.Count > 0)];
    }

    private static ReportTable Summary(BenchmarkReport report) => new(
        "summary",
        "Summary",
        [new("Subject", CellKind.Name), new("Model", CellKind.Name), new("Texts"), new("Failed"), new(report.LengthScorer), new("S_q"), new("Mean of both"), new("Mean length"), new("Median length")],
        [
            .. report.Subjects.Select(subject => (IReadOnlyList<string>)
            [
                subject.Label,
                subject.Manifest?.Model ?? Unknown,
                Count(subject.Texts),
                Count(subject.Failed),
                Score(subject.Length),
                Score(subject.Quality),
                Score(subject.Overall),
                Count(subject.MeanProduced),
                Count(subject.MedianProduced),
            ]),
        ]);

    // Problem by problem, so that the subjects to be compared stand under each other.
    private static ReportTable Problems(IReadOnlyList<SubjectReport> subjects) => new(
        "problems",
        "What goes wrong",
        [new("Problem", CellKind.Name), new("Subject", CellKind.Name), new("Texts"), new("of all")],
        [
            .. from problem in Enum.GetValues<TextProblem>()
               from subject in subjects
               from row in subject.Problems
               where row.Problem == problem
               select (IReadOnlyList<string>)[ReportWording.NameOf(problem), subject.Label, Count(row.Texts), Percent((double)row.Texts / subject.Texts)],
        ]);

    // Group by group, so that the subjects to be compared stand under each other.
    private static ReportTable Groups(string id, string title, string header, BenchmarkReport report, Func<SubjectReport, IReadOnlyList<GroupScore>> groups, bool keepOrder)
    {
        IEnumerable<string> names = report.Subjects.SelectMany(groups).Select(group => group.Name).Distinct(StringComparer.Ordinal);
        return new ReportTable(
            id,
            title,
            [new(header, CellKind.Name), new("Subject", CellKind.Name), new("Texts"), new("Failed"), new(report.LengthScorer), new("Std. error"), new("Mean length")],
            [
                .. from name in keepOrder ? names : names.Order(StringComparer.Ordinal)
                   from subject in report.Subjects
                   from row in groups(subject)
                   where row.Name == name && row.Texts > 0
                   select (IReadOnlyList<string>)[name, subject.Label, Count(row.Texts), Count(row.Failed), Score(row.Length?.Mean), Score(row.Length?.StandardError), Count(row.MeanProduced)],
            ]);
    }

    private static ReportTable Quality(IEnumerable<SubjectReport> subjects) => new(
        "quality",
        "Quality, 0 to 100",
        [new("Subject", CellKind.Name), new("S_q"), new("Std. error"), .. QualityDimensions.All.Select(dimension => new ReportColumn(ReportWording.NameOf(dimension))), new("Judged"), new("Judgements failed")],
        [
            .. from subject in subjects
               where subject.Quality is not null
               let quality = subject.Quality
               select (IReadOnlyList<string>)
               [
                   subject.Label,
                   Score(quality.Sq),
                   Score(quality.StandardError),
                   .. QualityDimensions.All.Select(dimension => Score(quality.Dimensions.TryGetValue(dimension, out double score) ? score : null)),
                   Count(quality.Judged),
                   Count(quality.Failed),
               ],
        ]);

    private static ReportTable ByRequired(IReadOnlyList<SubjectReport> subjects)
    {
        IReadOnlyList<string>[] rows =
        [
            .. from row in subjects.SelectMany(subject => subject.ProducedByRequired.Select(length => (subject.Label, Length: length)))
               orderby row.Length.Required
               select (IReadOnlyList<string>)[Count(row.Length.Required), row.Label, Count(row.Length.Texts), Count(row.Length.MeanProduced), Count(row.Length.Longest)],
        ];
        return new ReportTable(
            "lengths", "Mean and longest text by required length", [new("Required"), new("Subject", CellKind.Name), new("Texts"), new("Mean length"), new("Longest")], rows, rows.Length > MostOpenRows);
    }

    private static ReportTable Spread(IReadOnlyList<SubjectReport> subjects)
    {
        IReadOnlyList<string>[] rows =
        [
            .. from row in subjects.SelectMany(subject => subject.Spread.Select(spread => (subject.Label, Spread: spread)))
               orderby row.Spread.Required
               let spread = row.Spread
               select (IReadOnlyList<string>)
                   [spread.Id, Count(spread.Required), row.Label, Count(spread.Texts), Count(spread.Mean), Count(spread.StandardDeviation), Count(spread.Minimum), Count(spread.Maximum)],
        ];
        return new ReportTable(
            "spread",
            "Spread of lengths over repeats",
            [new("Item", CellKind.Name), new("Required"), new("Subject", CellKind.Name), new("Texts"), new("Mean length"), new("Std. deviation"), new("Shortest"), new("Longest")],
            rows,
            rows.Length > MostOpenRows);
    }

    private static ReportTable Sections(IEnumerable<SubjectReport> subjects) => new(
        "sections",
        "Sections against their budgets",
        [new("Subject", CellKind.Name), new("Sections"), new("Median written / asked"), new("Mean deviation")],
        [
            .. from subject in subjects
               where subject.Sections is not null
               select (IReadOnlyList<string>)[subject.Label, Count(subject.Sections!.Sections), Ratio(subject.Sections.MedianRatio), Percent(subject.Sections.MeanDeviation)],
        ]);

    private static ReportTable Nll(IEnumerable<SubjectReport> subjects) => new(
        "nll",
        "Negative log-likelihood at the end of the texts",
        [new("Subject", CellKind.Name), new("Texts"), new("Mean tokens"), new("Nats per token")],
        [
            .. from subject in subjects
               where subject.Nll is not null
               select (IReadOnlyList<string>)[subject.Label, Count(subject.Nll!.Texts), Count(subject.Nll.MeanTokens), Fine(subject.Nll.MeanNll)],
        ]);

    private static ReportTable Diagnostics(IReadOnlyList<SubjectReport> subjects) => new(
        "diagnostics",
        "Without a judge, means over texts",
        [new("Share", CellKind.Name), new("Subject", CellKind.Name), new("Texts"), new("Mean")],
        [
            .. from name in subjects.SelectMany(subject => subject.Diagnostics).Select(diagnostic => diagnostic.Name).Distinct(StringComparer.Ordinal)
               from subject in subjects
               from row in subject.Diagnostics
               where row.Name == name
               select (IReadOnlyList<string>)[name, subject.Label, Count(row.Texts), Percent(row.Mean)],
        ]);

    private static ReportTable Ends(IEnumerable<SubjectReport> subjects) => new(
        "ends",
        "Why the texts ended",
        [new("Subject", CellKind.Name), new("End", CellKind.Name), new("Texts"), new("Failed")],
        [
            .. from subject in subjects
               from row in subject.Ends
               select (IReadOnlyList<string>)[subject.Label, ReportWording.NameOf(row.End), Count(row.Texts), Count(row.Failed)],
        ]);

    private static ReportTable Cost(IEnumerable<SubjectReport> subjects) => new(
        "cost",
        "Time and tokens",
        [new("Subject", CellKind.Name), new("Seconds"), new("Seconds per text"), new("Input tokens"), new("of these cached"), new("Output tokens"), new("of these discarded"), new("Calls"), new("Calls per text")],
        [
            .. from subject in subjects
               where subject.Texts > 0
               select (IReadOnlyList<string>)
               [
                   subject.Label,
                   Seconds(subject.Seconds),
                   Seconds(subject.Seconds / subject.Texts),
                   Count(subject.Usage?.InputTokens),
                   Count(subject.Usage?.CachedInputTokens),
                   Count(subject.Usage?.OutputTokens),
                   Count(subject.DiscardedTokens),
                   Count(subject.Usage?.Calls),
                   Score((double?)subject.Usage?.Calls / subject.Texts),
               ],
        ]);
}
