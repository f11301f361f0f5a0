using System.Globalization;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Half-open bins of required lengths; the last one is open above, since LongBench-Write's 20,000 belongs to it.</summary>
internal sealed class LengthBins
{
    private readonly int[] edges;
    private readonly string[] names;

    /// <param name="lowerEdges">Lower edges, ascending; none makes one bin of everything.</param>
    /// <param name="lengths">The required lengths there are. Where every bin has one length, as in a ruler, it is the bin's name.</param>
    public LengthBins(IReadOnlyList<int> lowerEdges, IEnumerable<int> lengths)
    {
        edges = lowerEdges.Count == 0 ? [0] : [.. lowerEdges];
        int[] distinct = [.. lengths.Distinct().Order()];
        bool isRuler = distinct.Length == edges.Length && distinct.Skip(1).SequenceEqual(edges.Skip(1));
        names = [.. Enumerable.Range(0, edges.Length).Select(bin => isRuler ? Text(distinct[bin]) : RangeName(bin))];
    }

    public int Count => edges.Length;

    // A length below the first edge, which a suite should not have, is counted in the first bin rather than lost.
    public int IndexOf(int required) => Math.Max(0, Array.FindLastIndex(edges, edge => edge <= required));

    public string Name(int bin) => names[bin];

    private string RangeName(int bin) => bin == edges.Length - 1 ? $"{Text(edges[bin])}+" : $"{Text(edges[bin])}–{Text(edges[bin + 1] - 1)}";

    private static string Text(int length) => length.ToString("N0", CultureInfo.InvariantCulture);
}
