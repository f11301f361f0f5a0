using LongWriter.Scoring;

namespace LongWriter.Tests.Scoring;

public sealed class QualityAggregateTests
{
    private static readonly QualityMarks Best = new(5, 5, 5, 5, 5, 5);
    private static readonly QualityMarks Mixed = new(5, 4, 3, 2, 1, 3);

    [Fact]
    public void Compute_TwoItems_IsTheMeanOfSixDimensions()
    {
        QualityScores scores = QualityAggregate.Compute([Item(Best), Item(Mixed)]);

        // Marks of the dimensions: 5, 4.5, 4, 3.5, 3, 4; items alone: 100 and 50.
        Assert.Equal(75, scores.Sq!.Value, 1e-9);
        Assert.Equal([100, 87.5, 75, 62.5, 50, 75], Enum.GetValues<QualityDimension>().Select(dimension => scores.Dimensions[dimension]));
        Assert.Equal((2, 0, 0, FailedJudgements.Exclude), (scores.Judged, scores.Failed, scores.FailedSamples, scores.Policy));
        Assert.Equal(25, scores.StandardError!.Value, 1e-9);
        Assert.Null(scores.SampleSpread);
        Assert.Null(scores.Failure);
    }

    [Fact]
    public void Compute_FailedItem_CountsByThePolicy()
    {
        QualityJudgement[] judgements = [Item(Best), Item((QualityMarks?)null)];

        QualityScores excluded = QualityAggregate.Compute(judgements, FailedJudgements.Exclude);
        QualityScores three = QualityAggregate.Compute(judgements, FailedJudgements.ScoreThree);
        QualityScores failed = QualityAggregate.Compute(judgements, FailedJudgements.Fail);

        Assert.Equal((100.0, 1, 1), (excluded.Sq, excluded.Judged, excluded.Failed));
        Assert.Null(excluded.StandardError);
        Assert.Equal((75.0, 1, 1), (three.Sq, three.Judged, three.Failed));
        Assert.Equal(25, three.StandardError!.Value, 1e-9);
        Assert.Equal((null, 1, 1), (failed.Sq, failed.Judged, failed.Failed));
        Assert.Empty(failed.Dimensions);
        Assert.Equal("1 of 2 judgements failed, and the policy is Fail.", failed.Failure);
    }

    [Fact]
    public void Compute_FailWithoutFailures_IsTheScore() => Assert.Equal(100, QualityAggregate.Compute([Item(Best)], FailedJudgements.Fail).Sq);

    [Theory]
    [InlineData(FailedJudgements.Exclude)]
    [InlineData(FailedJudgements.ScoreThree)]
    public void Compute_NothingJudged_IsNull(FailedJudgements policy)
    {
        QualityScores none = QualityAggregate.Compute([], policy);
        QualityScores failures = QualityAggregate.Compute([Item((QualityMarks?)null)], policy);

        Assert.Equal((null, 0, "Nothing is judged."), (none.Sq, none.Failed, none.Failure));
        Assert.Equal((null, 1, "Nothing is judged."), (failures.Sq, failures.Failed, failures.Failure));
        Assert.Empty(failures.Dimensions);
    }

    [Fact]
    public void Compute_Samples_CountByTheirMeanAndShowTheirSpread()
    {
        // One item: 100 and 50, a failed third. Another, once: 50.
        QualityScores scores = QualityAggregate.Compute([Item(Best, null, Mixed), Item(Mixed)]);

        Assert.Equal(62.5, scores.Sq!.Value, 1e-9);
        Assert.Equal(1, scores.FailedSamples);
        Assert.Equal((2, 0), (scores.Judged, scores.Failed));
        Assert.Equal(Math.Sqrt(1_250), scores.SampleSpread!.Value, 1e-9);
    }

    [Fact]
    public void Compute_OneJudgement_IsItsScore()
    {
        Assert.Equal(50, QualityAggregate.Compute(Item(Mixed))!.Value, 1e-9);
        Assert.Null(QualityAggregate.Compute(Item((QualityMarks?)null)));
    }

    [Fact]
    public void Compute_UnknownPolicy_IsRefused() =>
        Assert.Equal("policy", Assert.Throws<ArgumentOutOfRangeException>(() => QualityAggregate.Compute([], (FailedJudgements)9)).ParamName);

    private static QualityJudgement Item(params QualityMarks?[] samples) => new()
    {
        Samples = [.. samples.Select(marks => new QualitySample(marks, marks is null ? "No." : null, null, [], null))],
        PromptVersion = "quality-v1",
        Temperature = 0.5f,
    };
}
