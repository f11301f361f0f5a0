using Microsoft.Extensions.AI;

namespace LongWriter.Scoring.Evaluation;

/// <summary>
/// Measures whether a reply has the length that was asked for: <see cref="LengthScoreMetricName"/>, 0 to 100, and
/// <see cref="LengthRatioMetricName"/>, produced over required. Needs a <see cref="TargetLengthContext"/> and no model. Safe for concurrent use.
/// </summary>
/// <param name="scorer">The scorer; null selects <see cref="LengthScorers.Paper"/>.</param>
public sealed class LengthEvaluator(ILengthScorer? scorer = null) : IEvaluator
{
    private readonly ILengthScorer scorer = scorer ?? LengthScorers.Paper;

    /// <summary>Name of the score.</summary>
    public static string LengthScoreMetricName => "LengthScore";

    /// <summary>Name of the ratio.</summary>
    public static string LengthRatioMetricName => "LengthRatio";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> EvaluationMetricNames { get; } = [LengthScoreMetricName, LengthRatioMetricName];

    /// <inheritdoc/>
    public ValueTask<EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages,
        ChatResponse modelResponse,
        ChatConfiguration? chatConfiguration = null,
        IEnumerable<EvaluationContext>? additionalContext = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(modelResponse);
        cancellationToken.ThrowIfCancellationRequested();
        var score = new NumericMetric(LengthScoreMetricName);
        var ratio = new NumericMetric(LengthRatioMetricName);
        if (additionalContext?.OfType<TargetLengthContext>().FirstOrDefault() is not { } context)
        {
            string missing = $"{nameof(LengthEvaluator)} needs a {nameof(TargetLengthContext)} among the additional context but got none.";
            return ValueTask.FromResult(MetricParts.Failed([score, ratio], missing));
        }

        LengthScore scored = scorer.Score(context.Target, modelResponse.Text);
        (score.Value, ratio.Value) = (scored.Score, scored.Ratio);
        score.Interpretation = MetricParts.Rate(LengthScoreMetricName, scored.Score);
        foreach (EvaluationMetric metric in (EvaluationMetric[])[score, ratio])
        {
            metric.Reason = $"Asked for: {context.Target}. Came: {scored.ProducedWords}, by the {context.Target.Counter.Name} counter.";
            metric.Context = new Dictionary<string, EvaluationContext> { [context.Name] = context };
            metric.Metadata = new Dictionary<string, string> { ["length-scorer"] = scored.Scorer };
        }

        return ValueTask.FromResult(new EvaluationResult(score, ratio));
    }
}
