using static LongWriter.Benchmarking.Reports.Plots.PlotText;

namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>The mark of a series: its colour and its shape, with what it stands for as a tip.</summary>
internal static class PlotMark
{
    public static void Draw(Markup markup, PlotSeries series, double x, double y, double radius, string? tip = null, bool hollow = false, string? css = null)
    {
        string classes = css ?? (hollow ? $"open {series.Line}" : $"mark {series.Fill}");
        ReadOnlySpan<(string, string)> circle = [("class", classes), ("cx", Coordinate(x)), ("cy", Coordinate(y)), ("r", Coordinate(radius))];
        ReadOnlySpan<(string, string)> path = [("class", classes), ("d", PathOf(series.Shape, x, y, radius))];
        string name = series.Shape == 0 ? "circle" : "path";
        ReadOnlySpan<(string, string)> attributes = series.Shape == 0 ? circle : path;
        if (tip is null)
        {
            markup.Empty(name, attributes);
        }
        else
        {
            markup.Open(name, attributes).Element("title", tip).Close();
        }
    }

    // Corners on a circle of radius 1; sizes are chosen so that all shapes look equally large.
    private static string PathOf(int shape, double x, double y, double radius)
    {
        (double X, double Y)[] corners = shape switch
        {
            1 => [(-.88, -.88), (.88, -.88), (.88, .88), (-.88, .88)],
            2 => [(0, -1.25), (1.15, .8), (-1.15, .8)],
            3 => [(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)],
            4 => [(0, 1.25), (1.15, -.8), (-1.15, -.8)],
            5 => Cross(0),
            6 => Cross(Math.PI / 4),
            _ => [(-1.3, -.6), (1.3, -.6), (1.3, .6), (-1.3, .6)],
        };
        return "M" + string.Join('L', corners.Select(corner => $"{Coordinate(x + corner.X * radius)} {Coordinate(y + corner.Y * radius)}")) + "Z";
    }

    private static (double X, double Y)[] Cross(double turn)
    {
        (double X, double Y)[] upright =
        [
            (-.4, -1.25), (.4, -1.25), (.4, -.4), (1.25, -.4), (1.25, .4), (.4, .4), (.4, 1.25), (-.4, 1.25), (-.4, .4), (-1.25, .4), (-1.25, -.4), (-.4, -.4),
        ];
        return [.. upright.Select(corner => (corner.X * Math.Cos(turn) - corner.Y * Math.Sin(turn), corner.X * Math.Sin(turn) + corner.Y * Math.Cos(turn)))];
    }
}
