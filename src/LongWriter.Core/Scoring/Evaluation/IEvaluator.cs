using Microsoft.Extensions.AI;

namespace LongWriter.Scoring.Evaluation;

/// <summary>
/// Evaluates a reply of a model. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation member by member, so that a short adapter
/// (docs/evaluation-adapter.md) turns ours into theirs without this package depending on it.
/// </summary>
public interface IEvaluator
{
    /// <summary>Names of the metrics that every result has.</summary>
    IReadOnlyCollection<string> EvaluationMetricNames { get; }

    /// <summary>Evaluates.</summary>
    /// <param name="messages">The conversation that led to the reply.</param>
    /// <param name="modelResponse">The reply.</param>
    /// <param name="chatConfiguration">The model that evaluates; evaluators that need none accept null.</param>
    /// <param name="additionalContext">What the evaluator needs beside the conversation; null when nothing.</param>
    /// <param name="cancellationToken">Ends the evaluation; thrown as <see cref="OperationCanceledException"/>.</param>
    /// <returns>A metric for each name. One that could not be computed has no value and says why in a diagnostic.</returns>
    ValueTask<EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages,
        ChatResponse modelResponse,
        ChatConfiguration? chatConfiguration = null,
        IEnumerable<EvaluationContext>? additionalContext = null,
        CancellationToken cancellationToken = default);
}
