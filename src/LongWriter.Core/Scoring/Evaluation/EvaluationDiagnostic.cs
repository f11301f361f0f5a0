namespace LongWriter.Scoring.Evaluation;

/// <summary>How grave a diagnostic is. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
public enum EvaluationDiagnosticSeverity
{
    /// <summary>Worth knowing.</summary>
    Informational,

    /// <summary>The value should be read with care.</summary>
    Warning,

    /// <summary>There is no value.</summary>
    Error,
}

/// <summary>A remark about a metric. Mirrors the type of this name in Microsoft.Extensions.AI.Evaluation.</summary>
/// <param name="severity">How grave it is.</param>
/// <param name="message">The remark.</param>
public sealed class EvaluationDiagnostic(EvaluationDiagnosticSeverity severity, string message)
{
    /// <summary>How grave it is.</summary>
    public EvaluationDiagnosticSeverity Severity { get; set; } = severity;

    /// <summary>The remark.</summary>
    public string Message { get; set; } = message;

    /// <summary>A remark worth knowing.</summary>
    /// <param name="message">The remark.</param>
    /// <returns>The diagnostic.</returns>
    public static EvaluationDiagnostic Informational(string message) => new(EvaluationDiagnosticSeverity.Informational, message);

    /// <summary>A reason to read the value with care.</summary>
    /// <param name="message">The reason.</param>
    /// <returns>The diagnostic.</returns>
    public static EvaluationDiagnostic Warning(string message) => new(EvaluationDiagnosticSeverity.Warning, message);

    /// <summary>A reason why there is no value.</summary>
    /// <param name="message">The reason.</param>
    /// <returns>The diagnostic.</returns>
    public static EvaluationDiagnostic Error(string message) => new(EvaluationDiagnosticSeverity.Error, message);

    /// <summary>Such as "Error: The reply is empty."</summary>
    /// <returns>Severity and message.</returns>
    public override string ToString() => $"{Severity}: {Message}";
}
