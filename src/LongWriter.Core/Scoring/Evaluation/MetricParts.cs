using Microsoft.Extensions.AI;

namespace LongWriter.Scoring.Evaluation;

/// <summary>What the evaluators have in common.</summary>
internal static class MetricParts
{
    /// <summary>A score below this is not good enough: mark 4 of 5.</summary>
    public const double PassingScore = 75;

    /// <summary>Rates a score of 0 to 100 as the mark it lies nearest to: 100 is 5, 75 is 4, and so on.</summary>
    public static EvaluationMetricInterpretation Rate(string name, double score)
    {
        EvaluationRating rating = score switch
        {
            >= 87.5 => EvaluationRating.Exceptional,
            >= 62.5 => EvaluationRating.Good,
            >= 37.5 => EvaluationRating.Average,
            >= 12.5 => EvaluationRating.Poor,
            _ => EvaluationRating.Unacceptable,
        };
        return score < PassingScore
            ? new EvaluationMetricInterpretation(rating, failed: true, $"{name} is below what passes, {PassingScore} of 100.")
            : new EvaluationMetricInterpretation(rating);
    }

    /// <summary>Gives every metric the same error.</summary>
    public static EvaluationResult Failed(IEnumerable<EvaluationMetric> metrics, string message)
    {
        var result = new EvaluationResult(metrics);
        foreach (EvaluationMetric metric in result.Metrics.Values)
        {
            metric.Diagnostics = [EvaluationDiagnostic.Error(message)];
            metric.Interpretation = new EvaluationMetricInterpretation(EvaluationRating.Inconclusive, failed: true, message);
        }

        return result;
    }

    /// <summary>Text of the last message of the user; null when there is none.</summary>
    public static string? Instruction(IEnumerable<ChatMessage> messages) =>
        messages.LastOrDefault(static message => message.Role == ChatRole.User && !string.IsNullOrWhiteSpace(message.Text))?.Text;
}
