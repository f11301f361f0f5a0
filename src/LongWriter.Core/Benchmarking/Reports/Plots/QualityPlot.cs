using LongWriter.Scoring;

namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>S_q and its six dimensions as dots on common scales, which compare better than the area of a radar.</summary>
internal static class QualityPlot
{
    private const double RowHeight = 40;
    private const double LabelWidth = 142;
    private const double MostSpread = 24;

    public static string CaptionOf(BenchmarkReport report) => "0 to 100, by a judge model that leaves length out of account."
        + (report.Subjects.Any(subject => subject.Quality?.StandardError is not null) ? " The line is one standard error of S_q each way." : string.Empty);

    public static PlotName Name { get; } = new(
        "plot-quality", "Quality", "Dot plot: S_q and its six dimensions, 0 to 100, one row each, one mark for each subject that was judged.");

    public static void Draw(Markup markup, BenchmarkReport report, IReadOnlyList<PlotSeries> series)
    {
        (PlotSeries Series, QualityScores Quality)[] judged =
        [
            .. series.Zip(report.Subjects).Where(pair => pair.Second.Quality?.Sq is not null).Select(pair => (pair.First, pair.Second.Quality!)),
        ];
        int rows = QualityDimensions.All.Count + 1;
        PlotFrame frame = PlotFrame.Open(markup, Name, [.. judged.Select(pair => pair.Series)], rows * RowHeight, LabelWidth);
        PlotScale x = PlotScale.Linear(0, 100, frame.Left, PlotFrame.Right);
        PlotAxes.X(frame, x, 5, "Score, 0 to 100");
        for (int row = 0; row < rows; row++)
        {
            QualityDimension? dimension = row == 0 ? null : QualityDimensions.All[row - 1];
            DrawRow(frame, x, judged, dimension, frame.Top + RowHeight * (row + 0.5));
        }

        frame.Close();
    }

    private static void DrawRow(PlotFrame frame, PlotScale x, (PlotSeries Series, QualityScores Quality)[] judged, QualityDimension? dimension, double y)
    {
        string name = dimension is { } known ? ReportWording.NameOf(known) : "S_q, mean of the six";
        PlotAxes.Line(frame.Markup, "grid", frame.Left, y, PlotFrame.Right, y);
        PlotAxes.Text(frame.Markup, name, frame.Left - 8, y + 4, "end", dimension is null ? "ink" : "soft");
        double step = Math.Min(9, MostSpread / judged.Length);
        for (int index = 0; index < judged.Length; index++)
        {
            (PlotSeries series, QualityScores quality) = judged[index];
            double score = dimension is { } one ? quality.Dimensions[one] : quality.Sq!.Value;
            double offset = (index - (judged.Length - 1) / 2.0) * step;
            if (dimension is null && quality.StandardError is { } error)
            {
                PlotAxes.Line(frame.Markup, $"range {series.Line}", x.At(score - error), y + offset, x.At(score + error), y + offset);
            }

            PlotMark.Draw(frame.Markup, series, x.At(score), y + offset, 5, $"{series.Label}: {name} {ReportNumbers.Score(score)}");
        }

        frame.Markup.Line();
    }
}
