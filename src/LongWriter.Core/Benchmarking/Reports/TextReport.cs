using LongWriter.Scoring;

namespace LongWriter.Benchmarking.Reports;

/// <summary>The numbers of one text, without the text. Unknown figures are null. Immutable.</summary>
public sealed record TextReport
{
    /// <summary>Id of the item that asked for the text.</summary>
    public required string Id { get; init; }

    /// <summary>Which repetition, from 0.</summary>
    public required int Repeat { get; init; }

    /// <summary>The seed that was used.</summary>
    public required long Seed { get; init; }

    /// <summary>"en" or "zh".</summary>
    public required string Language { get; init; }

    /// <summary>Label of the item.</summary>
    public required string Type { get; init; }

    /// <summary>The beginning of the prompt, on one line.</summary>
    public required string PromptExcerpt { get; init; }

    /// <summary>The beginning of the text, on one line; empty when there is no text.</summary>
    public required string Opening { get; init; }

    /// <summary>The end of the text, on one line; empty when there is no text.</summary>
    public required string Closing { get; init; }

    /// <summary>Required length, words or 字.</summary>
    public required int Required { get; init; }

    /// <summary>Produced length, words or 字.</summary>
    public required int Produced { get; init; }

    /// <summary>Produced over required.</summary>
    public required double Ratio { get; init; }

    /// <summary>Score of the length, 0 to 100.</summary>
    public required double LengthScore { get; init; }

    /// <summary>S_q of the text, 0 to 100; null when it has no marks.</summary>
    public double? Quality { get; init; }

    /// <summary>Mean marks of the judge, 1 to 5; null when the text has none.</summary>
    public IReadOnlyList<DimensionMark>? Marks { get; init; }

    /// <summary>Why a judge that was asked gave no marks; null otherwise.</summary>
    public string? JudgeFailure { get; init; }

    /// <summary>Why the text ended.</summary>
    public required EndCause End { get; init; }

    /// <summary>What went wrong; null when nothing.</summary>
    public string? Failure { get; init; }

    /// <summary>What a reader would want to fix, worst first; empty when nothing was found.</summary>
    public required IReadOnlyList<TextProblem> Problems { get; init; }

    /// <summary>What can be said about the text without a judge.</summary>
    public required TextDiagnosticsResult Diagnostics { get; init; }

    /// <summary>Wall time, seconds; null when the result has no finite time.</summary>
    public double? Seconds { get; init; }

    /// <summary>Tokens and calls.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>Of the tokens that were generated, those that are not in the text.</summary>
    public long DiscardedTokens { get; init; }

    /// <summary>Sections as asked for and as written.</summary>
    public required IReadOnlyList<SectionLength> Sections { get; init; }

    /// <summary>Cumulative mean negative log-likelihood, finite points only; null when no local model read the text.</summary>
    public IReadOnlyList<NllPoint>? Nll { get; init; }

    /// <summary>Why no local model could read the text although one was asked to; null otherwise.</summary>
    public string? NllFailure { get; init; }
}

/// <summary>Mean mark of a dimension over the judge's samples.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Mark">1 to 5.</param>
public sealed record DimensionMark(QualityDimension Dimension, double Mark);
