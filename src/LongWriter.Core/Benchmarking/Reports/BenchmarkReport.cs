using System.Globalization;

namespace LongWriter.Benchmarking.Reports;

/// <summary>What one or several runs came to, subject by subject, with what they were made with: the content of report.json. Immutable.</summary>
public sealed record BenchmarkReport
{
    /// <summary>Heading of the report.</summary>
    public required string Title { get; init; }

    /// <summary>Name of the length scorer, such as "S_l".</summary>
    public required string LengthScorer { get; init; }

    /// <summary>Where its formula comes from.</summary>
    public required string LengthScorerSource { get; init; }

    /// <summary>The runs, in the order in which they were given.</summary>
    public required IReadOnlyList<RunReport> Runs { get; init; }

    /// <summary>The subjects, run by run, in the order of the manifests.</summary>
    public required IReadOnlyList<SubjectReport> Subjects { get; init; }

    /// <summary>Plain sentences on what is missing and on what counts how.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Computes the report. The same input gives the same report.</summary>
    /// <param name="runs">The runs; their subjects are laid over each other. No run, or a run without results, gives a report that says so.</param>
    /// <param name="options">How to report.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">The names of the runs do not fit the runs.</exception>
    /// <exception cref="InvalidOperationException">The length scorer gave a score that is not finite.</exception>
    public static BenchmarkReport From(IReadOnlyList<BenchmarkRun> runs, ReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> names = NamesOf(runs, options);

        // One set of bins for all, or scores of the same bin would be scores of different items.
        var bins = new LengthBins(runs.Count == 0 ? [] : runs[0].Manifest.BinEdges, runs.SelectMany(run => run.Results).Select(result => result.Required));
        RunReport[] reported = [.. runs.Select((run, index) => new RunReport(names[index], run.Manifest))];
        SubjectReport[] subjects = [.. runs.SelectMany((run, index) => SubjectReportBuilder.Build(run, names[index], runs.Count > 1, bins, options))];
        return new BenchmarkReport
        {
            Title = options.Title,
            LengthScorer = options.LengthScorer.Name,
            LengthScorerSource = options.LengthScorer.Source,
            Runs = reported,
            Subjects = subjects,
            Notes = ReportNotes.Of(reported, subjects, options.LengthScorer.Name),
        };
    }

    private static IReadOnlyList<string> NamesOf(IReadOnlyList<BenchmarkRun> runs, ReportOptions options)
    {
        if (options.RunNames is not { } names)
        {
            return [.. Enumerable.Range(1, runs.Count).Select(number => string.Create(CultureInfo.InvariantCulture, $"run {number}"))];
        }

        if (names.Count != runs.Count)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"RunNames must have one name for each of the {runs.Count} runs but has {names.Count}."), nameof(options));
        }

        string? twice = names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null ? names : throw new ArgumentException($"RunNames must all be different but \"{twice}\" is there twice.", nameof(options));
    }
}

/// <summary>A run of a report.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Manifest">What it was made with.</param>
public sealed record RunReport(string Name, RunManifest Manifest);
