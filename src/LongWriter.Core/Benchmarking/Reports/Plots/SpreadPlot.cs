using static LongWriter.Benchmarking.Reports.Plots.PlotText;

namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Spread of lengths over repeats: a panel for each subject, a line from shortest to longest for each item, its mean marked.</summary>
internal static class SpreadPlot
{
    private const double PanelHeight = 118;
    private const double PanelGap = 30;
    private const double LeastLabelGap = 34;

    public const string Caption = "A line for each item, from its shortest to its longest text over its required length, with the mean marked; items by required length, the same in all panels.";

    public static PlotName Name { get; } = new(
        "plot-spread", "Spread over repeats", "Range plot, a panel for each subject: for each item the shortest, mean and longest produced length over the required length, logarithmic.");

    public static void Draw(Markup markup, BenchmarkReport report, IReadOnlyList<PlotSeries> series)
    {
        (PlotSeries Series, IReadOnlyList<RepeatSpread> Spread)[] panels =
        [
            .. series.Zip(report.Subjects).Where(pair => pair.Second.Spread.Count > 0).Select(pair => (pair.First, pair.Second.Spread)),
        ];
        (string Id, int Required)[] items =
        [
            .. panels.SelectMany(panel => panel.Spread).Select(spread => (spread.Id, spread.Required)).Distinct().OrderBy(item => item.Required).ThenBy(item => item.Id, StringComparer.Ordinal),
        ];

        // Panels are labelled, so there is no legend.
        PlotFrame frame = PlotFrame.Open(markup, Name, [], panels.Length * (PanelHeight + PanelGap) - PanelGap, left: 46);
        PlotScale x = PlotScale.Linear(-0.5, items.Length - 0.5, frame.Left + 4, PlotFrame.Right - 4);
        (double low, double high) = Range(panels.SelectMany(panel => panel.Spread));
        for (int index = 0; index < panels.Length; index++)
        {
            double top = frame.Top + index * (PanelHeight + PanelGap);
            PlotScale y = PlotScale.Logarithmic(low, high, top + PanelHeight, top);
            DrawPanel(frame, panels[index].Series, panels[index].Spread, items, x, y);
        }

        BinLabels(frame, report.Runs[0].Manifest.BinEdges, items, x);
        PlotAxes.Title(frame, "Items, by required length");
        frame.Close();
    }

    private static void DrawPanel(PlotFrame frame, PlotSeries series, IReadOnlyList<RepeatSpread> spread, (string Id, int Required)[] items, PlotScale x, PlotScale y)
    {
        Markup markup = frame.Markup;
        (double bottom, double top) = (y.At(y.Low), y.At(y.High));
        PlotMark.Draw(markup, series, 10, top - 14, 4.5);
        PlotAxes.Text(markup, Fit($"{series.Label}: produced / required", PlotFrame.Right - 24), 20, top - 10, "start", "soft");
        PlotAxes.YTicks(frame, y, 6);
        PlotAxes.Line(markup, "ideal", frame.Left, y.At(1), PlotFrame.Right, y.At(1));
        PlotAxes.Line(markup, "axis", frame.Left, bottom, frame.Left, top);
        PlotAxes.Line(markup, "axis", frame.Left, bottom, PlotFrame.Right, bottom);
        Dictionary<(string, int), int> places = items.Select((item, place) => (item, place)).ToDictionary(pair => pair.item, pair => pair.place);
        double radius = Math.Clamp((PlotFrame.Right - frame.Left) / items.Length * 0.55, 1.4, 4.5);
        foreach (RepeatSpread item in spread)
        {
            double across = x.At(places[(item.Id, item.Required)]);
            double required = item.Required;
            PlotAxes.Line(markup, $"range {series.Line}", across, y.At(item.Minimum / required), across, y.At(item.Maximum / required));
            PlotMark.Draw(
                markup, series, across, y.At(item.Mean / required), radius,
                $"{series.Label}: {item.Id}, required {ReportNumbers.Count(item.Required)}, produced {ReportNumbers.Count(item.Minimum)} to {ReportNumbers.Count(item.Maximum)}, "
                    + $"mean {ReportNumbers.Count(item.Mean)} ± {ReportNumbers.Count(item.StandardDeviation)}",
                css: series.Fill);
        }

        markup.Line();
    }

    // The first length of each bin, as far as the labels have room.
    private static void BinLabels(PlotFrame frame, IReadOnlyList<int> edges, (string Id, int Required)[] items, PlotScale x)
    {
        double free = double.NegativeInfinity;
        foreach (int edge in edges)
        {
            int first = Array.FindIndex(items, item => item.Required >= edge);
            if (first < 0)
            {
                continue;
            }

            double across = x.At(first - 0.5);
            PlotAxes.Line(frame.Markup, "grid", across, frame.Top, across, frame.Bottom + 4);
            if (across - free >= LeastLabelGap && across <= PlotFrame.Right - LeastLabelGap)
            {
                PlotAxes.Text(frame.Markup, $"{Compact(items[first].Required)} →", across, frame.Bottom + 17, "start");
                free = across;
            }
        }
    }

    // A text of length 0 has no place on a logarithmic axis; it is drawn at the lower edge, which is a hundredth at most.
    private static (double Low, double High) Range(IEnumerable<RepeatSpread> spread)
    {
        double[] ratios = [.. spread.SelectMany(item => new[] { (double)item.Minimum / item.Required, (double)item.Maximum / item.Required }).Where(ratio => ratio > 0)];
        double low = Math.Min(0.5, ratios.Length == 0 ? 0.5 : Math.Max(0.01, PlotTicks.LogarithmicFloor(ratios.Min())));
        return (low, Math.Max(2, ratios.Length == 0 ? 2 : PlotTicks.LogarithmicCeiling(ratios.Max())));
    }
}
