namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>What a plot is called, for readers and for screen readers.</summary>
/// <param name="Id">Unique on the page.</param>
/// <param name="Title">Short name.</param>
/// <param name="Description">What it shows, for those who do not see it.</param>
internal sealed record PlotName(string Id, string Title, string Description);

/// <summary>An svg element with its legend drawn and its drawing area known, in pixels of the view box.</summary>
internal sealed class PlotFrame
{
    /// <summary>Narrow, so that text stays readable when a phone shrinks the plot.</summary>
    public const double Width = 460;

    /// <summary>Right edge of the drawing area.</summary>
    public const double Right = Width - RoomRight;

    private const double RoomAbove = 24;
    private const double RoomBelow = 44;
    private const double RoomRight = 16;

    private PlotFrame(Markup markup, double left, double top, double bottom)
    {
        (Markup, Left, Top, Bottom) = (markup, left, top, bottom);
    }

    public Markup Markup { get; }

    public double Left { get; }

    public double Top { get; }

    public double Bottom { get; }

    public static PlotFrame Open(Markup markup, PlotName name, IReadOnlyList<PlotSeries> series, double areaHeight, double left = 46, double roomBelow = RoomBelow)
    {
        double top = PlotLegend.HeightOf(series, Width) + RoomAbove;
        double height = top + areaHeight + roomBelow;
        string titleId = name.Id + "-title";
        string descriptionId = name.Id + "-desc";
        markup.Open(
            "svg", ("id", name.Id), ("viewBox", $"0 0 {PlotText.Coordinate(Width)} {PlotText.Coordinate(height)}"), ("role", "img"), ("aria-labelledby", $"{titleId} {descriptionId}"));
        markup.Element("title", name.Title, ("id", titleId)).Element("desc", name.Description, ("id", descriptionId)).Line();
        PlotLegend.Draw(markup, series, Width);
        markup.Line();
        return new PlotFrame(markup, left, top, top + areaHeight);
    }

    public void Close() => Markup.Close().Line();
}
