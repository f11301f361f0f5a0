namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>The mean of curves of different lengths.</summary>
internal static class NllMean
{
    /// <summary>
    /// At evenly spaced token counts, between the points of each curve by straight lines. It begins where half of the curves have begun and ends
    /// at the median length: outside, a mean over few texts would look like a trend.
    /// </summary>
    /// <param name="curves">One or more curves of one or more points, tokens ascending.</param>
    /// <param name="points">Points of the mean, 2 or more.</param>
    /// <returns>The mean; a single point when it has no extent.</returns>
    public static IReadOnlyList<NllPoint> Of(IReadOnlyList<IReadOnlyList<NllPoint>> curves, int points)
    {
        int first = curves.Select(curve => curve[0].Tokens).Order().ElementAt((curves.Count - 1) / 2);
        int last = curves.Select(curve => curve[^1].Tokens).Order().ElementAt(curves.Count / 2);
        int[] places = [.. Enumerable.Range(0, points).Select(index => first + (int)((long)(last - first) * index / (points - 1))).Distinct()];
        List<NllPoint> mean = [];
        foreach (int place in places)
        {
            double[] values = [.. curves.Where(curve => curve[0].Tokens <= place && curve[^1].Tokens >= place).Select(curve => At(curve, place))];
            if (values.Length > 0)
            {
                mean.Add(new NllPoint(place, values.Average()));
            }
        }

        return mean;
    }

    private static double At(IReadOnlyList<NllPoint> curve, int tokens)
    {
        int after = 0;
        while (curve[after].Tokens < tokens)
        {
            after++;
        }

        if (after == 0 || curve[after].Tokens == tokens)
        {
            return curve[after].MeanNll;
        }

        (NllPoint left, NllPoint right) = (curve[after - 1], curve[after]);
        double share = (double)(tokens - left.Tokens) / (right.Tokens - left.Tokens);
        return left.MeanNll + share * (right.MeanNll - left.MeanNll);
    }
}
