namespace LongWriter.Scoring;

/// <summary>The length scorers that ship. All are pure, safe for concurrent use, and score an empty output 0.</summary>
public static class LengthScorers
{
    /// <summary>How far around a plain value the range of <see cref="LongWriterZero"/> reaches: 10% to either side.</summary>
    public const double RangeAroundValue = 0.1;

    /// <summary>
    /// S_l as the paper computes it: every target is a single number, <see cref="LengthTarget.Value"/>, so a text above "at least" loses too.
    /// </summary>
    public static ILengthScorer Paper { get; } = new FormulaScorer(
        "S_l",
        "S_l of LongBench-Write: score in evaluation/eval_length.py, THUDM/LongWriter 3fcfdff. Difference: an empty output scores 0.",
        static (target, produced) => LengthFormula.S_l(target.Value, produced));

    /// <summary>
    /// S_l that honours how the length was meant: nothing is lost above "at least", below "at most" and inside a range; beyond the edge the
    /// paper's slopes apply. For a plain number it equals <see cref="Paper"/>.
    /// </summary>
    public static ILengthScorer TargetKind { get; } = new FormulaScorer(
        "S_l-kind",
        "Our own: S_l of LongBench-Write measured from the edge of the allowed side. The source scores bounds as equalities.",
        static (target, produced) => LengthFormula.BetweenEdges(target.Minimum, UpperEdge(target), produced));

    /// <summary>
    /// The range reward of LongWriter-Zero times 100. A range is taken as it stands, a plain number as 10% to either side of it, a bound as
    /// open on its allowed side. Above the range the score falls to 0 at four times the upper edge, where S_l is 0 too.
    /// </summary>
    public static ILengthScorer LongWriterZero { get; } = new FormulaScorer(
        "range-reward",
        "Length reward of LongWriter-Zero (arXiv 2506.18841), times 100. Differences: the length at which nothing is left is four times the upper edge, "
        + "there it is the token limit of the training run; a plain number becomes a range of 10% to either side, there a model predicts the range.",
        static (target, produced) =>
        {
            (double minimum, double maximum) = Range(target);
            return LengthFormula.RangeReward(minimum, maximum, LengthFormula.LongestRatio * maximum, produced);
        });

    private static (double Minimum, double Maximum) Range(LengthTarget target) => target.Kind == LengthKind.Equal
        ? ((1 - RangeAroundValue) * target.Value, (1 + RangeAroundValue) * target.Value)
        : (target.Minimum, UpperEdge(target));

    private static double UpperEdge(LengthTarget target) => target.Kind == LengthKind.AtLeast ? double.PositiveInfinity : target.Maximum;

    private sealed class FormulaScorer(string name, string source, Func<LengthTarget, int, double> formula) : ILengthScorer
    {
        public string Name => name;

        public string Source => source;

        public LengthScore Score(LengthTarget target, int producedWords)
        {
            ArgumentNullException.ThrowIfNull(target);
            ArgumentOutOfRangeException.ThrowIfNegative(producedWords);
            return new LengthScore(formula(target, producedWords), target.Value, producedWords, name);
        }
    }
}
