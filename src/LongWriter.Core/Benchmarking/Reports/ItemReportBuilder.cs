using System.Globalization;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Takes the numbers of one result.</summary>
internal static class ItemReportBuilder
{
    public static ItemReport Build(BenchmarkResult result, ReportOptions options) => new()
    {
        Id = result.Id,
        Repeat = result.Repeat,
        Seed = result.Seed,
        Language = result.Language,
        Type = result.Type,
        PromptExcerpt = PromptExcerpt.Of(result.Prompt),
        Required = result.Required,
        Produced = result.Produced,
        Ratio = (double)result.Produced / result.Required,
        LengthScore = LengthScoreOf(result, options.LengthScorer),
        End = result.End,
        Failure = result.Failure,
        Seconds = Finite(result.Seconds),
        Usage = result.Usage,
        LanguageMismatch = LanguageCheck.IsMismatch(result.Language, result.Text),
        Marks = MarksOf(result.Judgement),
        JudgeFailure = result.Judgement?.Failure,
        Sections = result.Sections,
        Nll = result.Nll is null ? null : [.. result.Nll.Where(point => double.IsFinite(point.MeanNll))],
        Diagnostics = DiagnosticsOf(result, options),
    };

    private static double LengthScoreOf(BenchmarkResult result, ILengthScorer scorer)
    {
        LengthUnit unit = result.Language == "zh" ? LengthUnit.Characters : LengthUnit.Words;
        double score = scorer.Score(LengthTarget.Equal(result.Required, unit, WordCounter.Compatible), result.Produced).Score;
        return double.IsFinite(score)
            ? score
            : throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"{scorer.Name} must give a finite score but gave {score} for {result.Produced} of {result.Required}."));
    }

    private static DimensionMark[]? MarksOf(QualityJudgement? judgement) => judgement is null or { Failure: not null }
        ? null
        : [.. QualityAverages.Dimensions.Select(dimension => new DimensionMark(dimension, judgement.Mean(dimension)!.Value))];

    // Sorted, so that the same values give the same bytes however the delegate builds its dictionary.
    private static SortedDictionary<string, double?>? DiagnosticsOf(BenchmarkResult result, ReportOptions options)
    {
        if (options.Diagnostics is null)
        {
            return null;
        }

        SortedDictionary<string, double?> values = new(StringComparer.Ordinal);
        foreach ((string name, double? value) in options.Diagnostics(result))
        {
            values[name] = value is { } known ? Finite(known) : null;
        }

        return values;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
