namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>A subject in a plot. Colour and shape change together for the first eight; after them the shapes move on by one, so 64 subjects differ.</summary>
internal readonly record struct PlotSeries(string Label, int Index)
{
    private const int Kinds = 8;

    public string Fill => "f" + Digit(Index % Kinds);

    public string Line => "l" + Digit(Index % Kinds);

    public int Shape => (Index + Index / Kinds) % Kinds;

    private static string Digit(int value) => ((char)('0' + value)).ToString();
}
