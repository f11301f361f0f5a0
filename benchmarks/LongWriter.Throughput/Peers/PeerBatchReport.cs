using System.Globalization;
using System.Text;

namespace LongWriter.Throughput.Peers;

/// <summary>Documents decoded together by several engines as a Markdown table. Gains are those over the engine's own first number of documents.</summary>
internal static class PeerBatchReport
{
    public static string Format(ThroughputOptions options, IReadOnlyList<Measurement> all, Machine machine)
    {
        var text = new StringBuilder();
        text.Append("| context | documents | engine | weights | profile | tokens/s, all together | gain | ours over it |\n|---:|---:|---|---|---|---:|---:|---:|\n");
        foreach (Measurement row in all.Where(row => row.What == "batch").OrderBy(row => row.Precision).ThenBy(row => row.ContextTokens).ThenBy(row => row.Sequences))
        {
            Measurement first = all.First(other => other.What == "batch" && other.Engine == row.Engine && other.Precision == row.Precision && other.ContextTokens == row.ContextTokens);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.ContextTokens} | {row.Sequences} | {row.Engine} | {row.Weights} | {row.Profile} | {row.Median:F0} | {row.Over(first):F2} | {row.Ours(all)!.Over(row):F2} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{options.Threads} threads; {machine.ToText()}. Medians of {options.Rounds} rounds of {options.NewTokens} tokens, both held to the same tokens; gains and ratios are medians of the rounds' own.\n");
        return text.ToString();
    }
}
