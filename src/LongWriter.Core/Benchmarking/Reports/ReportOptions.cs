namespace LongWriter.Benchmarking.Reports;

/// <summary>How runs are reported. Immutable.</summary>
public sealed record ReportOptions
{
    /// <summary>Scores the produced lengths. A result is scored against its required length as an equality, counted by <see cref="WordCounter.Compatible"/>.</summary>
    public required ILengthScorer LengthScorer { get; init; }

    /// <summary>Named diagnostics of a result, such as its share of repeated text; a null value is unknown and left out of the mean. The default is none.</summary>
    /// <remarks>Called once per result. A value that is not finite counts as unknown.</remarks>
    public Func<BenchmarkResult, IReadOnlyDictionary<string, double?>>? Diagnostics { get; init; }

    /// <summary>Names of the runs, one for each and all different, such as their folders; null gives "run 1", "run 2" and so on.</summary>
    public IReadOnlyList<string>? RunNames { get; init; }

    /// <summary>Heading of the report. The default is "Benchmark report".</summary>
    public string Title { get; init; } = "Benchmark report";
}
