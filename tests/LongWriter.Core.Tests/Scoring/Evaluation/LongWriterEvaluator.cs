using Microsoft.Extensions.AI;
using Ours = LongWriter.Scoring.Evaluation;
using Theirs = Microsoft.Extensions.AI.Evaluation;

namespace LongWriter.Adapters;

/// <summary>An evaluator of LongWriter as an evaluator of Microsoft.Extensions.AI.Evaluation.</summary>
public sealed class LongWriterEvaluator(Ours.IEvaluator inner) : Theirs.IEvaluator
{
    public IReadOnlyCollection<string> EvaluationMetricNames => inner.EvaluationMetricNames;

    public async ValueTask<Theirs.EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages,
        ChatResponse modelResponse,
        Theirs.ChatConfiguration? chatConfiguration = null,
        IEnumerable<Theirs.EvaluationContext>? additionalContext = null,
        CancellationToken cancellationToken = default)
    {
        Ours.ChatConfiguration? judge = chatConfiguration is null ? null : new(chatConfiguration.ChatClient);
        IEnumerable<Ours.EvaluationContext>? context = additionalContext?.OfType<LongWriterContext>().Select(item => item.Inner);
        Ours.EvaluationResult result = await inner.EvaluateAsync(messages, modelResponse, judge, context, cancellationToken);
        return new Theirs.EvaluationResult(result.Metrics.Values.Select(Convert));
    }

    private static Theirs.EvaluationMetric Convert(Ours.EvaluationMetric metric)
    {
        Theirs.EvaluationMetric converted = metric switch
        {
            Ours.NumericMetric numeric => new Theirs.NumericMetric(metric.Name, numeric.Value, metric.Reason),
            Ours.BooleanMetric boolean => new Theirs.BooleanMetric(metric.Name, boolean.Value, metric.Reason),
            _ => new Theirs.EvaluationMetric(metric.Name, metric.Reason),
        };
        if (metric.Interpretation is { } meaning)
        {
            var rating = Enum.Parse<Theirs.EvaluationRating>(meaning.Rating.ToString());
            converted.Interpretation = new Theirs.EvaluationMetricInterpretation(rating, meaning.Failed, meaning.Reason);
        }

        converted.Metadata = metric.Metadata;
        converted.Context = metric.Context?.ToDictionary(pair => pair.Key, pair => (Theirs.EvaluationContext)new LongWriterContext(pair.Value));
        converted.Diagnostics = metric.Diagnostics?.Select(Convert).ToList();
        return converted;
    }

    private static Theirs.EvaluationDiagnostic Convert(Ours.EvaluationDiagnostic diagnostic) =>
        new(Enum.Parse<Theirs.EvaluationDiagnosticSeverity>(diagnostic.Severity.ToString()), diagnostic.Message);
}

/// <summary>A context of LongWriter, such as <see cref="Ours.TargetLengthContext"/>, as one of theirs.</summary>
public sealed class LongWriterContext(Ours.EvaluationContext inner) : Theirs.EvaluationContext(inner.Name, inner.Contents)
{
    public Ours.EvaluationContext Inner => inner;
}
