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
        ItemReport[] items = [.. results.Select(result => ItemReportBuilder.Build(result, options))];
        int[] produced = [.. items.Select(item => item.Produced)];
        IReadOnlyList<RepeatSpread> spread = SpreadOf(items);
        return new SubjectReport
        {
            Label = label,
            Run = runName,
            Manifest = manifest.Subjects.FirstOrDefault(subject => subject.Name == name),
            Expected = manifest.Items * manifest.Repeats,
            Texts = items.Length,
            Failed = items.Count(item => item.Failure is not null),
            Length = LengthOf(items),
            Quality = QualityAverages.Of(results.Select(result => result.Judgement)),
            Bins = [.. Enumerable.Range(0, bins.Count).Select(bin => Group(bins.Name(bin), [.. items.Where(item => bins.IndexOf(item.Required) == bin)]))],
            Types = GroupsBy(items, item => item.Type),
            Languages = GroupsBy(items, item => item.Language),
            MeanProduced = Statistics.Mean([.. produced.Select(length => (double)length)]),
            MedianProduced = Statistics.Median([.. produced.Select(length => (double)length)]),
            ProducedByRequired = [.. items.GroupBy(item => item.Required).OrderBy(group => group.Key).Select(AtLength)],
            Spread = spread,
            LengthVariation = Statistics.Mean([.. spread.Where(item => item.Mean > 0).Select(item => item.StandardDeviation / item.Mean)]),
            Ends = [.. items.GroupBy(item => item.End).OrderBy(group => group.Key).Select(group => new EndCount(group.Key, group.Count(), group.Count(item => item.Failure is not null)))],
            Diagnostics = DiagnosticMeans(items),
            LanguageMismatches = items.Count(item => item.LanguageMismatch == true),
            Sections = SectionsOf(items),
            Nll = NllOf(items),
            Seconds = items.Any(item => item.Seconds is not null) ? items.Sum(item => item.Seconds) : null,
            Usage = UsageOf(items),
            Items = items,
        };
    }

    private static IReadOnlyList<GroupScore> GroupsBy(IEnumerable<ItemReport> items, Func<ItemReport, string> key) =>
        [.. items.GroupBy(key, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Group(group.Key, [.. group]))];

    private static GroupScore Group(string name, IReadOnlyList<ItemReport> items) => new(
        name, items.Count, items.Count(item => item.Failure is not null), LengthOf(items), Statistics.Mean([.. items.Select(item => (double)item.Produced)]));

    // Repeats of an item are not independent, so the standard error is taken over items.
    private static MeanScore? LengthOf(IReadOnlyList<ItemReport> items)
    {
        double[] means = [.. items.GroupBy(item => item.Id, StringComparer.Ordinal).Select(group => group.Average(item => item.LengthScore))];
        return means.Length == 0 ? null : new MeanScore(means.Average(), Statistics.StandardError(means), means.Length);
    }

    private static ProducedAtLength AtLength(IGrouping<int, ItemReport> items) =>
        new(items.Key, items.Count(), items.Average(item => item.Produced), items.Max(item => item.Produced));

    private static IReadOnlyList<RepeatSpread> SpreadOf(IEnumerable<ItemReport> items) =>
    [
        .. from item in items
           group item by (item.Id, item.Required) into texts
           where texts.Count() > 1
           let lengths = texts.Select(text => (double)text.Produced).ToArray()
           select new RepeatSpread(
               texts.Key.Id, texts.Key.Required, lengths.Length, lengths.Average(), Statistics.StandardDeviation(lengths)!.Value, texts.Min(text => text.Produced), texts.Max(text => text.Produced)),
    ];

    private static IReadOnlyList<DiagnosticMean> DiagnosticMeans(IEnumerable<ItemReport> items) =>
    [
        .. items.Where(item => item.Diagnostics is not null)
            .SelectMany(item => item.Diagnostics!)
            .Where(diagnostic => diagnostic.Value is not null)
            .GroupBy(diagnostic => diagnostic.Key, diagnostic => diagnostic.Value!.Value, StringComparer.Ordinal)
            .OrderBy(values => values.Key, StringComparer.Ordinal)
            .Select(values => new DiagnosticMean(values.Key, values.Count(), values.Average())),
    ];

    private static SectionFit? SectionsOf(IEnumerable<ItemReport> items)
    {
        double[] ratios = [.. items.SelectMany(item => item.Sections).Where(section => section.Asked > 0).Select(section => (double)section.Written / section.Asked)];
        return ratios.Length == 0 ? null : new SectionFit(ratios.Length, Statistics.Median(ratios)!.Value, ratios.Average(ratio => Math.Abs(ratio - 1)));
    }

    private static NllFigures? NllOf(IEnumerable<ItemReport> items)
    {
        NllPoint[] ends = [.. items.Where(item => item.Nll is { Count: > 0 }).Select(item => item.Nll![^1])];
        return ends.Length == 0 ? null : new NllFigures(ends.Length, ends.Average(end => end.Tokens), ends.Average(end => end.MeanNll));
    }

    // A client that reports nothing leaves zeros: no tokens at all means unknown.
    private static TokenUsage? UsageOf(IEnumerable<ItemReport> items)
    {
        TokenUsage sum = items.Aggregate(default(TokenUsage), (total, item) => total + item.Usage);
        return sum.InputTokens + sum.OutputTokens == 0 ? null : sum;
    }
}
