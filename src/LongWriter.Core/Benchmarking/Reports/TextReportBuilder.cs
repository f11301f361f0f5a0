using System.Globalization;
using LongWriter.Scoring;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Takes the numbers of one result.</summary>
internal static class TextReportBuilder
{
    public static TextReport Build(BenchmarkResult result, ReportOptions options)
    {
        var report = new TextReport
        {
            Id = result.Id,
            Repeat = result.Repeat,
            Seed = result.Seed,
            Language = result.Language,
            Type = result.Type,
            PromptExcerpt = Excerpt.Beginning(result.Prompt),
            Opening = Excerpt.Beginning(result.Text),
            Closing = Excerpt.Ending(result.Text),
            Required = result.Required,
            Produced = result.Produced,
            Ratio = (double)result.Produced / result.Required,
            LengthScore = LengthScoreOf(result, options.LengthScorer),
            Quality = result.Judgement is null ? null : QualityAggregate.Compute(result.Judgement),
            Marks = MarksOf(result.Judgement),
            JudgeFailure = result.Judgement?.Failure,
            End = result.End,
            Failure = result.Failure,
            Problems = [],
            Diagnostics = TextDiagnostics.Measure(result.Text, sections: null, result.Language, result.End),
            Seconds = double.IsFinite(result.Seconds) ? result.Seconds : null,
            Usage = result.Usage,
            DiscardedTokens = result.DiscardedTokens,
            Sections = result.Sections,
            Nll = result.Nll is null ? null : [.. result.Nll.Where(point => double.IsFinite(point.MeanNll))],
            NllFailure = result.NllFailure,
        };
        return report with { Problems = TextProblems.Of(report) };
    }

    private static double LengthScoreOf(BenchmarkResult result, ILengthScorer scorer)
    {
        LengthUnit unit = result.Language == SuiteLanguage.Chinese ? LengthUnit.Characters : LengthUnit.Words;
        double score = scorer.Score(LengthTarget.Equal(result.Required, unit, WordCounter.Compatible), result.Produced).Score;
        return double.IsFinite(score)
            ? score
            : throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"{scorer.Name} must give a finite score but gave {score} for {result.Produced} of {result.Required}."));
    }

    private static DimensionMark[]? MarksOf(QualityJudgement? judgement) => judgement is null or { Failure: not null }
        ? null
        : [.. QualityDimensions.All.Select(dimension => new DimensionMark(dimension, judgement.Mean(dimension)!.Value))];
}
