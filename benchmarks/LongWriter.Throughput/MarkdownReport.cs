using System.Globalization;
using System.Text;

namespace LongWriter.Throughput;

/// <summary>The result as a Markdown table, with what it was measured on below it.</summary>
internal static class MarkdownReport
{
    public static string Format(ThroughputResult result)
    {
        var text = new StringBuilder();
        text.Append("| profile | precision | context | TTFT cold, ms | TTFT cached, ms | cold / cached | tokens/s | inter-token p50 / p95 / p99, ms | outside native | managed bytes a token | KV, KiB |\n");
        text.Append("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (ThroughputRow row in result.Rows)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Profile} | {row.Precision} | {row.ContextTokens} | {row.ColdFirstTokenMs:F1} | {row.CachedFirstTokenMs:F1} | {row.ColdFirstTokenMs / row.CachedFirstTokenMs:F1} | {row.DecodeTokensPerSecond:F0} | {row.InterTokenP50Ms:F2} / {row.InterTokenP95Ms:F2} / {row.InterTokenP99Ms:F2} | {row.OutsideNativeShare:P2} | {row.AllocatedBytesPerToken:F1} | {row.KvBytes / 1024.0:F0} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{result.Model}; {result.Threads} threads; {result.Machine.ToText()}.\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{result.Versions.DotNet}, ONNX Runtime {result.Versions.OnnxRuntime}, commit {result.Versions.Commit ?? "unknown"}. Medians of {result.Rounds} rounds of {result.NewTokens} tokens; percentiles over all of them; \"cached\" is all but the last {result.TurnTokens} tokens.\n");
        text.Append(
            CultureInfo.InvariantCulture,
            $"{result.ProofTokens} greedy tokens equal the plain run's, for each precision. Peak memory of the process {Mebibytes(result.PeakMemoryBytes)}.\n");
        return text.ToString();
    }

    private static string Mebibytes(long? bytes) => bytes is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known / 1048576.0:F0} MiB") : "unknown";
}
