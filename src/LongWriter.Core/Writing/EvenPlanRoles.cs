using System.Globalization;

namespace LongWriter.Writing;

/// <summary>Main points of an even plan: each section gets a part of its own, so that none repeats another.</summary>
internal static class EvenPlanRoles
{
    /// <summary>The main point of a section.</summary>
    /// <param name="index">The section, from 0.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="subject">What the document is about.</param>
    /// <param name="chinese">True for Chinese.</param>
    public static string MainPoint(int index, int count, string subject, bool chinese)
    {
        int middle = count - 2;
        if (count == 1)
        {
            return chinese ? $"完整回应写作要求：{subject}" : $"Answer the whole request: {subject}";
        }

        if (index == 0)
        {
            return chinese ? $"开篇：引入主题并铺垫下文（{subject}）" : $"Opening: lead into the subject and set up what follows ({subject})";
        }

        if (index == count - 1)
        {
            return chinese ? "结尾：收束全文，给出结论" : "Conclusion: bring the threads together and close";
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(chinese ? $"展开（第{index}部分，共{middle}部分）：讲述前文未及的下一个方面，内容具体" : $"Development, part {index} of {middle}: take up the next aspect that has not been covered, in concrete detail")}");
    }
}
