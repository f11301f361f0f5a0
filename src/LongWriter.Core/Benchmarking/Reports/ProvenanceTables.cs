using static LongWriter.Benchmarking.Reports.ReportNumbers;

namespace LongWriter.Benchmarking.Reports;

/// <summary>What the runs were made with, as tables.</summary>
internal static class ProvenanceTables
{
    public static IReadOnlyList<ReportTable> Of(BenchmarkReport report)
    {
        ReportTable[] tables = [Runs(report.Runs), Subjects(report.Subjects)];
        return [.. tables.Where(table => table.Rows.Count > 0 && table.Columns.Count > 1)];
    }

    // Properties are rows: a hash of 64 digits leaves no room for many columns.
    private static ReportTable Runs(IReadOnlyList<RunReport> runs)
    {
        return new ReportTable(
            "runs",
            "Runs",
            [new("Property", CellKind.Name), .. runs.Select(run => new ReportColumn(run.Name, CellKind.Name))],
            [
                Row("Suite", manifest => manifest.Suite),
                Row("Version of the suite", manifest => manifest.SuiteVersion),
                Row("Items", manifest => Count(manifest.Items)),
                Row("Repeats", manifest => Count(manifest.Repeats)),
                Row("Seed", manifest => manifest.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                Row("Judge", manifest => manifest.Judge ?? Unknown),
                Row("Prompt of the judge", manifest => manifest.JudgePromptVersion ?? Unknown),
                Row("Likelihoods", manifest => manifest.Nll ?? Unknown),
                Row("LongWriter", manifest => manifest.LongWriterVersion),
                Row("Runtime", manifest => manifest.Runtime),
                Row("Packages", manifest => manifest.Packages is { } packages ? string.Join("; ", packages.Select(package => $"{package.Key} {package.Value}")) : Unknown),
                Row("Started", manifest => Time(manifest.Started)),
            ]);

        IReadOnlyList<string> Row(string name, Func<RunManifest, string> value) => [name, .. runs.Select(run => value(run.Manifest))];
    }

    private static ReportTable Subjects(IEnumerable<SubjectReport> subjects) => new(
        "subjects",
        "Subjects",
        [new("Subject", CellKind.Name), new("Kind", CellKind.Name), new("Model", CellKind.Name), new("Options", CellKind.Prose)],
        [
            .. from subject in subjects
               let manifest = subject.Manifest
               select (IReadOnlyList<string>)
               [
                   subject.Label,
                   manifest?.Kind ?? Unknown,
                   manifest?.Model ?? Unknown,
                   manifest is null or { Options.Count: 0 } ? Unknown : string.Join("; ", manifest.Options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => $"{option.Key} = {option.Value}")),
               ],
        ]);
}
