using LongWriter.Scoring;

namespace LongWriter.Benchmarking.Reports;

/// <summary>How runs are reported. Immutable.</summary>
public sealed record ReportOptions
{
    /// <summary>Scores the produced lengths. A result is scored against its required length as an equality, counted by <see cref="WordCounter.Compatible"/>.</summary>
    public required ILengthScorer LengthScorer { get; init; }

    /// <summary>What a failed judgement does to S_q. The default is <see cref="FailedJudgements.Exclude"/>, as in the paper's code.</summary>
    public FailedJudgements FailedJudgements { get; init; } = FailedJudgements.Exclude;

    /// <summary>Names of the runs, one for each and all different, such as their folders; null gives "run 1", "run 2" and so on.</summary>
    public IReadOnlyList<string>? RunNames { get; init; }

    /// <summary>Heading of the report. The default is "Benchmark report".</summary>
    public string Title { get; init; } = "Benchmark report";
}
