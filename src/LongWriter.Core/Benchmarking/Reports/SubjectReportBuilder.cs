using LongWriter.Scoring;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Computes the figures of every subject of a run.</summary>
internal static class SubjectReportBuilder
{
    public static IEnumerable<SubjectReport> Build(BenchmarkRun run, string runName, bool severalRuns, LengthBins bins, ReportOptions options)
    {
        // A subject that only the results name is reported too: nothing that was measured disappears.
        IEnumerable<string> names = run.Manifest.Subjects.Select(subject => subject.Name).Concat(run.Results.Select(result => result.Subject)).Distinct(StringComparer.Ordinal);
        ILookup<string, BenchmarkResult> results = run.Results.ToLookup(result => result.Subject, StringComparer.Ordinal);
        return names.Select(name => Subject(run.Manifest, runName, severalRuns ? $"{runName}/{name}" : name, name, [.. results[name]], bins, options));
    }

    private static SubjectReport Subject(
        RunManifest manifest, string runName, string label, string name, IReadOnlyList<BenchmarkResult> results, LengthBins bins, ReportOptions options)
    {
        TextReport[] texts = [.. results.Select(result => TextReportBuilder.Build(result, options))];
        int[] produced = [.. texts.Select(text => text.Produced)];
        IReadOnlyList<RepeatSpread> spread = SpreadOf(texts);
        return new SubjectReport
        {
            Label = label,
            Run = runName,
            Manifest = manifest.Subjects.FirstOrDefault(subject => subject.Name == name),
            Expected = manifest.Items * manifest.Repeats,
            Texts = texts.Length,
            Failed = texts.Count(text => text.Failure is not null),
            Length = LengthOf(texts),
            Quality = QualityOf(results, options.FailedJudgements, isRepeated: spread.Count > 0),
            Bins = [.. Enumerable.Range(0, bins.Count).Select(bin => Group(bins.Name(bin), [.. texts.Where(text => bins.IndexOf(text.Required) == bin)]))],
            Types = GroupsBy(texts, text => text.Type),
            Languages = GroupsBy(texts, text => text.Language),
            MeanProduced = Statistics.Mean([.. produced.Select(length => (double)length)]),
            MedianProduced = Statistics.Median([.. produced.Select(length => (double)length)]),
            ProducedByRequired = [.. texts.GroupBy(text => text.Required).OrderBy(group => group.Key).Select(AtLength)],
            Spread = spread,
            LengthVariation = Statistics.Mean([.. spread.Where(item => item.Mean > 0).Select(item => item.StandardDeviation / item.Mean)]),
            Ends = [.. texts.GroupBy(text => text.End).OrderBy(group => group.Key).Select(group => new EndCount(group.Key, group.Count(), group.Count(text => text.Failure is not null)))],
            Problems = [.. texts.SelectMany(text => text.Problems).CountBy(problem => problem).OrderBy(count => count.Key).Select(count => new ProblemCount(count.Key, count.Value))],
            Diagnostics = DiagnosticMeans.Of(texts),
            Sections = SectionsOf(texts),
            Nll = NllOf(texts),
            Seconds = texts.Any(text => text.Seconds is not null) ? texts.Sum(text => text.Seconds) : null,
            Usage = UsageOf(texts),
            DiscardedTokens = UsageOf(texts) is null ? null : texts.Sum(text => text.DiscardedTokens),
            TextReports = texts,
        };
    }

    private static IReadOnlyList<GroupScore> GroupsBy(IEnumerable<TextReport> texts, Func<TextReport, string> key) =>
        [.. texts.GroupBy(key, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Group(group.Key, [.. group]))];

    private static GroupScore Group(string name, IReadOnlyList<TextReport> texts) => new(
        name, texts.Count, texts.Count(text => text.Failure is not null), LengthOf(texts), Statistics.Mean([.. texts.Select(text => (double)text.Produced)]));

    // Repeats of an item are not independent, so the standard error is taken over items.
    private static MeanScore? LengthOf(IReadOnlyList<TextReport> texts)
    {
        double[] means = [.. texts.GroupBy(text => text.Id, StringComparer.Ordinal).Select(group => group.Average(text => text.LengthScore))];
        return means.Length == 0 ? null : new MeanScore(means.Average(), Statistics.StandardError(means), means.Length);
    }

    private static ProducedAtLength AtLength(IGrouping<int, TextReport> texts) =>
        new(texts.Key, texts.Count(), texts.Average(text => text.Produced), texts.Max(text => text.Produced));

    private static IReadOnlyList<RepeatSpread> SpreadOf(IEnumerable<TextReport> texts) =>
    [
        .. from text in texts
           group text by (text.Id, text.Required) into item
           where item.Count() > 1
           let lengths = item.Select(text => (double)text.Produced).ToArray()
           select new RepeatSpread(
               item.Key.Id, item.Key.Required, lengths.Length, lengths.Average(), Statistics.StandardDeviation(lengths)!.Value, item.Min(text => text.Produced), item.Max(text => text.Produced)),
    ];

    private static QualityScores? QualityOf(IReadOnlyList<BenchmarkResult> results, FailedJudgements policy, bool isRepeated)
    {
        QualityJudgement[] judgements = [.. results.Select(result => result.Judgement).OfType<QualityJudgement>()];
        if (judgements.Length == 0)
        {
            return null;
        }

        QualityScores scores = QualityAggregate.Compute(judgements, policy);
        return isRepeated ? scores with { StandardError = null } : scores;
    }

    private static SectionFit? SectionsOf(IEnumerable<TextReport> texts)
    {
        double[] ratios = [.. texts.SelectMany(text => text.Sections).Where(section => section.Asked > 0).Select(section => (double)section.Written / section.Asked)];
        return ratios.Length == 0 ? null : new SectionFit(ratios.Length, Statistics.Median(ratios)!.Value, ratios.Average(ratio => Math.Abs(ratio - 1)));
    }

    private static NllFigures? NllOf(IEnumerable<TextReport> texts)
    {
        NllPoint[] ends = [.. texts.Where(text => text.Nll is { Count: > 0 }).Select(text => text.Nll![^1])];
        return ends.Length == 0 ? null : new NllFigures(ends.Length, ends.Average(end => end.Tokens), ends.Average(end => end.MeanNll));
    }

    // A client that reports nothing leaves zeros: no tokens at all means unknown.
    private static TokenUsage? UsageOf(IEnumerable<TextReport> texts)
    {
        TokenUsage sum = texts.Aggregate(default(TokenUsage), (total, text) => total + text.Usage);
        return sum.InputTokens + sum.OutputTokens == 0 ? null : sum;
    }
}
