namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Names the series in rows above the plot, where it covers no data. One series needs no legend.</summary>
internal static class PlotLegend
{
    private const double RowHeight = 18;
    private const double MarkWidth = 16;
    private const double Gap = 14;
    private const double MaxLabelWidth = 200;

    public static double HeightOf(IReadOnlyList<PlotSeries> series, double width) => series.Count < 2 ? 0 : Rows(series, width).Count * RowHeight + 4;

    public static void Draw(Markup markup, IReadOnlyList<PlotSeries> series, double width)
    {
        if (series.Count < 2)
        {
            return;
        }

        double y = RowHeight / 2 + 2;
        foreach (IReadOnlyList<PlotSeries> row in Rows(series, width))
        {
            double x = 8;
            foreach (PlotSeries entry in row)
            {
                PlotMark.Draw(markup, entry, x, y, 4.5);
                markup.Element("text", LabelOf(entry), ("x", PlotText.Coordinate(x + 10)), ("y", PlotText.Coordinate(y + 4)));
                x += WidthOf(entry);
            }

            y += RowHeight;
        }
    }

    private static List<List<PlotSeries>> Rows(IReadOnlyList<PlotSeries> series, double width)
    {
        List<List<PlotSeries>> rows = [[]];
        double used = 0;
        foreach (PlotSeries entry in series)
        {
            double needed = WidthOf(entry);
            if (used + needed > width && rows[^1].Count > 0)
            {
                rows.Add([]);
                used = 0;
            }

            rows[^1].Add(entry);
            used += needed;
        }

        return rows;
    }

    private static string LabelOf(PlotSeries entry) => PlotText.FitMiddle(entry.Label, MaxLabelWidth);

    private static double WidthOf(PlotSeries entry) => MarkWidth + PlotText.Width(LabelOf(entry)) + Gap;
}
