// Stand-ins for the members of Microsoft.Extensions.AI.Evaluation that the documented adapter uses, by its public source (dotnet/extensions).
namespace Microsoft.Extensions.AI.Evaluation;

public interface IEvaluator
{
    IReadOnlyCollection<string> EvaluationMetricNames { get; }

    ValueTask<EvaluationResult> EvaluateAsync(
        IEnumerable<ChatMessage> messages,
        ChatResponse modelResponse,
        ChatConfiguration? chatConfiguration = null,
        IEnumerable<EvaluationContext>? additionalContext = null,
        CancellationToken cancellationToken = default);
}

public sealed class ChatConfiguration(IChatClient chatClient)
{
    public IChatClient ChatClient { get; } = chatClient;
}

public abstract class EvaluationContext
{
    protected EvaluationContext(string name, params IEnumerable<AIContent> contents)
    {
        Name = name;
        Contents = [.. contents];
    }

    public string Name { get; set; }

    public IList<AIContent> Contents { get; set; }
}

public enum EvaluationRating
{
    Unknown,
    Inconclusive,
    Unacceptable,
    Poor,
    Average,
    Good,
    Exceptional,
}

public enum EvaluationDiagnosticSeverity
{
    Informational,
    Warning,
    Error,
}

public sealed class EvaluationDiagnostic(EvaluationDiagnosticSeverity severity, string message)
{
    public EvaluationDiagnosticSeverity Severity { get; set; } = severity;

    public string Message { get; set; } = message;

    public static EvaluationDiagnostic Informational(string message) => new(EvaluationDiagnosticSeverity.Informational, message);

    public static EvaluationDiagnostic Warning(string message) => new(EvaluationDiagnosticSeverity.Warning, message);

    public static EvaluationDiagnostic Error(string message) => new(EvaluationDiagnosticSeverity.Error, message);
}

public sealed class EvaluationMetricInterpretation(EvaluationRating rating = EvaluationRating.Unknown, bool failed = false, string? reason = null)
{
    public EvaluationRating Rating { get; set; } = rating;

    public bool Failed { get; set; } = failed;

    public string? Reason { get; set; } = reason;
}

public class EvaluationMetric(string name, string? reason = null)
{
    public string Name { get; set; } = name;

    public string? Reason { get; set; } = reason;

    public EvaluationMetricInterpretation? Interpretation { get; set; }

#pragma warning disable CA2227 // As in the type this stands for.
    public IDictionary<string, EvaluationContext>? Context { get; set; }

    public IList<EvaluationDiagnostic>? Diagnostics { get; set; }

    public IDictionary<string, string>? Metadata { get; set; }
#pragma warning restore CA2227
}

public class EvaluationMetric<T> : EvaluationMetric
{
    protected EvaluationMetric(string name, T? value, string? reason = null)
        : base(name, reason) => Value = value;

    public T? Value { get; set; }
}

public sealed class NumericMetric(string name, double? value = null, string? reason = null) : EvaluationMetric<double?>(name, value, reason);

public sealed class BooleanMetric(string name, bool? value = null, string? reason = null) : EvaluationMetric<bool?>(name, value, reason);

public sealed class EvaluationResult
{
    public EvaluationResult(IEnumerable<EvaluationMetric> metrics) => Metrics = metrics.ToDictionary(metric => metric.Name);

#pragma warning disable CA2227 // As in the type this stands for.
    public IDictionary<string, EvaluationMetric> Metrics { get; set; }
#pragma warning restore CA2227
}
