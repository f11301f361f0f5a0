using System.Globalization;
using System.Text;

namespace LongWriter.Prompts;

/// <summary>The small phrases that fill the places of the prompts, in the language of the prompts.</summary>
internal static class PromptWording
{
    /// <summary>Such as "at least 5000 words" or 不少于5000字.</summary>
    public static string Length(LengthTarget target, bool chinese) => (chinese, target.Kind) switch
    {
        (false, LengthKind.AtLeast) => $"at least {Amount(target.Minimum, target.Unit, chinese)}",
        (false, LengthKind.AtMost) => $"at most {Amount(target.Maximum, target.Unit, chinese)}",
        (false, LengthKind.Range) => $"{Number(target.Minimum)} to {Amount(target.Maximum, target.Unit, chinese)}",
        (false, _) => Amount(target.Value, target.Unit, chinese),
        (true, LengthKind.AtLeast) => $"不少于{Amount(target.Minimum, target.Unit, chinese)}",
        (true, LengthKind.AtMost) => $"不超过{Amount(target.Maximum, target.Unit, chinese)}",
        (true, LengthKind.Range) => $"{Number(target.Minimum)}至{Amount(target.Maximum, target.Unit, chinese)}",
        (true, _) => Amount(target.Value, target.Unit, chinese),
    };

    /// <summary>Such as "400 words", "400 Chinese characters", 400字.</summary>
    public static string Amount(int value, LengthUnit unit, bool chinese) => (chinese, unit) switch
    {
        (true, LengthUnit.Words) => $"{Number(value)}词",
        (true, _) => $"{Number(value)}字",
        (false, LengthUnit.Words) => $"{Number(value)} words",
        (false, _) => $"{Number(value)} Chinese characters",
    };

    /// <summary>What stands for a length that nobody stated.</summary>
    public static string OpenLength(bool chinese) => chinese ? "由你根据任务决定" : "as many words as the task deserves; decide it yourself";

    /// <summary>The instruction with everything that the request says beside it.</summary>
    public static string Brief(WritingRequest request, string? notes, bool chinese)
    {
        var brief = new StringBuilder(request.Instruction.Trim());
        Add(chinese ? "文风" : "Style", request.Style);
        Add(chinese ? "读者" : "Readers", request.Audience);
        Add(chinese ? "写作语言" : "Language to write in", request.Language);
        Add(chinese ? "标题" : "Headings", request.Headings switch
        {
            HeadingRule.None => chinese ? "不写任何标题" : "write none",
            HeadingRule.FromPlan => chinese ? "不写标题，标题会另外加上" : "write none, they are added later",
            _ => null,
        });
        if (!string.IsNullOrWhiteSpace(notes))
        {
            brief.Append("\n\n").Append(chinese ? "写作依据的资料：" : "Source notes to base it on:").Append("\n\n").Append(notes.Trim());
        }

        return brief.ToString();

        void Add(string label, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                brief.Append(brief.ToString().Contains('\n', StringComparison.Ordinal) ? "\n" : "\n\n")
                    .Append(label).Append(chinese ? "：" : ": ").Append(value.Trim());
            }
        }
    }

    /// <summary>Stands in for steps that are left out of a plan because it does not fit.</summary>
    public static string LeftOutSteps(int first, int last, string from, string to, bool chinese) => chinese
        ? $"（第{first}至{last}段此处从略：从“{from}”到“{to}”）"
        : $"(Paragraphs {first} to {last} are left out here: from \"{from}\" to \"{to}\".)";

    /// <summary>Says that the beginning of the text is not shown, with a summary of it when there is one.</summary>
    public static string LeftOutText(int sections, string? summary, bool chinese) => (chinese, summary) switch
    {
        (false, null) => $"(Paragraphs 1 to {sections} are written already and are not shown.)",
        (false, _) => $"(Paragraphs 1 to {sections} are written already. In short: {summary})",
        (true, null) => $"（第1至{sections}段已经写好，此处从略。）",
        (true, _) => $"（第1至{sections}段已经写好，内容摘要：{summary}）",
    };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
