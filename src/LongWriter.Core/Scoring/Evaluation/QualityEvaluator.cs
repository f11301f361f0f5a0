using System.Globalization;
using Microsoft.Extensions.AI;

namespace LongWriter.Scoring.Evaluation;

/// <summary>
/// Lets the configured model judge a reply with <see cref="QualityJudge"/>: six dimensions with the mean of their marks, 1 to 5, and
/// <see cref="SqMetricName"/>, 0 to 100. Safe for concurrent use when the client is. Does not dispose the client.
/// </summary>
/// <param name="options">Options of the judge; null selects the defaults.</param>
/// <param name="timeProvider">The clock of retries, time-outs and the duration; null selects the system's.</param>
public sealed class QualityEvaluator(QualityJudgeOptions? options = null, TimeProvider? timeProvider = null) : IEvaluator
{
    private readonly TimeProvider time = timeProvider ?? TimeProvider.System;

    /// <summary>Name of S_q.</summary>
    public static string SqMetricName => "S_q";

    /// <summary>S_q and the dimensions by their names in <see cref="QualityDimension"/>.</summary>
    public IReadOnlyCollection<string> EvaluationMetricNames { get; } = [.. Enum.GetNames<QualityDimension>(), SqMetricName];

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="chatConfiguration"/> is null: judging takes a model.</exception>
    public async ValueTask<EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages,
        ChatResponse modelResponse,
        ChatConfiguration? chatConfiguration = null,
        IEnumerable<EvaluationContext>? additionalContext = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(modelResponse);
        ArgumentNullException.ThrowIfNull(chatConfiguration);
        NumericMetric[] metrics = [.. EvaluationMetricNames.Select(static name => new NumericMetric(name))];
        if (MetricParts.Instruction(messages) is not { } instruction)
        {
            return MetricParts.Failed(metrics, "The messages must hold a text of the user, the instruction, but hold none.");
        }

        long started = time.GetTimestamp();
        var judge = new QualityJudge(chatConfiguration.ChatClient, options, timeProvider: time);
        QualityJudgement judgement = await judge.JudgeAsync(instruction, modelResponse.Text, cancellationToken).ConfigureAwait(false);
        Dictionary<string, string> metadata = Metadata(judgement, time.GetElapsedTime(started));
        foreach (NumericMetric metric in metrics)
        {
            metric.Metadata = new Dictionary<string, string>(metadata);
        }

        if (judgement.Failure is { } failure)
        {
            return MetricParts.Failed(metrics, failure);
        }

        foreach (NumericMetric metric in metrics)
        {
            bool isMark = Enum.TryParse(metric.Name, out QualityDimension dimension);
            metric.Value = isMark ? judgement.Mean(dimension) : QualityAggregate.Compute(judgement);
            metric.Reason = judgement.Samples.Select(static sample => sample.Analysis).FirstOrDefault(static analysis => analysis is not null);
            metric.Interpretation = MetricParts.Rate(metric.Name, isMark ? (metric.Value!.Value - 1) * 25 : metric.Value!.Value);
            if (judgement.Samples.Count(static sample => sample.Marks is null) is > 0 and int failed)
            {
                metric.Diagnostics = [EvaluationDiagnostic.Warning($"{failed} of {judgement.Samples.Count} samples have no marks and are left out.")];
            }
        }

        return new EvaluationResult(metrics);
    }

    /// <summary>The keys are those of the built-in evaluators of Microsoft.Extensions.AI.Evaluation, so that reports show them alike.</summary>
    private static Dictionary<string, string> Metadata(QualityJudgement judgement, TimeSpan duration)
    {
        var metadata = new Dictionary<string, string>
        {
            ["eval-input-tokens"] = Text(judgement.Usage.InputTokens),
            ["eval-output-tokens"] = Text(judgement.Usage.OutputTokens),
            ["eval-total-tokens"] = Text(judgement.Usage.InputTokens + judgement.Usage.OutputTokens),
            ["eval-duration-ms"] = duration.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture),
            ["eval-prompt"] = judgement.PromptVersion,
        };
        if (judgement.Model is { } model)
        {
            metadata["eval-model"] = model;
        }

        return metadata;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
