using System.Globalization;

namespace LongWriter;

/// <summary>What became of a length that was asked for. Immutable.</summary>
/// <param name="Target">What was asked for, or decided by the plan.</param>
/// <param name="ProducedWords">What there is, in the unit of the target and by its counter.</param>
public sealed record LengthOutcome(LengthTarget Target, int ProducedWords)
{
    /// <summary>A length that is to be equal is met within this share of it.</summary>
    public const double Tolerance = 0.05;

    /// <summary>A length that is to be equal is also met within so many words: a text ends with a sentence.</summary>
    public const int ToleranceWords = 10;

    /// <summary>Why the length was missed, as far as is known; null when it was met.</summary>
    public string? Reason { get; init; }

    /// <summary>How far the length is from <see cref="LengthTarget.Value"/>, as a share of it: -0.1 is a tenth too short.</summary>
    public double Deviation => (ProducedWords - Target.Value) / (double)Target.Value;

    /// <summary>
    /// True when the length is what was asked for: at least, at most and between are meant exactly, equal with a tolerance of
    /// <see cref="Tolerance"/> or <see cref="ToleranceWords"/>, whichever is more.
    /// </summary>
    public bool IsMet => ProducedWords > 0 && (Target.Kind == LengthKind.Equal
        ? Math.Abs(ProducedWords - Target.Value) <= Math.Max(ToleranceWords, Tolerance * Target.Value)
        : ProducedWords >= Target.Minimum && ProducedWords <= Target.Maximum);

    /// <summary>Such as "10,012 of 10000 words (+0.1 %), met".</summary>
    /// <returns>The outcome in words, invariant culture.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{ProducedWords:#,0} of {Target} ({100 * Deviation:+0.0;-0.0;0.0} %), {(IsMet ? "met" : "missed")}");
}
