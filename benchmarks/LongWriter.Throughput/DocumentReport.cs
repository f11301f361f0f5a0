using System.Globalization;
using System.Text;

namespace LongWriter.Throughput;

/// <summary>Ways to write a document as a Markdown table. The ratio is to the first way, round by round.</summary>
internal static class DocumentReport
{
    public static string Format(ThroughputOptions options, int sections, IReadOnlyList<DocumentSamples> rows, Machine machine)
    {
        var text = new StringBuilder();
        text.Append("| profile | precision | way | seconds | of them reading | times the first |\n|---|---|---|---:|---:|---:|\n");
        foreach (DocumentSamples row in rows)
        {
            DocumentSamples first = rows.First(other => other.Precision == row.Precision);
            double ratio = Percentiles.Median(row.Rounds.Zip(first.Rounds, (own, its) => own.Seconds / its.Seconds));
            text.Append(CultureInfo.InvariantCulture, $"| {row.Profile} | {row.Precision} | {row.Way} | {row.Seconds:F1} | {row.PrefillSeconds:F1} | {ratio:F2} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{sections} sections of {DocumentRun.SectionTokens} tokens, {DocumentRun.HeadTokens} tokens of instruction and plan, {DocumentRun.AskTokens} of each question; {options.Threads} threads; {machine.ToText()}. Medians of {options.Rounds} rounds, all held to the same tokens.\n");
        return text.ToString();
    }
}
