using System.Globalization;
using System.Text;

namespace LongWriter.Throughput;

/// <summary>A sequence that grows, as a Markdown table.</summary>
internal static class LongReport
{
    private const double MiB = 1 << 20;

    private const string Head =
        "| precision | tokens | ms per token | mean ms since the row above | CPU ms since the row above | CPU us more per 1,024 tokens | KV computed, MiB | KV taken, MiB | process grew, MiB | grew / computed | managed bytes per token |\n"
        + "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n";

    public static string Format(ThroughputOptions options, IReadOnlyList<LongMark> marks, Machine machine)
    {
        var text = new StringBuilder(Head);
        LongMark? before = null;
        foreach (LongMark mark in marks)
        {
            text.Append(Row(mark, before?.Precision == mark.Precision ? before : null)).Append('\n');
            before = mark;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{options.Threads} threads; {machine.ToText()}. One run; ms per token are medians of the last 64; CPU times are of all threads, means over the tokens since the row above.\n");
        return text.ToString();
    }

    /// <param name="mark">What was seen.</param>
    /// <param name="before">The mark before it of the same sequence, or null.</param>
    public static string Row(LongMark mark, LongMark? before)
    {
        string slope = before is null ? "" : (1e3 * 1024 * (mark.CpuMs - before.CpuMs) / (mark.MiddleTokens - before.MiddleTokens)).ToString("F1", CultureInfo.InvariantCulture);
        string taken = mark.KvTakenBytes is { } bytes ? (bytes / MiB).ToString("F2", CultureInfo.InvariantCulture) : "unknown";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {mark.Precision} | {mark.Tokens} | {mark.LastMs:F3} | {mark.MeanMs:F3} | {mark.CpuMs:F3} | {slope} | {mark.KvComputedBytes / MiB:F2} | {taken} | {mark.GrownBytes / MiB:F2} | {mark.GrownBytes / mark.KvComputedBytes:F2} | {mark.AllocatedPerToken:F1} |");
    }
}
