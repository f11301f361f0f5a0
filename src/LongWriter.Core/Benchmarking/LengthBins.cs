using System.Globalization;

namespace LongWriter.Benchmarking;

/// <summary>Bins of required lengths by their lower edges: half-open, the last one open above.</summary>
/// <remarks>
/// Source: the bins [0, 500), [500, 2k), [2k, 4k), [4k, 20k] of LongBench-Write. Difference: there the last bin is closed at 20,000, the largest label;
/// here it is open, so that a longer item of another suite has a bin as well.
/// </remarks>
public static class LengthBins
{
    /// <summary>The bin that a required length belongs to.</summary>
    /// <param name="edges">Lower edges, ascending, from 0; one or more.</param>
    /// <param name="requiredWords">The length, 0 or more.</param>
    /// <returns>Place of the bin, from 0.</returns>
    public static int IndexOf(IReadOnlyList<int> edges, int requiredWords)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentOutOfRangeException.ThrowIfNegative(requiredWords);
        int bin = 0;
        while (bin + 1 < edges.Count && requiredWords >= edges[bin + 1])
        {
            bin++;
        }

        return bin;
    }

    /// <summary>Such as "[500, 2000)", and "4000+" for the last bin.</summary>
    /// <param name="edges">Lower edges, ascending, from 0; one or more.</param>
    /// <param name="bin">Place of the bin, from 0.</param>
    /// <returns>Its name, invariant culture.</returns>
    public static string NameOf(IReadOnlyList<int> edges, int bin)
    {
        ArgumentNullException.ThrowIfNull(edges);
        return bin + 1 < edges.Count
            ? string.Create(CultureInfo.InvariantCulture, $"[{edges[bin]}, {edges[bin + 1]})")
            : string.Create(CultureInfo.InvariantCulture, $"{edges[bin]}+");
    }
}
