using System.Globalization;

namespace LongWriter.Scoring;

/// <summary>S_q of a set of judgements.</summary>
/// <remarks>
/// Source: evaluation/eval_quality.py, THUDM/LongWriter 3fcfdff. Differences: the fate of failed judgements is a choice and they are counted; an
/// item with several samples counts once, by their mean.
/// </remarks>
public static class QualityAggregate
{
    private const int MiddleMark = 3;

    /// <summary>Computes S_q.</summary>
    /// <param name="judgements">A judgement for each item.</param>
    /// <param name="policy">What a failed judgement does.</param>
    /// <returns>The scores.</returns>
    public static QualityScores Compute(IEnumerable<QualityJudgement> judgements, FailedJudgements policy = FailedJudgements.Exclude)
    {
        ArgumentNullException.ThrowIfNull(judgements);
        if (!Enum.IsDefined(policy))
        {
            throw new ArgumentOutOfRangeException(nameof(policy), policy, "Not a policy for failed judgements.");
        }

        QualityJudgement[] all = [.. judgements];
        QualityJudgement[] judged = [.. all.Where(static judgement => judgement.Failure is null)];
        var scores = new QualityScores(null, new Dictionary<QualityDimension, double>(), judged.Length, all.Length - judged.Length, policy)
        {
            FailedSamples = all.Sum(static judgement => judgement.Samples.Count(static sample => sample.Marks is null)),
            SampleSpread = SampleSpread(judged),
        };
        if (WhyNone(scores) is { } failure)
        {
            return scores with { Failure = failure };
        }

        int substitutes = policy == FailedJudgements.ScoreThree ? scores.Failed : 0;
        var dimensions = new Dictionary<QualityDimension, double>();
        foreach (QualityDimension dimension in QualityDimensions.All)
        {
            double sum = judged.Sum(judgement => judgement.Mean(dimension)!.Value) + (MiddleMark * substitutes);
            dimensions[dimension] = Scaled(sum / (judged.Length + substitutes));
        }

        double[] items = [.. judged.Select(Sq), .. Enumerable.Repeat(Scaled(MiddleMark), substitutes)];
        return scores with
        {
            Sq = dimensions.Values.Average(),
            Dimensions = dimensions,
            StandardError = items.Length < 2 ? null : Math.Sqrt(Variance(items) / items.Length),
        };
    }

    /// <summary>S_q of one judgement: the mean over its six dimensions, 0 to 100.</summary>
    /// <param name="judgement">The judgement.</param>
    /// <returns>0 to 100; null when it failed.</returns>
    public static double? Compute(QualityJudgement judgement)
    {
        ArgumentNullException.ThrowIfNull(judgement);
        return judgement.Failure is null ? Sq(judgement) : null;
    }

    private static string? WhyNone(QualityScores scores) =>
        scores.Policy == FailedJudgements.Fail && scores.Failed > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{scores.Failed} of {scores.Judged + scores.Failed} judgements failed, and the policy is {FailedJudgements.Fail}.")
        : scores.Judged == 0 ? "Nothing is judged."
        : null;

    private static double Sq(QualityJudgement judgement) =>
        QualityDimensions.All.Average(dimension => Scaled(judgement.Mean(dimension)!.Value));

    private static double? SampleSpread(QualityJudgement[] judged)
    {
        double squares = 0;
        int freedom = 0;
        foreach (QualityJudgement judgement in judged)
        {
            double[] samples =
            [
                .. judgement.Samples.Where(static sample => sample.Marks is not null)
                    .Select(static sample => QualityDimensions.All.Average(dimension => Scaled(sample.Marks![dimension]))),
            ];
            if (samples.Length > 1)
            {
                squares += Variance(samples) * (samples.Length - 1);
                freedom += samples.Length - 1;
            }
        }

        return freedom == 0 ? null : Math.Sqrt(squares / freedom);
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    private static double Scaled(double mark) => (mark - 1) * 25;
}
