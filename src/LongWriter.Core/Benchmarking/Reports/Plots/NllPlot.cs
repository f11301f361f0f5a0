using static LongWriter.Benchmarking.Reports.Plots.PlotText;

namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Cumulative mean negative log-likelihood along the texts: a thin curve for each text, a bold one for their mean.</summary>
internal static class NllPlot
{
    private const double AreaHeight = 280;
    private const int MostCurves = 60;
    private const int MostPoints = 60;

    public static PlotName Name { get; } = new(
        "plot-nll", "Negative log-likelihood", "Line chart: tokens read on the x axis, cumulative mean negative log-likelihood in nats per token on the y axis, a curve for each text and a bold one for their mean.");

    public static string CaptionOf(BenchmarkReport report) =>
        "Thin curves are texts; bold ones are means of the longer half of the texts, up to the median length. Lower is more predictable, which is not better by itself: repetition lowers it, too."
        + LengthPlot.ThinnedOf(report.Subjects.Max(subject => Thinning.StrideFor(CurvesOf(subject).Length, MostCurves)));

    public static void Draw(Markup markup, BenchmarkReport report, IReadOnlyList<PlotSeries> series)
    {
        (PlotSeries Series, IReadOnlyList<NllPoint>[] Curves)[] all = [.. series.Zip(report.Subjects).Select(pair => (pair.First, CurvesOf(pair.Second))).Where(pair => pair.Item2.Length > 0)];
        NllPoint[] points = [.. all.SelectMany(entry => entry.Curves).SelectMany(curve => curve)];
        PlotFrame frame = PlotFrame.Open(markup, Name, [.. all.Select(entry => entry.Series)], AreaHeight);
        (double low, double high) = Range(points);
        PlotScale x = PlotScale.Linear(0, points.Max(point => point.Tokens), frame.Left, PlotFrame.Right);
        PlotScale y = PlotScale.Linear(low, high, frame.Bottom, frame.Top);
        PlotAxes.X(frame, x, 6, "Tokens read");
        PlotAxes.Y(frame, y, 6, "Nats per token, cumulative mean");
        foreach ((PlotSeries line, IReadOnlyList<NllPoint>[] curves) in all)
        {
            foreach (IReadOnlyList<NllPoint> curve in Thinning.Every(curves, Thinning.StrideFor(curves.Length, MostCurves)))
            {
                Curve(markup, $"thin {line.Line}", Shorten(curve), x, y, tip: null);
            }

            markup.Line();
        }

        // Bold curves last, above all thin ones.
        foreach ((PlotSeries line, IReadOnlyList<NllPoint>[] curves) in all)
        {
            IReadOnlyList<NllPoint> mean = NllMean.Of(curves, MostPoints);
            Curve(markup, $"bold {line.Line}", mean, x, y, $"{line.Label}: mean of the longer half of {ReportNumbers.Count(curves.Length)} texts");
            PlotMark.Draw(markup, line, x.At(mean[^1].Tokens), y.At(mean[^1].MeanNll), 5, $"{line.Label}: {ReportNumbers.Fine(mean[^1].MeanNll)} after {ReportNumbers.Count(mean[^1].Tokens)} tokens");
        }

        frame.Close();
    }

    private static IReadOnlyList<NllPoint>[] CurvesOf(SubjectReport subject) => [.. subject.TextReports.Where(text => text.Nll is { Count: > 0 }).Select(text => text.Nll!)];

    private static (double Low, double High) Range(NllPoint[] points)
    {
        (double low, double high) = (points.Min(point => point.MeanNll), points.Max(point => point.MeanNll));
        double step = PlotTicks.LinearStep(Math.Max(high - low, 1e-3) / 6);
        return (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step);
    }

    private static IReadOnlyList<NllPoint> Shorten(IReadOnlyList<NllPoint> curve)
    {
        int stride = Thinning.StrideFor(curve.Count, MostPoints);
        return (curve.Count - 1) % stride == 0 ? Thinning.Every(curve, stride) : [.. Thinning.Every(curve, stride), curve[^1]];
    }

    // A short text has one point, which a line would not show.
    private static void Curve(Markup markup, string css, IReadOnlyList<NllPoint> curve, PlotScale x, PlotScale y, string? tip)
    {
        if (curve.Count == 1)
        {
            markup.Empty("circle", ("class", css), ("cx", Coordinate(x.At(curve[0].Tokens))), ("cy", Coordinate(y.At(curve[0].MeanNll))), ("r", "1.5"));
            return;
        }

        string points = string.Join(' ', curve.Select(point => $"{Coordinate(x.At(point.Tokens))},{Coordinate(y.At(point.MeanNll))}"));
        if (tip is null)
        {
            markup.Empty("polyline", ("class", css), ("points", points));
        }
        else
        {
            markup.Open("polyline", ("class", css), ("points", points)).Element("title", tip).Close();
        }
    }
}
