using System.Globalization;
using System.Text;

namespace LongWriter.Throughput;

/// <summary>Sequences decoded together as a Markdown table. Gains are those over the first number of sequences.</summary>
internal static class BatchReport
{
    public static string Format(ThroughputOptions options, IReadOnlyList<BatchSamples> rows, Machine machine)
    {
        var text = new StringBuilder();
        text.Append("| profile | precision | context | sequences | tokens/s, all together | ms a step | gain | CPU ms a token | gain |\n|---|---|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (BatchSamples row in rows)
        {
            BatchSamples first = rows.First(other => other.Precision == row.Precision && other.ContextTokens == row.ContextTokens);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Profile} | {row.Precision} | {row.ContextTokens} | {row.Sequences} | {row.TokensPerSecond:F0} | {1000 * row.Sequences / row.TokensPerSecond:F2} | {row.TokensPerSecond / first.TokensPerSecond:F2} | {row.CpuMsPerToken:F3} | {first.CpuMsPerToken / row.CpuMsPerToken:F2} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{options.Threads} threads; {machine.ToText()}. Medians of {options.Rounds} rounds of {options.NewTokens} tokens.\n");
        return text.ToString();
    }
}
