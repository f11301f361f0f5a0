using static LongWriter.Benchmarking.Reports.Plots.PlotText;

namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Mean length score by bin of required length: grouped bars with standard errors and counts.</summary>
internal static class BinPlot
{
    private const double AreaHeight = 260;
    private const double WidestBar = 44;
    private const double RoomBelow = 76;
    private const double FirstLine = 16;
    private const double LineHeight = 14;

    public const string Caption = "Means over items; the lines are one standard error each way, n the number of texts of each subject.";

    public static PlotName NameOf(BenchmarkReport report) => new(
        "plot-bins", $"{report.LengthScorer} by required length", $"Bar chart: mean {report.LengthScorer}, 0 to 100, of each subject in each bin of required lengths.");

    public static void Draw(Markup markup, BenchmarkReport report, IReadOnlyList<PlotSeries> series)
    {
        PlotFrame frame = PlotFrame.Open(markup, NameOf(report), series, AreaHeight, roomBelow: RoomBelow);
        PlotScale y = PlotScale.Linear(0, 100, frame.Bottom, frame.Top);
        PlotAxes.Y(frame, y, 5, report.LengthScorer);
        int bins = report.Subjects[0].Bins.Count;
        double band = (PlotFrame.Right - frame.Left) / bins;
        double bar = Math.Min(WidestBar, band * 0.8 / series.Count);

        // "2,000–3,999" goes over two lines where it must, so that six bins fit.
        int nameLines = report.Subjects[0].Bins.Any(bin => Width(bin.Name) > band) ? 2 : 1;
        for (int bin = 0; bin < bins; bin++)
        {
            double middle = frame.Left + band * (bin + 0.5);
            Label(frame, report, bin, middle, band, nameLines);
            for (int subject = 0; subject < series.Count; subject++)
            {
                GroupScore group = report.Subjects[subject].Bins[bin];
                if (group.Length is not null)
                {
                    Bar(frame, y, series[subject], group, report.LengthScorer, middle + (subject - series.Count / 2.0) * bar, bar);
                }
            }

            markup.Line();
        }

        PlotAxes.Line(markup, "axis", frame.Left, frame.Bottom, PlotFrame.Right, frame.Bottom);
        PlotAxes.Title(frame, "Required, words or 字", below: 68);
        frame.Close();
    }

    private static void Bar(PlotFrame frame, PlotScale y, PlotSeries series, GroupScore group, string scorer, double left, double width)
    {
        Markup markup = frame.Markup;
        MeanScore length = group.Length!;
        double top = y.At(length.Mean);
        markup.Open("g").Element("title", $"{series.Label}, {group.Name}: {scorer} {ReportNumbers.Score(length)}, {ReportNumbers.Count(group.Texts)} texts, {ReportNumbers.Count(group.Failed)} failed");
        double gap = Math.Min(1, width / 8);
        markup.Empty(
            "rect", ("class", series.Fill), ("x", Coordinate(left + gap)), ("y", Coordinate(top)), ("width", Coordinate(width - 2 * gap)), ("height", Coordinate(frame.Bottom - top)));
        if (width >= 12)
        {
            // The shape repeats at the foot of the bar what its colour says; above a bar too low for it, it shows that there is one.
            bool fits = frame.Bottom - top >= 16;
            PlotMark.Draw(markup, series, left + width / 2, fits ? frame.Bottom - 9 : top - 7, 3.4, css: fits ? "inside" : series.Fill);
        }

        if (length.StandardError is { } error)
        {
            ErrorBar(markup, left + width / 2, y.At(length.Mean - error), y.At(length.Mean + error), Math.Min(4, width / 3));
        }

        markup.Close();
    }

    private static void ErrorBar(Markup markup, double x, double low, double high, double half) => markup.Empty(
        "path", ("class", "error"), ("d", $"M{Coordinate(x)} {Coordinate(low)}V{Coordinate(high)}M{Coordinate(x - half)} {Coordinate(low)}h{Coordinate(2 * half)}M{Coordinate(x - half)} {Coordinate(high)}h{Coordinate(2 * half)}"));

    private static void Label(PlotFrame frame, BenchmarkReport report, int bin, double x, double band, int nameLines)
    {
        string name = report.Subjects[0].Bins[bin].Name;
        string[] lines = nameLines == 1 ? [name] : name.Replace("–", "–\n", StringComparison.Ordinal).Split('\n');
        for (int line = 0; line < lines.Length; line++)
        {
            PlotAxes.Text(frame.Markup, Fit(lines[line], band), x, frame.Bottom + FirstLine + (LineHeight * line), "middle");
        }

        string counts = string.Join('/', report.Subjects.Select(subject => ReportNumbers.Count(subject.Bins[bin].Texts)).Distinct(StringComparer.Ordinal));
        PlotAxes.Text(frame.Markup, Fit($"n {counts}", band), x, frame.Bottom + FirstLine + 2 + (LineHeight * nameLines), "middle", "soft");
    }
}
