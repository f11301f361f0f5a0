namespace LongWriter.Scoring;

/// <summary>Formulas from two lengths to a score of 0 to 100. Pure; the lengths are in one unit, by one counter.</summary>
public static class LengthFormula
{
    /// <summary>A text that is this many times too long scores 0, by S_l and by the range reward.</summary>
    public const double LongestRatio = 4;

    /// <summary>The paper's S_l: 100 where the length is met, 0 at a third of it and at four times it, falling off faster below than above.</summary>
    /// <param name="required">The length that was asked for, more than 0.</param>
    /// <param name="produced">The length that came, 0 or more.</param>
    /// <returns>0 to 100.</returns>
    /// <remarks>
    /// Source: <c>score</c> in evaluation/eval_length.py, THUDM/LongWriter 3fcfdff. Difference: an empty output scores 0; the source divides by zero.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A length is out of range, or not finite.</exception>
#pragma warning disable CA1707 // The field writes S_l with its subscript, and so do reports.
    public static double S_l(double required, double produced)
#pragma warning restore CA1707
    {
        ThrowIfUnusable(required, produced);
        return produced == 0 ? 0
            : produced > required ? 100 * Math.Max(0, 1 - (((produced / required) - 1) / 3))
            : 100 * Math.Max(0, 1 - (((required / produced) - 1) / 2));
    }

    /// <summary>S_l measured from the nearer edge: 100 between the edges, the paper's slopes beyond them.</summary>
    /// <param name="minimum">Lower edge, 0 for none.</param>
    /// <param name="maximum">Upper edge, more than 0; <see cref="double.PositiveInfinity"/> for none.</param>
    /// <param name="produced">The length that came, 0 or more.</param>
    /// <returns>0 to 100; 0 for an empty output whatever the edges.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length is out of range, or the edges are crossed.</exception>
    public static double BetweenEdges(double minimum, double maximum, double produced)
    {
        ThrowIfCrossed(minimum, maximum, produced);
        return produced == 0 ? 0
            : produced < minimum ? S_l(minimum, produced)
            : produced > maximum ? S_l(maximum, produced)
            : 100;
    }

    /// <summary>
    /// The range reward, times 100: 100 between the edges, produced / minimum below, (limit - produced) / (limit - maximum) above.
    /// </summary>
    /// <param name="minimum">Lower edge, 0 for none.</param>
    /// <param name="maximum">Upper edge, more than 0; <see cref="double.PositiveInfinity"/> for none.</param>
    /// <param name="limit">Length at which nothing is left, more than <paramref name="maximum"/>; not used where there is no upper edge.</param>
    /// <param name="produced">The length that came, 0 or more.</param>
    /// <returns>0 to 100; 0 for an empty output whatever the edges.</returns>
    /// <remarks>Source: the length reward of LongWriter-Zero (arXiv 2506.18841), there from 0 to 1.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A length is out of range, or the edges are crossed.</exception>
    public static double RangeReward(double minimum, double maximum, double limit, double produced)
    {
        ThrowIfCrossed(minimum, maximum, produced);
        if (double.IsFinite(maximum))
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, maximum);
        }

        return produced == 0 ? 0
            : produced < minimum ? 100 * produced / minimum
            : produced > maximum ? 100 * Math.Max(0, (limit - produced) / (limit - maximum))
            : 100;
    }

    private static void ThrowIfCrossed(double minimum, double maximum, double produced)
    {
        ThrowIfUnusable(double.IsPositiveInfinity(maximum) ? 1 : maximum, produced);
        ThrowIfNotFinite(minimum, nameof(minimum));
        ArgumentOutOfRangeException.ThrowIfNegative(minimum);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minimum, maximum);
    }

    private static void ThrowIfUnusable(double required, double produced)
    {
        ThrowIfNotFinite(required, nameof(required));
        ThrowIfNotFinite(produced, nameof(produced));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(required);
        ArgumentOutOfRangeException.ThrowIfNegative(produced);
    }

    private static void ThrowIfNotFinite(double value, string name)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(name, value, "A length must be a finite number.");
        }
    }
}
