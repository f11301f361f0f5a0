namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Maps values to pixels. A value beyond the scale, such as 0 on a logarithmic one, is drawn at its edge.</summary>
internal sealed class PlotScale
{
    private readonly bool _logarithmic;
    private readonly double _from;
    private readonly double _to;

    private PlotScale(double low, double high, double from, double to, bool logarithmic)
    {
        (Low, High, _from, _to, _logarithmic) = (low, high, from, to, logarithmic);
    }

    public double Low { get; }

    public double High { get; }

    public static PlotScale Linear(double low, double high, double from, double to) => new(low, high > low ? high : low + 1, from, to, false);

    public static PlotScale Logarithmic(double low, double high, double from, double to) => new(low, high > low ? high : low * 10, from, to, true);

    public double At(double value)
    {
        double clamped = Math.Clamp(value, Low, High);
        double share = _logarithmic ? Math.Log(clamped / Low) / Math.Log(High / Low) : (clamped - Low) / (High - Low);
        return _from + share * (_to - _from);
    }

    public IReadOnlyList<double> Ticks(int most) => _logarithmic ? PlotTicks.Logarithmic(Low, High, most) : PlotTicks.Linear(Low, High, most);
}
