using System.Text.RegularExpressions;

namespace LongWriter.Writing;

/// <summary>The labelled texts of a line from which the word count was already taken.</summary>
/// <param name="Rest">What stands before the first label, as it is.</param>
/// <param name="Heading">Text of the heading label, or null.</param>
/// <param name="MainPoint">Text of the main-point label, or null.</param>
internal readonly record struct PlanLabelled(string Rest, string? Heading, string? MainPoint);

/// <summary>Finds "Heading:" and "Main Point:" and their Chinese and everyday forms.</summary>
internal static partial class PlanLabels
{
    /// <summary>
    /// Takes a line apart. The first "Main Point:" wins over its aliases, and a heading only counts before it: main points may
    /// contain what looks like a label.
    /// </summary>
    public static PlanLabelled Split(string text, string folded)
    {
        Match main = MainPoint().Match(folded);
        if (!main.Success)
        {
            main = MainPointAlias().Match(folded);
        }

        string before = main.Success ? text[..main.Index] : text;
        Match heading = Heading().Match(main.Success ? folded[..main.Index] : folded);
        return new PlanLabelled(
            heading.Success ? before[..heading.Index] : before,
            heading.Success ? before[(heading.Index + heading.Length)..] : null,
            main.Success ? text[(main.Index + main.Length)..] : null);
    }

    /// <summary>True for a heading that cannot be told from what follows it, because it contains the label of main points.</summary>
    public static bool HasMainPoint(string folded) => MainPoint().IsMatch(folded);

    /// <summary>The title in a "Title: ..." line, or null.</summary>
    public static string? Title(string text, string folded)
    {
        Match match = TitleLine().Match(folded);
        return match.Success ? text[match.Length..] : null;
    }

    [GeneratedRegex("(?:^|(?:^|[ \\])])[|;-] ?)(?:main ?points?|key ?points?|main idea|要点|主要内容|主要观点) ?: ?", RegexOptions.CultureInvariant)]
    private static partial Regex MainPoint();

    [GeneratedRegex(
        "(?:^|(?:^|[ \\])])[|;-] ?)(?:content|contents|description|focus|purpose|goal|summary|内容|核心内容|内容概要|主旨|重点|概要|论点) ?: ?",
        RegexOptions.CultureInvariant)]
    private static partial Regex MainPointAlias();

    [GeneratedRegex("^(?:[|;-] ?)?(?:heading|subheading|subtitle|title|section title|标题|小标题|段落标题) ?: ?", RegexOptions.CultureInvariant)]
    private static partial Regex Heading();

    [GeneratedRegex("^(?:title|document title|working title|题目|标题|文章标题|文章题目) ?: ?", RegexOptions.CultureInvariant)]
    private static partial Regex TitleLine();
}
