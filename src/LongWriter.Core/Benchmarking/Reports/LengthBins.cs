using System.Globalization;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Half-open bins of required lengths; the last one is open above, since LongBench-Write's 20,000 belongs to it.</summary>
internal sealed class LengthBins(IReadOnlyList<int> lowerEdges)
{
    private readonly int[] _edges = lowerEdges.Count == 0 ? [0] : [.. lowerEdges];

    public int Count => _edges.Length;

    // A length below the first edge, which a suite should not have, is counted in the first bin rather than lost.
    public int IndexOf(int required) => Math.Max(0, Array.FindLastIndex(_edges, edge => edge <= required));

    public string Name(int bin) => bin == _edges.Length - 1
        ? string.Create(CultureInfo.InvariantCulture, $"{_edges[bin]:N0}+")
        : string.Create(CultureInfo.InvariantCulture, $"{_edges[bin]:N0}–{_edges[bin + 1] - 1:N0}");
}
