namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Required against produced length, on the axes of the paper's figure, 50 to 25,000, which grow where the data goes beyond.</summary>
internal static class LengthPlot
{
    private const int MostPoints = 1500;
    private const int LeastTextsOfALength = 3;

    public static PlotName Name { get; } = new(
        "plot-lengths", "Required and produced length", "Scatter plot, one mark for each text: required length on the x axis, produced length on the y axis, both logarithmic.");

    public static string CaptionOf(BenchmarkReport report)
    {
        TextReport[] texts = [.. report.Subjects.SelectMany(subject => subject.TextReports)];
        int hollow = texts.Count(text => text.Failure is not null || text.Produced == 0);
        int empty = texts.Count(text => text.Produced == 0);
        return "One mark for each text; on the dashed line it has the required length."
            + (report.Subjects.Any(subject => MeansOf(subject).Count > 1) ? " Lines join the means at each required length." : string.Empty)
            + (hollow == 0 ? string.Empty : $" Hollow marks: {ReportNumbers.Count(hollow)} failed or empty{(empty == 0 ? string.Empty : ", the empty ones at the lower edge")}.")
            + ThinnedOf(StrideOf(report));
    }

    public static string ThinnedOf(int stride) => stride == 1 ? string.Empty : $" One in {ReportNumbers.Count(stride)} is drawn.";

    public static void Draw(Markup markup, BenchmarkReport report, IReadOnlyList<PlotSeries> series)
    {
        int stride = StrideOf(report);
        LengthPoints[] points =
        [
            .. report.Subjects.Select((subject, index) => new LengthPoints(
                series[index], [.. Thinning.Every(subject.TextReports, stride).Select(text => Point(subject, text))], MeansOf(subject))),
        ];
        LogScatter.Draw(markup, Name, points, ("Required, words or 字", "Produced, words or 字"), (50, 25_000), 3.4);
    }

    /// <summary>The paper's curve of LongWrite-Ruler; none where too few texts share a length for it to mean anything.</summary>
    private static IReadOnlyList<ProducedAtLength> MeansOf(SubjectReport subject) =>
        subject.Texts >= LeastTextsOfALength * subject.ProducedByRequired.Count ? subject.ProducedByRequired : [];

    private static int StrideOf(BenchmarkReport report) => Thinning.StrideFor(report.Subjects.Max(subject => subject.Texts), MostPoints);

    private static LengthPoint Point(SubjectReport subject, TextReport text) => new(
        text.Required,
        text.Produced,
        text.Failure is not null,
        $"{subject.Label}: {text.Id}, required {ReportNumbers.Count(text.Required)}, produced {ReportNumbers.Count(text.Produced)} ({ReportNumbers.Ratio(text.Ratio)}), "
            + $"{ReportNumbers.Score(text.LengthScore)}{(text.Failure is null ? string.Empty : ", failed")}");
}
