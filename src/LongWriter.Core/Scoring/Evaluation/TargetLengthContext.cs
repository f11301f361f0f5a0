using Microsoft.Extensions.AI;

namespace LongWriter.Scoring.Evaluation;

/// <summary>The length that was asked for, for a <see cref="LengthEvaluator"/>. Immutable but for what it inherits.</summary>
/// <param name="target">The length, with the counter that decides.</param>
public sealed class TargetLengthContext(LengthTarget target) : EvaluationContext(TargetLengthContextName, new TextContent(TextOf(target)))
{
    /// <summary>Name of every context of this type.</summary>
    public static string TargetLengthContextName => "TargetLength";

    /// <summary>The length, with the counter that decides.</summary>
    public LengthTarget Target { get; } = target;

    private static string TextOf(LengthTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return $"{target}, by the {target.Counter.Name} counter";
    }
}
