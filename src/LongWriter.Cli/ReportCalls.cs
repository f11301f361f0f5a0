using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;

namespace LongWriter.Cli;

/// <summary>Where the tool meets reports.</summary>
internal static class ReportCalls
{
    /// <summary>Writes report.json, report.md and report.html, and gives what the console shows of them.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task<IReadOnlyList<BenchTableRow>> WriteAsync(
        IReadOnlyList<BenchmarkRun> runs, IReadOnlyList<string> names, string folder, CancellationToken cancellationToken)
    {
        var options = new ReportOptions
        {
            LengthScorer = ScoringCalls.ScorerFor(LengthKind.Equal),
            Diagnostics = ScoringCalls.DiagnosticsOf,
            RunNames = names,
        };
        BenchmarkReport report = await ReportWriter.WriteAsync(runs, folder, options, cancellationToken).ConfigureAwait(false);
        return [.. report.Subjects.SelectMany(RowsOf)];
    }

    private static IEnumerable<BenchTableRow> RowsOf(SubjectReport subject) => subject.Bins
        .Where(bin => bin.Texts > 0)
        .Select(bin => new BenchTableRow(subject.Label, bin.Name, bin.Texts, bin.Failed, bin.Length?.Mean))
        .Append(new BenchTableRow(subject.Label, "all", subject.Texts, subject.Failed, subject.Length?.Mean));
}
