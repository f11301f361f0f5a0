namespace LongWriter.Throughput;

/// <summary>Order statistics of measured values.</summary>
internal static class Percentiles
{
    public static double Median(IEnumerable<double> values) => At(values, 0.5);

    /// <summary>The value at a share of the order, between neighbours by straight line.</summary>
    /// <param name="values">One or more.</param>
    /// <param name="share">Range [0, 1].</param>
    public static double At(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
