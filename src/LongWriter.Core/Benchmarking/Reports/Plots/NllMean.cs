namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>The mean of curves of different lengths.</summary>
internal static class NllMean
{
    /// <summary>
    /// The mean of the longer half: of the curves that reach the median length, up to there, at evenly spaced token counts between the points of
    /// each curve by straight lines. All of them take part all along; a mean over whatever goes on would step where a text ends.
    /// </summary>
    /// <param name="curves">One or more curves of one or more points, tokens ascending.</param>
    /// <param name="points">Points of the mean, 2 or more.</param>
    /// <returns>The mean; a single point when it has no extent.</returns>
    public static IReadOnlyList<NllPoint> Of(IReadOnlyList<IReadOnlyList<NllPoint>> curves, int points)
    {
        int last = curves.Select(curve => curve[^1].Tokens).Order().ElementAt(curves.Count / 2);
        IReadOnlyList<NllPoint>[] longer = [.. curves.Where(curve => curve[^1].Tokens >= last)];
        int first = Math.Min(last, longer.Max(curve => curve[0].Tokens));
        IEnumerable<int> places = Enumerable.Range(0, points).Select(index => first + (int)((long)(last - first) * index / (points - 1))).Distinct();
        return [.. places.Select(place => new NllPoint(place, longer.Average(curve => At(curve, place))))];
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
