using LongWriter.Writing;

namespace LongWriter.Cli;

/// <summary>Reads a plan that a user wrote or edited.</summary>
internal static class PlanFile
{
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="PlanFormatException">The file is not a plan: file, first wrong line, what it says, what was expected.</exception>
    public static WritingPlan Read(string path)
    {
        PlanParseResult parsed = PlanParser.Parse(InputFile.Read("--plan", path));
        if (parsed.Plan is { } plan)
        {
            return plan;
        }

        PlanProblem first = parsed.Problems[0];
        string where = first.Line > 0 ? FormattableString.Invariant($"line {first.Line}: \"{Clip(first.Text)}\": ") : "";
        string more = parsed.Problems.Count > 1 ? FormattableString.Invariant($" ({parsed.Problems.Count - 1} more)") : "";
        throw new PlanFormatException($"{path}: {where}{first.Message.Replace("The reply", "The file", StringComparison.Ordinal)}{more}", first.Line);
    }

    private static string Clip(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");
}
