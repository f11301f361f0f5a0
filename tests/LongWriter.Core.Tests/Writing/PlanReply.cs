using System.Globalization;
using LongWriter.Writing;

namespace LongWriter.Tests.Writing;

/// <summary>
/// A reply and what must be read from it, a line each: "title: T", "300 | heading | main point", "line 4: problem", "note 4: oddity".
/// </summary>
public sealed record PlanReply(string Name, string Text, string Expected)
{
    public static string Show(PlanParseResult result)
    {
        List<string> lines = [];
        if (result.Plan is { } plan)
        {
            if (plan.Title is not null)
            {
                lines.Add($"title: {plan.Title}");
            }

            lines.AddRange(plan.Sections.Select(static s => string.Create(CultureInfo.InvariantCulture, $"{s.Words} | {s.Heading} | {s.MainPoint}")));
        }

        lines.AddRange(result.Problems.Select(static p => string.Create(CultureInfo.InvariantCulture, $"line {p.Line}: {p.Message}")));
        lines.AddRange(result.Notes.Select(static p => string.Create(CultureInfo.InvariantCulture, $"note {p.Line}: {p.Message}")));
        return string.Join('\n', lines);
    }

    public override string ToString() => Name;
}
