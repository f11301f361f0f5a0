namespace LongWriter.Scoring;

/// <summary>What a judgement without marks does to the mean. The same name has meant different things, so it is always stated.</summary>
public enum FailedJudgements
{
    /// <summary>It is left out, as in THUDM/LongWriter.</summary>
    Exclude,

    /// <summary>It counts as mark 3 in every dimension, as in EvalScope's port.</summary>
    ScoreThree,

    /// <summary>There is no score at all.</summary>
    Fail,
}

/// <summary>S_q with what it was computed from. Immutable.</summary>
/// <param name="Sq">Mean of the six dimensions, 0 to 100; null when nothing is judged, or when the policy is to fail and a judgement failed.</param>
/// <param name="Dimensions">(mean mark - 1) * 25 for each dimension, 0 to 100; empty when <paramref name="Sq"/> is null.</param>
/// <param name="Judged">Items with marks.</param>
/// <param name="Failed">Items without marks.</param>
/// <param name="Policy">What the failed ones did to the mean.</param>
public sealed record QualityScores(
    double? Sq, IReadOnlyDictionary<QualityDimension, double> Dimensions, int Judged, int Failed, FailedJudgements Policy)
{
    /// <summary>Standard error of <see cref="Sq"/> over the items that enter it; null with fewer than two.</summary>
    public double? StandardError { get; init; }

    /// <summary>
    /// How far repeated samples of one item scatter, 0 to 100: the pooled standard deviation of the samples' S_q within their item. Null when
    /// no item has two samples with marks.
    /// </summary>
    public double? SampleSpread { get; init; }

    /// <summary>Samples without marks, of all items, those of judged items included.</summary>
    public int FailedSamples { get; init; }

    /// <summary>Why there is no score; null when there is one.</summary>
    public string? Failure { get; init; }
}
