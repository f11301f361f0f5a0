using System.CommandLine;
using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;
using LongWriter.Scoring;

namespace LongWriter.Cli;

/// <summary>Where the tool meets reports.</summary>
internal static class ReportCalls
{
    /// <summary>The option that says what a failed judgement does to S_q.</summary>
    public static Option<string?> FailedJudgementsOption() => ToolOption.Choice(
        "--failed-judgements",
        "What a judgement that failed does to S_q: left out (exclude, the default), counted as mark 3 (score-three), or no S_q at all (fail).",
        "exclude", "score-three", "fail");

    /// <summary>What the option's value stands for.</summary>
    public static FailedJudgements ReadFailedJudgements(string? value) => value switch
    {
        "score-three" => FailedJudgements.ScoreThree,
        "fail" => FailedJudgements.Fail,
        _ => FailedJudgements.Exclude,
    };

    /// <summary>Writes report.json, report.md and report.html, and gives what the console shows of them.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static async Task<IReadOnlyList<BenchTableRow>> WriteAsync(
        IReadOnlyList<BenchmarkRun> runs, IReadOnlyList<string> names, string folder, FailedJudgements failedJudgements, CancellationToken cancellationToken)
    {
        var options = new ReportOptions
        {
            Title = $"Benchmark report: {string.Join(", ", runs.Select(run => run.Manifest.Suite).Distinct(StringComparer.Ordinal))}",
            LengthScorer = ScoringCalls.ScorerFor(LengthKind.Equal),
            FailedJudgements = failedJudgements,
            RunNames = names,
        };
        BenchmarkReport report = await ReportWriter.WriteAsync(runs, folder, options, cancellationToken).ConfigureAwait(false);
        return [.. report.Subjects.SelectMany(RowsOf)];
    }

    private static IEnumerable<BenchTableRow> RowsOf(SubjectReport subject) => subject.Bins
        .Where(bin => bin.Texts > 0)
        .Select(bin => new BenchTableRow(subject.Label, bin.Name, bin.Texts, bin.Failed, bin.MeanProduced, bin.Length?.Mean, Quality: null))
        .Append(new BenchTableRow(subject.Label, "all", subject.Texts, subject.Failed, subject.MeanProduced, subject.Length?.Mean, subject.Quality?.Sq));
}
