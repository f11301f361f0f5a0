namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Required against produced length, on the axes of the paper's figure, 50 to 25,000, which grow where the data goes beyond.</summary>
internal static class LengthPlot
{
    private const int MostPoints = 1500;

    public static PlotName Name { get; } = new(
        "plot-lengths", "Required and produced length", "Scatter plot, one mark for each text: required length on the x axis, produced length on the y axis, both logarithmic.");

    public static string CaptionOf(BenchmarkReport report)
    {
        int empty = report.Subjects.Sum(subject => subject.Items.Count(item => item.Produced == 0));
        return "One mark for each text; on the dashed line it has the required length."
            + (empty == 0 ? string.Empty : $" Hollow marks at the lower edge: {ReportNumbers.Count(empty)} of length 0.")
            + ThinnedOf(StrideOf(report));
    }

    public static string ThinnedOf(int stride) => stride == 1 ? string.Empty : $" Every {ReportNumbers.Count(stride)}th is drawn.";

    public static void Draw(Markup markup, BenchmarkReport report, IReadOnlyList<PlotSeries> series)
    {
        int stride = StrideOf(report);
        LengthPoints[] points = [.. report.Subjects.Select((subject, index) => new LengthPoints(series[index], [.. Thinning.Every(subject.Items, stride).Select(item => Point(subject, item))]))];
        LogScatter.Draw(markup, Name, points, ("Required, words or 字", "Produced, words or 字"), (50, 25_000), 3.4);
    }

    private static int StrideOf(BenchmarkReport report) => Thinning.StrideFor(report.Subjects.Max(subject => subject.Texts), MostPoints);

    private static LengthPoint Point(SubjectReport subject, ItemReport item) => new(
        item.Required,
        item.Produced,
        $"{subject.Label}: {item.Id}, required {ReportNumbers.Count(item.Required)}, produced {ReportNumbers.Count(item.Produced)} ({ReportNumbers.Ratio(item.Ratio)}), "
            + $"{ReportNumbers.Score(item.LengthScore)}{(item.Failure is null ? string.Empty : ", failed")}");
}
