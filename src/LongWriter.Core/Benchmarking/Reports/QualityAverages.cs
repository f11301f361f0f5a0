namespace LongWriter.Benchmarking.Reports;

/// <summary>S_q of judged texts.</summary>
/// <param name="Score">S_q, the unweighted mean of the dimensions, 0 to 100; null when every judgement failed.</param>
/// <param name="Dimensions">The six dimensions; empty when every judgement failed.</param>
/// <param name="Judged">Texts with marks.</param>
/// <param name="Failed">Texts whose judgement failed; they are in no mean.</param>
public sealed record QualityFigures(double? Score, IReadOnlyList<DimensionScore> Dimensions, int Judged, int Failed);

/// <summary>Score of a dimension of quality.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Score">Mean mark less 1, times 25: 0 to 100.</param>
public sealed record DimensionScore(QualityDimension Dimension, double Score);

/// <summary>Averages judgements. Source: LongBench-Write, see docs/fidelity.md. Difference: failed judgements are counted.</summary>
internal static class QualityAverages
{
    public static readonly QualityDimension[] Dimensions = Enum.GetValues<QualityDimension>();

    /// <returns>Null when there is no judgement at all.</returns>
    public static QualityFigures? Of(IEnumerable<QualityJudgement?> judgements)
    {
        QualityJudgement[] asked = [.. judgements.OfType<QualityJudgement>()];
        QualityJudgement[] judged = [.. asked.Where(judgement => judgement.Failure is null)];
        if (asked.Length == 0)
        {
            return null;
        }

        if (judged.Length == 0)
        {
            return new QualityFigures(null, [], 0, asked.Length);
        }

        DimensionScore[] scores = [.. Dimensions.Select(dimension => new DimensionScore(dimension, (judged.Average(judgement => judgement.Mean(dimension)!.Value) - 1) * 25))];
        return new QualityFigures(scores.Average(score => score.Score), scores, judged.Length, asked.Length - judged.Length);
    }
}
