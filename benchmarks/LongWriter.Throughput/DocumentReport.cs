using System.Globalization;
using System.Text;

namespace LongWriter.Throughput;

/// <summary>Ways to write a document as a Markdown table. Ratios are round by round: to the engine's own conversation, where it was measured, and to ours.</summary>
internal static class DocumentReport
{
    public static string Format(ThroughputOptions options, int sections, IReadOnlyList<Measurement> all, Machine machine)
    {
        var text = new StringBuilder();
        text.Append("| engine | weights | profile | way | seconds | of them reading | times its conversation | times our conversation |\n|---|---|---|---|---:|---:|---:|---:|\n");
        foreach (Measurement row in all.Where(row => row.What == "document"))
        {
            Measurement? first = all.FirstOrDefault(other => other.Engine == row.Engine && other.Precision == row.Precision && other is { What: "document", Case: var way } && way == DocumentWay.Conversation.Name);
            Measurement ours = all.First(other => other.Precision == row.Precision && other.What == "document" && other.Case == DocumentWay.Conversation.Name);
            Measurement reading = all.First(other => other.Engine == row.Engine && other.Precision == row.Precision && other.What == "reading" && other.Case == row.Case);
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Engine} | {row.Weights} | {row.Profile} | {row.Case} | {row.Median:F1} | {reading.Median:F1} | {(first is null ? "" : row.Over(first).ToString("F2", CultureInfo.InvariantCulture))} | {row.Over(ours):F2} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{sections} sections of {options.SectionTokens} tokens, {DocumentRun.HeadTokens} tokens of instruction and plan, {DocumentRun.AskTokens} of each question; {options.Threads} threads; {machine.ToText()}. Medians of {options.Rounds} rounds, all held to the same tokens.\n");
        return text.ToString();
    }
}
