namespace LongWriter.Scoring.Evaluation;

/// <summary>One result of an evaluation. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation, mutability included.</summary>
/// <param name="name">Name of the metric, unique in its result.</param>
/// <param name="reason">Why the value is what it is; null when there is nothing to add.</param>
public class EvaluationMetric(string name, string? reason = null)
{
    /// <summary>Name of the metric, unique in its result.</summary>
    public string Name { get; set; } = name;

    /// <summary>Why the value is what it is; null when there is nothing to add.</summary>
    public string? Reason { get; set; } = reason;

    /// <summary>What the value means; null when nobody said.</summary>
    public EvaluationMetricInterpretation? Interpretation { get; set; }

#pragma warning disable CA2227 // The mirrored type lets its collections be set, and an adapter needs the same.
    /// <summary>What the evaluator was given beside the conversation, by name; null when nothing.</summary>
    public IDictionary<string, EvaluationContext>? Context { get; set; }

    /// <summary>Remarks; null when there are none.</summary>
    public IList<EvaluationDiagnostic>? Diagnostics { get; set; }

    /// <summary>Facts about the evaluation, such as the judge's name; null when there are none.</summary>
    public IDictionary<string, string>? Metadata { get; set; }
#pragma warning restore CA2227
}

/// <summary>A metric with a value. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public class EvaluationMetric<T> : EvaluationMetric
{
    /// <summary>Sets name, value and reason.</summary>
    /// <param name="name">Name of the metric, unique in its result.</param>
    /// <param name="value">The value; null when there is none.</param>
    /// <param name="reason">Why the value is what it is; null when there is nothing to add.</param>
    protected EvaluationMetric(string name, T? value, string? reason = null)
        : base(name, reason) => Value = value;

    /// <summary>The value; null when there is none, and a diagnostic then says why.</summary>
    public T? Value { get; set; }
}

/// <summary>A number. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
/// <param name="name">Name of the metric, unique in its result.</param>
/// <param name="value">The value; null when there is none.</param>
/// <param name="reason">Why the value is what it is; null when there is nothing to add.</param>
public sealed class NumericMetric(string name, double? value = null, string? reason = null) : EvaluationMetric<double?>(name, value, reason);

/// <summary>A yes or no. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
/// <param name="name">Name of the metric, unique in its result.</param>
/// <param name="value">The value; null when there is none.</param>
/// <param name="reason">Why the value is what it is; null when there is nothing to add.</param>
public sealed class BooleanMetric(string name, bool? value = null, string? reason = null) : EvaluationMetric<bool?>(name, value, reason);
