namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Sections as asked for against sections as written.</summary>
internal static class SectionPlot
{
    private const int MostPoints = 800;

    public static PlotName Name { get; } = new(
        "plot-sections", "Sections as asked and as written", "Scatter plot, one mark for each section: words asked for on the x axis, words written on the y axis, both logarithmic.");

    public static string CaptionOf(BenchmarkReport report) =>
        "One mark for each section; on the dashed line it met its budget." + LengthPlot.ThinnedOf(StrideOf(report));

    public static void Draw(Markup markup, BenchmarkReport report, IReadOnlyList<PlotSeries> series)
    {
        int stride = StrideOf(report);
        LengthPoints[] points =
        [
            .. report.Subjects
                .Select((subject, index) => new LengthPoints(series[index], Thinning.Every([.. subject.TextReports.SelectMany(text => Points(subject, text))], stride), []))
                .Where(sections => sections.Points.Count > 0),
        ];
        LogScatter.Draw(markup, Name, points, ("Asked, words or 字", "Written, words or 字"), least: null, 2.6);
    }

    private static int StrideOf(BenchmarkReport report) => Thinning.StrideFor(report.Subjects.Max(subject => subject.Sections?.Sections ?? 0), MostPoints);

    private static IEnumerable<LengthPoint> Points(SubjectReport subject, TextReport text) => text.Sections
        .Select((section, index) => new LengthPoint(
            section.Asked,
            section.Written,
            text.Failure is not null,
            $"{subject.Label}: {text.Id}, section {ReportNumbers.Count(index + 1)}, asked {ReportNumbers.Count(section.Asked)}, written {ReportNumbers.Count(section.Written)}"))
        .Where(point => point.Asked > 0);
}
