namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Maps values to pixels. A value beyond the scale, such as 0 on a logarithmic one, is drawn at its edge.</summary>
internal sealed class PlotScale
{
    private readonly bool isLogarithmic;
    private readonly double start;
    private readonly double end;

    private PlotScale(double low, double high, double from, double to, bool logarithmic)
    {
        (Low, High, start, end, isLogarithmic) = (low, high, from, to, logarithmic);
    }

    public double Low { get; }

    public double High { get; }

    public static PlotScale Linear(double low, double high, double from, double to) => new(low, high > low ? high : low + 1, from, to, false);

    public static PlotScale Logarithmic(double low, double high, double from, double to) => new(low, high > low ? high : low * 10, from, to, true);

    public double At(double value)
    {
        double clamped = Math.Clamp(value, Low, High);
        double share = isLogarithmic ? Math.Log(clamped / Low) / Math.Log(High / Low) : (clamped - Low) / (High - Low);
        return start + share * (end - start);
    }

    public IReadOnlyList<double> Ticks(int most) => isLogarithmic ? PlotTicks.Logarithmic(Low, High, most) : PlotTicks.Linear(Low, High, most);
}
