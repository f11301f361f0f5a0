namespace LongWriter.Scoring.Evaluation;

/// <summary>What the value of a metric means. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
/// <param name="rating">How good it is.</param>
/// <param name="failed">True when it is not good enough.</param>
/// <param name="reason">Why; null when there is nothing to add.</param>
public sealed class EvaluationMetricInterpretation(EvaluationRating rating = EvaluationRating.Unknown, bool failed = false, string? reason = null)
{
    /// <summary>How good the value is.</summary>
    public EvaluationRating Rating { get; set; } = rating;

    /// <summary>True when the value is not good enough.</summary>
    public bool Failed { get; set; } = failed;

    /// <summary>Why; null when there is nothing to add.</summary>
    public string? Reason { get; set; } = reason;
}
