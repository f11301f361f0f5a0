using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;
using LongWriter.Scoring;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

public sealed class BenchmarkReportTests
{
    private static readonly BenchmarkRun Run = SyntheticRun.Create();
    private static readonly BenchmarkReport Report = BenchmarkReport.From([Run], SyntheticRun.Options);

    [Fact]
    public void From_LengthsAtHalfOneAndTwice_GivesThePapersScoresAndTheirError()
    {
        SubjectReport subject = Only(SyntheticRun.Plain("a", 1000, 500), SyntheticRun.Plain("b", 1000, 1000), SyntheticRun.Plain("c", 1000, 2000));

        Assert.Equal([50, 100, 66.6667], subject.TextReports.Select(text => Math.Round(text.LengthScore, 4)));
        Assert.Equal(72.2222, subject.Length!.Mean, 4);
        Assert.Equal(14.6986, subject.Length.StandardError!.Value, 4);
        Assert.Equal(3, subject.Length.Items);
        Assert.Equal(1166.6667, subject.MeanProduced!.Value, 4);
        Assert.Equal(1000, subject.MedianProduced);
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("chat")]
    public void From_RunOf120Items_GivesThePapersLengthScore(string name)
    {
        // All items have three texts, so the mean over items is the mean over texts.
        BenchmarkResult[] texts = TextsOf(name);
        double[] itemMeans = [.. SyntheticRun.Items.Select(item => texts.Where(text => text.Id == item.Id).Sum(Score) / 3)];
        double mean = texts.Sum(Score) / 360;
        double error = Math.Sqrt(itemMeans.Sum(value => Math.Pow(value - mean, 2)) / 119 / 120);

        MeanScore length = Subject(name).Length!;
        Assert.Equal(mean, length.Mean, 9);
        Assert.Equal(error, length.StandardError!.Value, 9);
        Assert.Equal((120, 360), (length.Items, Subject(name).Texts));
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("chat")]
    public void From_RunOf120Items_GivesThePapersBins(string name)
    {
        IReadOnlyList<GroupScore> bins = Subject(name).Bins;
        Assert.Equal(["0–499", "500–1,999", "2,000–3,999", "4,000+"], bins.Select(bin => bin.Name));
        Assert.Equal([78, 108, 93, 81], bins.Select(bin => bin.Texts));
        (int Low, int High)[] edges = [(0, 500), (500, 2000), (2000, 4000), (4000, int.MaxValue)];
        for (int bin = 0; bin < 4; bin++)
        {
            BenchmarkResult[] inside = [.. TextsOf(name).Where(text => text.Required >= edges[bin].Low && text.Required < edges[bin].High)];
            Assert.Equal(inside.Sum(Score) / inside.Length, bins[bin].Length!.Mean, 9);
            Assert.Equal(inside.Sum(text => text.Produced) / (double)inside.Length, bins[bin].MeanProduced!.Value, 9);
            Assert.Equal(inside.Count(text => text.Failure is not null), bins[bin].Failed);
        }
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("chat")]
    public void From_RunOf120Items_GivesThePapersQuality(string name)
    {
        QualityMarks[] marks = [.. TextsOf(name).Select(text => text.Judgement?.Samples[0].Marks).OfType<QualityMarks>()];
        double[] expected =
        [
            Score(mark => mark.Relevance), Score(mark => mark.Accuracy), Score(mark => mark.Coherence), Score(mark => mark.Clarity), Score(mark => mark.BreadthAndDepth), Score(mark => mark.ReadingExperience),
        ];

        QualityScores quality = Subject(name).Quality!;
        Assert.Equal(expected, quality.Dimensions.Values, (left, right) => Math.Abs(left - right) < 1e-9);
        Assert.Equal(expected.Sum() / 6, quality.Sq!.Value, 9);
        Assert.Equal((Subject(name).Length!.Mean + expected.Sum() / 6) / 2, Subject(name).Overall!.Value, 9);
        Assert.Equal(marks.Length, quality.Judged);
        Assert.Equal(TextsOf(name).Count(text => text.Judgement is not null) - marks.Length, quality.Failed);

        double Score(Func<QualityMarks, int> mark) => (marks.Sum(mark) / (double)marks.Length - 1) * 25;
    }

    [Fact]
    public void From_SeveralSamplesOfTheJudge_AveragesThemWithinTheText()
    {
        SubjectReport subject = Only(
            SyntheticRun.Plain("a", 100, 100) with { Judgement = SyntheticRun.Judgement([5, 5, 5, 5, 5, 5], [4, 5, 5, 5, 5, 5]) },
            SyntheticRun.Plain("b", 100, 100) with { Judgement = SyntheticRun.Judgement([1, 1, 1, 1, 1, 1]) });

        Assert.Equal(43.75, subject.Quality!.Dimensions[QualityDimension.Relevance]);
        Assert.Equal([4.5, 5, 5, 5, 5, 5], subject.TextReports[0].Marks!.Select(mark => mark.Mark));
    }

    [Fact]
    public void From_FailedTexts_CountWithWhatTheyLeft()
    {
        SubjectReport subject = Only(SyntheticRun.Plain("a", 1000, 500, failure: "Closed."), SyntheticRun.Plain("b", 1000, 0, failure: "Closed."), SyntheticRun.Plain("c", 1000, 1000));

        Assert.Equal(50, subject.Length!.Mean);
        Assert.Equal(2, subject.Failed);
        Assert.Equal([new EndCount(EndCause.Stop, 1, 0), new EndCount(EndCause.Error, 2, 2)], subject.Ends);
    }

    [Fact]
    public void From_ItemWrittenThreeTimes_CountsOnceAndHasASpread()
    {
        SubjectReport subject = Only(
            SyntheticRun.Plain("a", 100, 90), SyntheticRun.Plain("a", 100, 100, repeat: 1), SyntheticRun.Plain("a", 100, 110, repeat: 2), SyntheticRun.Plain("b", 100, 0));

        Assert.Equal([new RepeatSpread("a", 100, 3, 100, 10, 90, 110)], subject.Spread);
        Assert.Equal(0.1, subject.LengthVariation!.Value, 12);
        Assert.Equal(2, subject.Length!.Items);
        Assert.Equal((PaperLengthScorer.Of(100, 90) + 100 + PaperLengthScorer.Of(100, 110)) / 6, subject.Length.Mean, 9);
    }

    [Fact]
    public void From_SeveralTextsOfOneRequiredLength_GivesMeanAndLongest()
    {
        SubjectReport subject = Only(SyntheticRun.Plain("a", 2000, 900), SyntheticRun.Plain("b", 1000, 300), SyntheticRun.Plain("c", 2000, 1700));

        Assert.Equal([new ProducedAtLength(1000, 1, 300, 300), new ProducedAtLength(2000, 2, 1300, 1700)], subject.ProducedByRequired);
    }

    [Fact]
    public void From_RunOfARuler_NamesEachBinByItsLength()
    {
        BenchmarkRun run = SyntheticRun.Small(SyntheticRun.Plain("a", 1000, 900), SyntheticRun.Plain("b", 2000, 900));
        string[] whole = NamesOf(run with { Manifest = run.Manifest with { BinEdges = [0, 2000] } });
        string[] unfinished = NamesOf(run with { Manifest = run.Manifest with { BinEdges = [0, 2000, 5000] } });

        Assert.Equal(["1,000", "2,000"], whole);
        Assert.Equal(["0–1,999", "2,000–4,999", "5,000+"], unfinished);

        static string[] NamesOf(BenchmarkRun run) => [.. BenchmarkReport.From([run], SyntheticRun.Options).Subjects[0].Bins.Select(bin => bin.Name)];
    }

    [Fact]
    public void From_TypesAndLanguages_AreSortedAndComplete()
    {
        SubjectReport subject = Subject("agent");
        Assert.Equal(["en", "zh"], subject.Languages.Select(group => group.Name));
        Assert.Equal([180, 180], subject.Languages.Select(group => group.Texts));
        Assert.Equal(
            ["Academic and Monograph", "Community Forum", "Education and Training", "Functional Writing", "Literature and Creative Writing", "News Report", "Popular Science"],
            subject.Types.Select(group => group.Name));
        Assert.Equal(360, subject.Types.Sum(group => group.Texts));
    }

    [Fact]
    public void From_TextsInAnotherLanguage_AreCounted()
    {
        string english = string.Concat(Enumerable.Repeat("bridge ", 30));
        SubjectReport subject = Only(
            SyntheticRun.Plain("a", 30, 30) with { Language = "zh", Text = english },
            SyntheticRun.Plain("b", 30, 30) with { Language = "zh", Text = new string('桥', 30) },
            SyntheticRun.Plain("c", 30, 30) with { Text = new string('桥', 30) },
            SyntheticRun.Plain("d", 30, 30) with { Text = english },
            SyntheticRun.Plain("e", 30, 30) with { Text = "too short" });

        Assert.Equal([true, false, true, false, false], subject.TextReports.Select(text => text.Problems.Contains(TextProblem.OtherLanguage)));
        Assert.Contains(new ProblemCount(TextProblem.OtherLanguage, 2), subject.Problems);
    }

    [Fact]
    public void From_Sections_GivesTheirFit()
    {
        SubjectReport subject = Only(SyntheticRun.Plain("a", 600, 500) with { Sections = [new(200, 100), new(200, 220), new(200, 180), new(0, 50)] });

        Assert.Equal(3, subject.Sections!.Sections);
        Assert.Equal(0.9, subject.Sections.MedianRatio, 12);
        Assert.Equal(0.7 / 3, subject.Sections.MeanDeviation, 12);
    }

    [Fact]
    public void From_Diagnostics_AreAveragedOverTextsThatHaveThem()
    {
        SubjectReport subject = Only(
            SyntheticRun.Plain("a", 9, 9) with { Text = "One two three four five six." }, SyntheticRun.Plain("b", 9, 9) with { Text = "No end" }, SyntheticRun.Plain("c", 9, 0));

        Assert.Equal(
            [new DiagnosticMean("Repeated 4-grams", 1, 0), new DiagnosticMean("Duplicate sentences", 1, 0), new DiagnosticMean("Summing-up sentences", 2, 0), new DiagnosticMean("Cut off", 2, 0.5)],
            subject.Diagnostics);
    }

    [Fact]
    public void From_TextsWithProblems_NamesAndCountsThem()
    {
        const string Sentence = "The same bridge stands over the same river. ";
        SubjectReport subject = Only(
            SyntheticRun.Plain("fine", 10, 8) with { Text = "All is well here." },
            SyntheticRun.Plain("short", 1000, 799) with { Text = "It stops in the" },
            SyntheticRun.Plain("long", 100, 126) with { Text = Sentence + Sentence, Judgement = SyntheticRun.Judgement([5, 5, 5, 5, 5, 2]) },
            SyntheticRun.Plain("limit", 100, 125) with { Text = "All.", End = EndCause.Length, Judgement = SyntheticRun.FailedJudgement() },
            SyntheticRun.Plain("lost", 100, 0, failure: "Closed."));

        Assert.Equal(
            ["", "CutOff TooShort", "TooLong Repetitive LowMark", "CutOff NotJudged", "Failed TooShort"],
            subject.TextReports.Select(text => string.Join(' ', text.Problems)));
        Assert.Equal(
            [new(TextProblem.Failed, 1), new(TextProblem.CutOff, 2), new(TextProblem.TooShort, 2), new(TextProblem.TooLong, 1), new(TextProblem.Repetitive, 1), new(TextProblem.LowMark, 1), new(TextProblem.NotJudged, 1)],
            subject.Problems);
    }

    [Theory]
    [InlineData(FailedJudgements.Exclude, 100.0)]
    [InlineData(FailedJudgements.ScoreThree, 75.0)]
    [InlineData(FailedJudgements.Fail, null)]
    public void From_FailedJudgement_CountsAsTheOptionsSay(FailedJudgements policy, double? expected)
    {
        BenchmarkRun run = SyntheticRun.Small(
            SyntheticRun.Plain("a", 100, 100) with { Judgement = SyntheticRun.Judgement([5, 5, 5, 5, 5, 5]) }, SyntheticRun.Plain("b", 100, 100) with { Judgement = SyntheticRun.FailedJudgement() });

        QualityScores quality = BenchmarkReport.From([run], SyntheticRun.Options with { FailedJudgements = policy }).Subjects[0].Quality!;
        Assert.Equal((expected, 1, 1, policy), (quality.Sq, quality.Judged, quality.Failed, quality.Policy));
    }

    [Fact]
    public void From_JudgedRepeats_HaveNoStandardError()
    {
        BenchmarkResult[] items = [.. Enumerable.Range(1, 2).Select(mark => SyntheticRun.Plain($"item-{mark}", 100, 100) with { Judgement = SyntheticRun.Judgement([mark, 1, 1, 1, 1, 1]) })];

        Assert.NotNull(Only(items).Quality!.StandardError);
        Assert.Null(Only([.. items, items[0] with { Repeat = 1 }]).Quality!.StandardError);
    }

    [Fact]
    public void From_TimeTokensAndCurves_AreSummedUp()
    {
        SubjectReport subject = Only(
            SyntheticRun.Plain("a", 9, 9) with { Nll = [new(10, 3), new(20, 2)] }, SyntheticRun.Plain("b", 9, 9) with { Nll = [new(10, 3), new(40, 1), new(50, double.NaN)] });

        Assert.Equal(4, subject.Seconds);
        Assert.Equal(new TokenUsage(200, 20, 100, 2), subject.Usage);
        Assert.Equal(new NllFigures(2, 30, 1.5), subject.Nll);
    }

    private static SubjectReport Subject(string name) => Report.Subjects.Single(subject => subject.Label == name);

    private static BenchmarkResult[] TextsOf(string name) => [.. Run.Results.Where(result => result.Subject == name)];

    private static double Score(BenchmarkResult text) => PaperLengthScorer.Of(text.Required, text.Produced);

    private static SubjectReport Only(params IReadOnlyList<BenchmarkResult> results) => BenchmarkReport.From([SyntheticRun.Small(results)], SyntheticRun.Options).Subjects.Single();
}
