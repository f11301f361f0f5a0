using static LongWriter.Benchmarking.Reports.Plots.PlotText;

namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Axes with grid lines, labels and titles. The title of the y axis lies above it, where it need not be turned.</summary>
internal static class PlotAxes
{
    public static void X(PlotFrame frame, PlotScale scale, int mostTicks, string title)
    {
        foreach (double tick in scale.Ticks(mostTicks))
        {
            double x = scale.At(tick);
            Line(frame.Markup, "grid", x, frame.Top, x, frame.Bottom);
            Text(frame.Markup, Compact(tick), x, frame.Bottom + 16, "middle");
        }

        Line(frame.Markup, "axis", frame.Left, frame.Bottom, PlotFrame.Right, frame.Bottom);
        Title(frame, title);
        frame.Markup.Line();
    }

    public static void Y(PlotFrame frame, PlotScale scale, int mostTicks, string title)
    {
        YTicks(frame, scale, mostTicks);
        Line(frame.Markup, "axis", frame.Left, frame.Top, frame.Left, frame.Bottom);
        Text(frame.Markup, title, 4, frame.Top - 10, "start", "soft");
        frame.Markup.Line();
    }

    public static void YTicks(PlotFrame frame, PlotScale scale, int mostTicks)
    {
        foreach (double tick in scale.Ticks(mostTicks))
        {
            double y = scale.At(tick);
            Line(frame.Markup, "grid", frame.Left, y, PlotFrame.Right, y);
            Text(frame.Markup, Compact(tick), frame.Left - 6, y + 4, "end");
        }
    }

    public static void Title(PlotFrame frame, string title, double below = 36) =>
        Text(frame.Markup, title, PlotFrame.Right, frame.Bottom + below, "end", "soft");

    public static void Line(Markup markup, string css, double x1, double y1, double x2, double y2) =>
        markup.Empty("line", ("class", css), ("x1", Coordinate(x1)), ("y1", Coordinate(y1)), ("x2", Coordinate(x2)), ("y2", Coordinate(y2)));

    public static void Text(Markup markup, string text, double x, double y, string anchor, string css = "ink") =>
        markup.Element("text", text, ("class", css), ("x", Coordinate(x)), ("y", Coordinate(y)), ("text-anchor", anchor));
}
