using System.Globalization;
using System.Text;

namespace LongWriter.Throughput.Peers;

/// <summary>The engine against llama.cpp as a Markdown table.</summary>
internal static class PeerReport
{
    public static string Format(ThroughputOptions options, IReadOnlyList<PeerSamples> rows, Machine machine)
    {
        var text = new StringBuilder();
        text.Append("| ours | llama.cpp | same likeliest token | context | prefill tokens/s, ours | llama.cpp | ratio | decode tokens/s, ours | llama.cpp | ratio |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (PeerSamples row in rows)
        {
            string theirs = row.Precision == "int4" ? "Q4_0" : "Q8_0";
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Precision}, {row.Profile} | {theirs} | {row.Agreement:P1} | {row.ContextTokens} | {Median(row.Ours, sample => sample.Prefill):F0} | {Median(row.Theirs, sample => sample.Prefill):F0} | {row.Ratio(sample => sample.Prefill):F2} "
                + $"| {Median(row.Ours, sample => sample.Decode):F0} | {Median(row.Theirs, sample => sample.Decode):F0} | {row.Ratio(sample => sample.Decode):F2} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{options.Threads} threads; {machine.ToText()}. Medians of {options.Rounds} rounds of {options.NewTokens} tokens, both held to the same tokens; ratios are medians of the rounds' own.\n");
        return text.ToString();
    }

    private static double Median(IEnumerable<PeerSample> samples, Func<PeerSample, double> of) => Percentiles.Median(samples.Select(of));
}
