using System.Globalization;
using System.Text;

namespace LongWriter.Writing;

/// <summary>
/// Writes plans in the form <see cref="PlanParser"/> reads back: one line per section, English or Chinese. Texts are written in the form the parser
/// keeps them: on one line, without bold marks, and without separators, brackets or quotes around the whole.
/// A heading in which " - Main Point:" occurs reads back as heading and main point.
/// </summary>
public static class PlanText
{
    /// <summary>The whole plan, its title in the first line where there is one; lines end in '\n', the last one too.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="chinese">True for 第1段 - 要点：…, false for Paragraph 1 - Main Point: ….</param>
    /// <returns>The text.</returns>
    public static string Format(WritingPlan plan, bool chinese = false)
    {
        ArgumentNullException.ThrowIfNull(plan);
        StringBuilder text = new();
        if (plan.Title is not null && PlanPhrase.Clean(plan.Title) is { Length: > 0 } title)
        {
            text.Append(chinese ? "题目：" : "Title: ").Append(title).Append('\n');
        }

        for (int i = 0; i < plan.Sections.Count; i++)
        {
            text.Append(Line(plan, i, chinese)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One section's line, without line break.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="index">The section, from 0.</param>
    /// <param name="chinese">True for the Chinese form.</param>
    /// <returns>The line.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The plan has no such section.</exception>
    public static string Line(WritingPlan plan, int index, bool chinese = false)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, plan.Sections.Count);
        return Line(index, plan.Sections[index], chinese);
    }

    /// <summary>The line of a section that stands at <paramref name="index"/>.</summary>
    internal static string Line(int index, PlannedSection section, bool chinese)
    {
        string main = PlanPhrase.Clean(section.MainPoint);
        string heading = section.Heading is null ? "" : PlanPhrase.Clean(section.Heading);
        if (heading.Length > 0)
        {
            heading = chinese ? $"标题：{heading} - " : $"Heading: {heading} - ";
        }

        return chinese
            ? string.Create(CultureInfo.InvariantCulture, $"第{index + 1}段 - {heading}要点：{main} - 字数：{section.Words}字")
            : string.Create(CultureInfo.InvariantCulture, $"Paragraph {index + 1} - {heading}Main Point: {main} - Word Count: {section.Words} words");
    }
}
