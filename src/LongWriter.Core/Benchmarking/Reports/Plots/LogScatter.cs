namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>A point: what was asked for, what came, whether it failed, and the tip that names it.</summary>
internal readonly record struct LengthPoint(int Asked, int Came, bool Failed, string Tip);

/// <summary>The points of a series, and the means that a line joins; no line where there are none.</summary>
internal readonly record struct LengthPoints(PlotSeries Series, IReadOnlyList<LengthPoint> Points, IReadOnlyList<ProducedAtLength> Means);

/// <summary>Asked against came, both logarithmic, with the diagonal on which they agree.</summary>
internal static class LogScatter
{
    private const double AreaHeight = 290;

    // A lone length still gets an axis of some width.
    private const double LeastSpan = 10;

    /// <param name="markup">Where to draw.</param>
    /// <param name="name">Name of the plot.</param>
    /// <param name="data">The series.</param>
    /// <param name="titles">Titles of the axes.</param>
    /// <param name="least">Range that the axes cover at least; null leaves it to the data.</param>
    /// <param name="radius">Size of the marks.</param>
    public static void Draw(Markup markup, PlotName name, IReadOnlyList<LengthPoints> data, (string X, string Y) titles, (double Low, double High)? least, double radius)
    {
        PlotFrame frame = PlotFrame.Open(markup, name, [.. data.Select(points => points.Series)], AreaHeight);
        int[] asked = [.. data.SelectMany(points => points.Points).Select(point => point.Asked)];
        int[] came = [.. data.SelectMany(points => points.Points).Select(point => point.Came)];

        // Axes that the data makes are alike, so that the ideal runs from corner to corner; given ones grow each by itself.
        (double lowX, double highX) = Range(least is null ? [.. asked, .. came] : asked, least);
        (double lowY, double highY) = least is null ? (lowX, highX) : Range(came, least);
        PlotScale x = PlotScale.Logarithmic(lowX, highX, frame.Left, PlotFrame.Right);
        PlotScale y = PlotScale.Logarithmic(lowY, highY, frame.Bottom, frame.Top);
        PlotAxes.X(frame, x, 10, titles.X);
        PlotAxes.Y(frame, y, 10, titles.Y);
        (double low, double high) = (Math.Max(lowX, lowY), Math.Min(highX, highY));
        if (low < high)
        {
            PlotAxes.Line(markup, "ideal", x.At(low), y.At(low), x.At(high), y.At(high));
        }

        foreach (LengthPoints points in data)
        {
            foreach (LengthPoint point in points.Points)
            {
                PlotMark.Draw(markup, points.Series, x.At(point.Asked), y.At(point.Came), radius, point.Tip, hollow: point.Failed || point.Came == 0);
            }

            markup.Line();
        }

        foreach (LengthPoints points in data.Where(points => points.Means.Count > 1))
        {
            string line = string.Join(' ', points.Means.Select(mean => $"{PlotText.Coordinate(x.At(mean.Required))},{PlotText.Coordinate(y.At(mean.MeanProduced))}"));
            markup.Open("polyline", ("class", $"bold {points.Series.Line}"), ("points", line)).Element("title", $"{points.Series.Label}: mean produced length").Close().Line();
        }

        frame.Close();
    }

    private static (double Low, double High) Range(int[] lengths, (double Low, double High)? least)
    {
        double[] positive = [.. lengths.Where(length => length > 0).Select(length => (double)length)];
        double low = positive.Length == 0 ? least?.Low ?? 1 : positive.Min();
        double high = positive.Length == 0 ? least?.High ?? LeastSpan : positive.Max();
        low = least?.Low <= low ? least.Value.Low : PlotTicks.LogarithmicFloor(low);
        high = least?.High >= high ? least.Value.High : PlotTicks.LogarithmicCeiling(high);
        return (low, Math.Max(high, low * LeastSpan));
    }
}
