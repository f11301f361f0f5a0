using System.Globalization;
using System.Text;

namespace LongWriter.Throughput.Peers;

/// <summary>The engines side by side as a Markdown table.</summary>
internal static class PeerReport
{
    public static string Format(ThroughputOptions options, IReadOnlyList<Measurement> all, Machine machine)
    {
        var text = new StringBuilder();
        text.Append("| context | engine | weights | profile | likeliest token of our blocks of 32 | prefill tokens/s | ours over it | decode tokens/s | ours over it |\n|---:|---|---|---|---:|---:|---:|---:|---:|\n");
        foreach (var group in all.Where(item => item.ContextTokens is not null).GroupBy(item => (item.Precision, item.ContextTokens, item.Engine)))
        {
            Measurement any = group.First();
            Measurement agreement = all.First(item => item.What == "likeliest" && item.Precision == any.Precision && item.Engine == any.Engine);
            text.Append(CultureInfo.InvariantCulture, $"| {any.ContextTokens} | {any.Engine} | {any.Weights} | {any.Profile} | {agreement.Median:P1} | {Cells(group.FirstOrDefault(item => item.What == "prefill"), all)}");
            text.Append(CultureInfo.InvariantCulture, $" | {Cells(group.FirstOrDefault(item => item.What == "decode"), all)} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{options.Threads} threads; {machine.ToText()}. Medians of {options.Rounds} rounds of {options.NewTokens} tokens, all held to the same tokens; ratios are medians of the rounds' own.\n");
        return text.ToString();
    }

    private static string Cells(Measurement? item, IReadOnlyList<Measurement> all) =>
        item is null ? " | " : string.Create(CultureInfo.InvariantCulture, $"{item.Median:F0} | {item.Ours(all)!.Over(item):F2}");
}
