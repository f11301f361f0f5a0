namespace LongWriter.Scoring;

/// <summary>Options of <see cref="RubricJudge"/>. Copied when the judge is made; later changes have no effect.</summary>
public sealed record RubricJudgeOptions : JudgeOptions
{
    /// <summary>Criteria of a rubric. Range [1, 20]; the default is 5, WritingBench's.</summary>
    public int Criteria { get; set; } = 5;

    private protected override void FindErrors(List<string> errors)
    {
        base.FindErrors(errors);
        CheckRange(nameof(Criteria), Criteria, 1, 20, errors);
    }
}
