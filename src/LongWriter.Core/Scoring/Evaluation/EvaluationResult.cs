using System.Diagnostics.CodeAnalysis;

namespace LongWriter.Scoring.Evaluation;

/// <summary>The metrics of an evaluation by their names. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
public sealed class EvaluationResult
{
    /// <summary>Takes metrics by name.</summary>
    /// <param name="metrics">The metrics; not copied.</param>
    public EvaluationResult(IDictionary<string, EvaluationMetric> metrics) => Metrics = metrics;

    /// <summary>Takes metrics.</summary>
    /// <param name="metrics">The metrics, each with a name of its own.</param>
    /// <exception cref="ArgumentException">Two metrics have one name.</exception>
    public EvaluationResult(IEnumerable<EvaluationMetric> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Metrics = new Dictionary<string, EvaluationMetric>();
        foreach (EvaluationMetric metric in metrics)
        {
            if (!Metrics.TryAdd(metric.Name, metric))
            {
                throw new ArgumentException($"Two metrics have the name \"{metric.Name}\".", nameof(metrics));
            }
        }
    }

    /// <inheritdoc cref="EvaluationResult(IEnumerable{EvaluationMetric})"/>
    public EvaluationResult(params EvaluationMetric[] metrics)
        : this((IEnumerable<EvaluationMetric>)metrics)
    {
    }

#pragma warning disable CA2227 // The mirrored type lets its collection be set.
    /// <summary>The metrics by their names.</summary>
    public IDictionary<string, EvaluationMetric> Metrics { get; set; }
#pragma warning restore CA2227

    /// <summary>The metric of a name and type.</summary>
    /// <typeparam name="T">Type of the metric.</typeparam>
    /// <param name="metricName">Its name.</param>
    /// <returns>The metric.</returns>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public T Get<T>(string metricName)
        where T : EvaluationMetric =>
        TryGet(metricName, out T? metric) ? metric : throw new KeyNotFoundException($"There is no {typeof(T).Name} with the name \"{metricName}\".");

    /// <summary>The metric of a name and type, if there is one.</summary>
    /// <typeparam name="T">Type of the metric.</typeparam>
    /// <param name="metricName">Its name.</param>
    /// <param name="value">The metric, or null.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet<T>(string metricName, [NotNullWhen(true)] out T? value)
        where T : EvaluationMetric
    {
        value = Metrics.TryGetValue(metricName, out EvaluationMetric? metric) ? metric as T : null;
        return value is not null;
    }
}
