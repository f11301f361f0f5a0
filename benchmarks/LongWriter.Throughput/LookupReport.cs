using System.Globalization;
using System.Text;

namespace LongWriter.Throughput;

/// <summary>Decoding with and without looking drafts up, as a Markdown table.</summary>
internal static class LookupReport
{
    public static string Format(ThroughputOptions options, IReadOnlyList<LookupSamples> rows, Machine machine)
    {
        var text = new StringBuilder();
        text.Append("| profile | precision | text | context | tokens/s without | with look-up | gain | drafted | of these right |\n|---|---|---|---:|---:|---:|---:|---:|---:|\n");
        foreach (LookupSamples row in rows)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Profile} | {row.Precision} | {row.Text} | {row.ContextTokens} | {row.Without:F0} | {row.With:F0} | {row.Gain:F2} | {row.Drafted:F0} | {row.Accepted:F0} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{options.Threads} threads; {machine.ToText()}. Medians of {options.Rounds} rounds of {options.NewTokens} tokens, both held to the same tokens.\n");
        return text.ToString();
    }
}
