using System.Globalization;

namespace LongWriter.Cli;

/// <summary>Phrases that views share. Invariant culture.</summary>
internal static class ProgressText
{
    /// <summary>Such as "Plan: 20 sections, 10000 of 10000 words, made by the model."</summary>
    public static string Plan(PlanningResult planning) => FormattableString.Invariant(
        $"Plan: {Sections(planning.Plan.Sections.Count)}, {planning.Plan.TotalWords} of {planning.Target}, {Origin(planning.Origin)}.");

    /// <summary>Such as "Length: 10,012 of 10000 words (+0.1 %), met."</summary>
    public static string Length(LengthOutcome length) => $"Length: {length}{(length.Reason is { } reason ? $": {reason}" : ".")}";

    public static string Duration(TimeSpan time) => FormattableString.Invariant($"{(int)time.TotalHours}:{time:mm\\:ss}");

    public static string Tokens(double perSecond) => perSecond.ToString(perSecond < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " tokens/s";

    private static string Sections(int count) => count == 1 ? "1 section" : FormattableString.Invariant($"{count} sections");

    private static string Origin(PlanOrigin origin) => origin switch
    {
        PlanOrigin.Model => "made by the model",
        PlanOrigin.Repaired => "made by the model and repaired",
        PlanOrigin.User => "as given",
        PlanOrigin.Stated => "by the parts that the instruction states",
        PlanOrigin.SingleSection => "no plan needed",
        _ => "made evenly, without the model",
    };
}
