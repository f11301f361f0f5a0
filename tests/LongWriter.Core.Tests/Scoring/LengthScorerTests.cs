using FsCheck;
using FsCheck.Fluent;
using LongWriter.Scoring;

namespace LongWriter.Tests.Scoring;

public sealed class LengthScorerTests
{
    // Worked out by hand as fractions from the formula as the paper states it.
    [Theory]
    [InlineData(0, 1, 0.0)]
    [InlineData(1, 5, 0.0)]
    [InlineData(1, 3, 0.0)]
    [InlineData(2, 5, 25.0)]
    [InlineData(1, 2, 50.0)]
    [InlineData(3, 5, 200.0 / 3)]
    [InlineData(7, 10, 550.0 / 7)]
    [InlineData(4, 5, 87.5)]
    [InlineData(9, 10, 850.0 / 9)]
    [InlineData(1, 1, 100.0)]
    [InlineData(11, 10, 290.0 / 3)]
    [InlineData(6, 5, 280.0 / 3)]
    [InlineData(3, 2, 250.0 / 3)]
    [InlineData(2, 1, 200.0 / 3)]
    [InlineData(3, 1, 100.0 / 3)]
    [InlineData(4, 1, 0.0)]
    [InlineData(9, 1, 0.0)]
    public void Paper_VectorsOfTheSource_AreMet(int produced, int required, double expected)
    {
        LengthScore score = LengthScorers.Paper.Score(LengthTarget.Equal(required * 1_000), produced * 1_000);

        Assert.Equal(expected, score.Score, 1e-9);
        Assert.Equal(new LengthScore(score.Score, required * 1_000, produced * 1_000, "S_l"), score);
        Assert.Equal(expected, LengthFormula.S_l(required * 1_000, produced * 1_000), 1e-9);
    }

    [Theory]
    [InlineData(0.2, 0)]
    [InlineData(0.4, 25)]
    [InlineData(0.6, 66.67)]
    [InlineData(0.7, 78.57)]
    [InlineData(0.9, 94.44)]
    [InlineData(1.1, 96.67)]
    [InlineData(1.2, 93.33)]
    [InlineData(1.5, 83.33)]
    public void S_l_PrintedVectors_AgreeToTheirTwoDecimals(double ratio, double printed) =>
        Assert.Equal(printed, LengthFormula.S_l(1, ratio), 0.005);

    [Fact]
    public void Paper_Bounds_AreScoredAsEqualities()
    {
        Assert.Equal(200.0 / 3, LengthScorers.Paper.Score(LengthTarget.AtLeast(500), 1_000).Score, 1e-9);
        Assert.Equal(50, LengthScorers.Paper.Score(LengthTarget.AtMost(500), 250).Score, 1e-9);
        Assert.Equal(100, LengthScorers.Paper.Score(LengthTarget.Between(300, 400), 400).Score, 1e-9);
    }

    [Fact]
    public void TargetKind_AllowedSide_LosesNothing()
    {
        Assert.Equal(100, LengthScorers.TargetKind.Score(LengthTarget.AtLeast(500), 999_999).Score);
        Assert.Equal(100, LengthScorers.TargetKind.Score(LengthTarget.AtMost(500), 1).Score);
        Assert.Equal(100, LengthScorers.TargetKind.Score(LengthTarget.Between(300, 400), 300).Score);
        Assert.Equal(100, LengthScorers.TargetKind.Score(LengthTarget.Between(300, 400), 400).Score);
    }

    [Fact]
    public void TargetKind_BeyondTheEdge_HasThePapersSlopes()
    {
        Assert.Equal(50, LengthScorers.TargetKind.Score(LengthTarget.AtLeast(500), 250).Score, 1e-9);
        Assert.Equal(200.0 / 3, LengthScorers.TargetKind.Score(LengthTarget.AtMost(500), 1_000).Score, 1e-9);
        Assert.Equal(50, LengthScorers.TargetKind.Score(LengthTarget.Between(300, 400), 150).Score, 1e-9);
        Assert.Equal(200.0 / 3, LengthScorers.TargetKind.Score(LengthTarget.Between(300, 400), 800).Score, 1e-9);
        Assert.Equal(87.5, LengthScorers.TargetKind.Score(LengthTarget.Equal(1_000), 800).Score, 1e-9);
    }

    [Theory]
    [InlineData(150, 50)]
    [InlineData(270, 90)]
    [InlineData(300, 100)]
    [InlineData(400, 100)]
    [InlineData(1_000, 50)]
    [InlineData(1_600, 0)]
    [InlineData(5_000, 0)]
    public void LongWriterZero_Range_IsTheReward(int produced, double expected) =>
        Assert.Equal(expected, LengthScorers.LongWriterZero.Score(LengthTarget.Between(300, 400), produced).Score, 1e-9);

    [Fact]
    public void LongWriterZero_OtherKinds_HaveTheDocumentedRange()
    {
        Assert.Equal(100, LengthScorers.LongWriterZero.Score(LengthTarget.Equal(1_000), 900).Score, 1e-9);
        Assert.Equal(100, LengthScorers.LongWriterZero.Score(LengthTarget.Equal(1_000), 1_100).Score, 1e-9);
        Assert.Equal(50, LengthScorers.LongWriterZero.Score(LengthTarget.Equal(1_000), 450).Score, 1e-9);
        Assert.Equal(100, LengthScorers.LongWriterZero.Score(LengthTarget.AtLeast(500), 50_000).Score);
        Assert.Equal(80, LengthScorers.LongWriterZero.Score(LengthTarget.AtLeast(500), 400).Score, 1e-9);
        Assert.Equal(100, LengthScorers.LongWriterZero.Score(LengthTarget.AtMost(500), 1).Score);
    }

    [Fact]
    public void Score_EmptyOutput_IsZeroForEveryKindAndScorer()
    {
        LengthTarget[] targets = [LengthTarget.Equal(5), LengthTarget.AtLeast(5), LengthTarget.AtMost(5), LengthTarget.Between(5, 9)];

        Assert.All(Scorers, scorer => Assert.All(targets, target => Assert.Equal(0, scorer.Score(target, "").Score)));
    }

    [Fact]
    public void Score_Text_IsCountedByTheTargetsCounter()
    {
        LengthScore score = LengthScorers.Paper.Score(LengthTarget.Equal(6, LengthUnit.Characters), "我爱中国和China");

        // The compatible counter loses Latin words that touch Chinese; the default one does not.
        Assert.Equal((6, 100.0), (score.ProducedWords, score.Score));
        Assert.Equal(5, LengthScorers.Paper.Score(LengthTarget.Equal(6, LengthUnit.Characters, WordCounter.Compatible), "我爱中国和China").ProducedWords);
    }

    [Fact]
    public void Scorers_NamesAndSources_AreStated()
    {
        Assert.Equal(["S_l", "S_l-kind", "range-reward"], Scorers.Select(scorer => scorer.Name));
        Assert.All(Scorers, scorer => Assert.True(scorer.Source.Length > 40, scorer.Source));
    }

    [Fact]
    public void Formulas_ImpossibleLengths_AreRefusedByName()
    {
        Assert.Equal("producedWords", Assert.Throws<ArgumentOutOfRangeException>(() => LengthScorers.Paper.Score(LengthTarget.Equal(5), -1)).ParamName);
        Assert.Equal("required", Assert.Throws<ArgumentOutOfRangeException>(() => LengthFormula.S_l(0, 1)).ParamName);
        Assert.Equal("produced", Assert.Throws<ArgumentOutOfRangeException>(() => LengthFormula.S_l(1, double.NaN)).ParamName);
        Assert.Equal("minimum", Assert.Throws<ArgumentOutOfRangeException>(() => LengthFormula.BetweenEdges(9, 5, 1)).ParamName);
        Assert.Equal("limit", Assert.Throws<ArgumentOutOfRangeException>(() => LengthFormula.RangeReward(1, 5, 5, 1)).ParamName);
    }

    [Fact]
    public void Score_AnyLengths_IsBetweenZeroAndHundredAndNeverRisesAwayFromTheTarget() => Prop.ForAll(
        (from value in Gen.Choose(1, 30_000) from produced in Gen.Choose(1, 90_000) select (value, produced)).ToArbitrary(), static pair =>
        {
            (int value, int produced) = pair;
            LengthTarget[] targets = [LengthTarget.Equal(value), LengthTarget.AtLeast(value), LengthTarget.AtMost(value), LengthTarget.Between(value, 2 * value)];
            return Scorers.All(scorer => targets.All(target =>
            {
                int farther = produced > target.Value ? produced + 1 : Math.Max(0, produced - 1);
                double here = scorer.Score(target, produced).Score;
                return here is >= 0 and <= 100 && scorer.Score(target, farther).Score <= here + 1e-9;
            }));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithReplay(20_240_813UL, 11UL));

    private static ILengthScorer[] Scorers => [LengthScorers.Paper, LengthScorers.TargetKind, LengthScorers.LongWriterZero];
}
