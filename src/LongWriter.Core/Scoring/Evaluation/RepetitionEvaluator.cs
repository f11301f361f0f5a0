using System.Globalization;
using Microsoft.Extensions.AI;

namespace LongWriter.Scoring.Evaluation;

/// <summary>
/// Measures repetition in a reply, and whether it was cut, with <see cref="TextDiagnostics"/>: shares of 0 to 1, and a yes or no. Needs no model and
/// no context. Values carry no rating: how much a text may repeat depends on its kind and length. Safe for concurrent use.
/// </summary>
public sealed class RepetitionEvaluator : IEvaluator
{
    /// <summary>Name of the share of repeated 4-grams.</summary>
    public static string RepetitionRateMetricName => "RepetitionRate";

    /// <summary>Name of the share of repeated sentences.</summary>
    public static string DuplicateSentencesMetricName => "DuplicateSentences";

    /// <summary>Name of the share of sentences that sum up.</summary>
    public static string SummarySentenceRateMetricName => "SummarySentenceRate";

    /// <summary>Name of whether the text was cut.</summary>
    public static string TruncatedMetricName => "Truncated";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> EvaluationMetricNames { get; } =
        [RepetitionRateMetricName, DuplicateSentencesMetricName, SummarySentenceRateMetricName, TruncatedMetricName];

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
        EndCause? end = modelResponse.FinishReason == ChatFinishReason.Length ? EndCause.Length : null;
        TextDiagnosticsResult measured = TextDiagnostics.Measure(modelResponse.Text, end: end);
        string reason = string.Create(CultureInfo.InvariantCulture, $"Words: {measured.Words}. Sentences: {measured.Sentences}.");
        var truncated = new BooleanMetric(TruncatedMetricName, measured.Truncated, reason);
        truncated.Interpretation = measured.Truncated
            ? new EvaluationMetricInterpretation(EvaluationRating.Unacceptable, failed: true, "The reply was cut before its end.")
            : new EvaluationMetricInterpretation(EvaluationRating.Good);
        return ValueTask.FromResult(new EvaluationResult(
            Share(RepetitionRateMetricName, measured.RepeatedFourGrams, reason),
            Share(DuplicateSentencesMetricName, measured.DuplicateSentences, reason),
            Share(SummarySentenceRateMetricName, measured.SummarySentenceRate, reason),
            truncated));
    }

    private static NumericMetric Share(string name, double? share, string reason) => new(name, share, reason)
    {
        Diagnostics = share is null ? [EvaluationDiagnostic.Warning("The reply is too short to measure this.")] : null,
    };
}
