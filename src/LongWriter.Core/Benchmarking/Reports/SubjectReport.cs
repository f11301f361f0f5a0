using LongWriter.Scoring;

namespace LongWriter.Benchmarking.Reports;

/// <summary>What a subject made of a suite. Unknown figures are null. Immutable.</summary>
public sealed record SubjectReport
{
    /// <summary>Name of the subject; "run/subject" in a report of several runs.</summary>
    public required string Label { get; init; }

    /// <summary>Name of its run in the report.</summary>
    public required string Run { get; init; }

    /// <summary>Kind, model and options; null when the results name a subject that the manifest does not.</summary>
    public SubjectManifest? Manifest { get; init; }

    /// <summary>Texts that the manifest promises: items times repeats.</summary>
    public required int Expected { get; init; }

    /// <summary>Texts that there are, failed ones included.</summary>
    public required int Texts { get; init; }

    /// <summary>Texts with a failure. They count in every length figure with what they left, 0 when that is nothing.</summary>
    public required int Failed { get; init; }

    /// <summary>Score of the lengths over all items; null without results.</summary>
    public MeanScore? Length { get; init; }

    /// <summary>S_q over texts; null when no judge was asked. Its standard error is null where items were written more than once: repeats are not independent.</summary>
    public QualityScores? Quality { get; init; }

    /// <summary>Mean of the length score and S_q; null while either is unknown.</summary>
    public double? Overall => (Length?.Mean + Quality?.Sq) / 2;

    /// <summary>By required length, in the order of the bins, empty ones included.</summary>
    public required IReadOnlyList<GroupScore> Bins { get; init; }

    /// <summary>By type, sorted by name.</summary>
    public required IReadOnlyList<GroupScore> Types { get; init; }

    /// <summary>By language, sorted by name.</summary>
    public required IReadOnlyList<GroupScore> Languages { get; init; }

    /// <summary>Mean produced length over texts, words or 字; null without results.</summary>
    public double? MeanProduced { get; init; }

    /// <summary>Median produced length over texts, words or 字; null without results.</summary>
    public double? MedianProduced { get; init; }

    /// <summary>Mean and longest text by required length, ascending.</summary>
    public required IReadOnlyList<ProducedAtLength> ProducedByRequired { get; init; }

    /// <summary>Spread of the lengths of items that were written more than once, in order; empty without such items.</summary>
    public required IReadOnlyList<RepeatSpread> Spread { get; init; }

    /// <summary>Mean over those items of standard deviation over mean length, leaving out items of mean 0; null without such items.</summary>
    public double? LengthVariation { get; init; }

    /// <summary>Texts and failures by end cause, in the order of <see cref="EndCause"/>, without causes that did not occur.</summary>
    public required IReadOnlyList<EndCount> Ends { get; init; }

    /// <summary>How many texts have which problem, in the order of <see cref="TextProblem"/>, without problems that did not occur.</summary>
    public required IReadOnlyList<ProblemCount> Problems { get; init; }

    /// <summary>Means of what can be said without a judge.</summary>
    public required IReadOnlyList<DiagnosticMean> Diagnostics { get; init; }

    /// <summary>Sections as asked for and as written; null when no text has sections.</summary>
    public SectionFit? Sections { get; init; }

    /// <summary>Negative log-likelihood at the ends of the texts; null when no local model read them.</summary>
    public NllFigures? Nll { get; init; }

    /// <summary>Sum of the wall times, seconds; null without results.</summary>
    public double? Seconds { get; init; }

    /// <summary>Sum of tokens and calls; null when no client reported tokens.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>Sum of the tokens that were generated and are not in a text; null when no client reported tokens.</summary>
    public long? DiscardedTokens { get; init; }

    /// <summary>Every text's numbers, in the order of the results.</summary>
    public required IReadOnlyList<TextReport> TextReports { get; init; }
}
