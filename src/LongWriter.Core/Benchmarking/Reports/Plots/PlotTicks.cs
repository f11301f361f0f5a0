namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Ticks at 1, 2 and 5 times powers of ten.</summary>
internal static class PlotTicks
{
    private static readonly double[] Steps = [1, 2, 5];

    public static IReadOnlyList<double> Linear(double low, double high, int most)
    {
        double step = LinearStep((high - low) / most);
        long first = (long)Math.Ceiling(low / step - 1e-9);
        long last = (long)Math.Floor(high / step + 1e-9);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(index => Clean((first + index) * step))];
    }

    /// <summary>All of them when there is room, else powers of ten only, else every second or third of these.</summary>
    public static IReadOnlyList<double> Logarithmic(double low, double high, int most)
    {
        int firstPower = (int)Math.Floor(Math.Log10(low) + 1e-9);
        int lastPower = (int)Math.Floor(Math.Log10(high) + 1e-9);
        double[] all = [.. Powers(1).SelectMany(power => Steps.Select(step => Clean(step * Math.Pow(10, power)))).Where(IsInside)];
        int stride = 1;
        while (all.Length > most)
        {
            all = [.. Powers(stride++).Select(power => Clean(Math.Pow(10, power))).Where(IsInside)];
        }

        return all;

        IEnumerable<int> Powers(int every) => Enumerable.Range(firstPower, lastPower - firstPower + 1).Where(power => (power - firstPower) % every == 0);
        bool IsInside(double value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
    }

    /// <summary>The largest tick that is not above <paramref name="value"/>, which is positive.</summary>
    public static double LogarithmicFloor(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-9));
        return Clean(Steps.Last(step => step == 1 || step * power <= value * (1 + 1e-9)) * power);
    }

    /// <summary>The smallest tick that is not below <paramref name="value"/>, which is positive.</summary>
    public static double LogarithmicCeiling(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-9));
        double[] above = [.. Steps.Append(10).Where(step => step * power >= value * (1 - 1e-9))];
        return Clean(above[0] * power);
    }

    public static double LinearStep(double atLeast)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        return Steps.Append(10).First(step => step * power >= atLeast * (1 - 1e-9)) * power;
    }

    // 3 * 0.1 is 0.30000000000000004.
    private static double Clean(double value) => double.Parse(value.ToString("G12", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
