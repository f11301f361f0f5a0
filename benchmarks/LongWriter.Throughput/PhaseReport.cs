using System.Globalization;
using System.Text;

namespace LongWriter.Throughput;

/// <summary>Where the time of a step goes, as a Markdown table: phases of layers in groups, and what is outside of layers.</summary>
internal static class PhaseReport
{
    private static readonly (string Name, Func<string, bool> Takes)[] Groups =
    [
        ("norms and quantizing", phase => phase.StartsWith("Quantize", StringComparison.Ordinal)),
        ("query, key, value", phase => phase == "MultiplyQkv"),
        ("attention", phase => phase is "Append" or "Attend" or "Join"),
        ("projection", phase => phase == "MultiplyOut"),
        ("gate and up", phase => phase == "MultiplyAndGate"),
        ("down", phase => phase == "MultiplyDown"),
    ];

    /// <param name="options">What was measured.</param>
    /// <param name="all">The measurements.</param>
    /// <param name="weightBytes">Bytes of weights that a step reads, by precision; empty where nobody knows.</param>
    /// <param name="machine">Where.</param>
    public static string Format(ThroughputOptions options, IReadOnlyList<Measurement> all, IReadOnlyDictionary<string, long> weightBytes, Machine machine)
    {
        var text = new StringBuilder("| precision | context | a step computes | step, ms | times one token | weights, GB/s |");
        text.AppendJoin(" |", Groups.Select(group => $" {group.Name}")).Append(" | outside layers |\n|---|---:|---|---:|---:|---:|");
        text.Append(string.Concat(Enumerable.Repeat("---:|", Groups.Length + 1))).Append('\n');
        foreach (Measurement step in all.Where(row => row.What == PhaseRun.Step))
        {
            Measurement one = all.First(row => row is { What: PhaseRun.Step, Rows: 1, Sequences: 1 } && IsBeside(row, step));
            Measurement[] phases = [.. all.Where(row => row.What == PhaseRun.Phase && row.Rows == step.Rows && row.Sequences == step.Sequences && IsBeside(row, step))];
            string speed = weightBytes.TryGetValue(step.Precision!, out long bytes) ? (bytes / step.Median / 1e6).ToString("F1", CultureInfo.InvariantCulture) : "";
            text.Append(CultureInfo.InvariantCulture, $"| {step.Precision} | {step.ContextTokens} | {Describe(step)} | {step.Median:F2} | {step.Over(one):F2} | {speed} |");
            foreach ((_, Func<string, bool> takes) in Groups)
            {
                text.Append(CultureInfo.InvariantCulture, $" {phases.Where(phase => takes(phase.Case!)).Sum(phase => phase.Median):F2} |");
            }

            text.Append(CultureInfo.InvariantCulture, $" {step.Median - phases.Sum(phase => phase.Median):F2} |\n");
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $"\n{options.Threads} threads; {machine.ToText()}. Milliseconds of a step in all layers together: medians of {options.Rounds} rounds, in which all take turns. Where layers are not one operator, all of it is outside.\n");
        return text.ToString();
    }

    private static string Describe(Measurement step) => (step.Rows, step.Sequences) switch
    {
        (1, 1) => "a token",
        (_, 1) => string.Create(CultureInfo.InvariantCulture, $"{step.Rows} tokens of a text"),
        _ => string.Create(CultureInfo.InvariantCulture, $"a token of {step.Sequences} texts"),
    };

    private static bool IsBeside(Measurement row, Measurement step) => row.Precision == step.Precision && row.ContextTokens == step.ContextTokens;
}
