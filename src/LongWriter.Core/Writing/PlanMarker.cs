using System.Text.RegularExpressions;

namespace LongWriter.Writing;

/// <summary>What makes a line a line of an outline. The order is the order of rank: an earlier kind holds a later one.</summary>
internal enum PlanMarkerKind
{
    /// <summary>Nothing: a line of text.</summary>
    None,

    /// <summary>Markdown heading, or a line that is bold as a whole.</summary>
    Heading,

    /// <summary>"Paragraph 3", "Chapter One", "第三段".</summary>
    Keyword,

    /// <summary>A row of a table.</summary>
    Row,

    /// <summary>A line without mark that ends in a word count, where nothing else is marked.</summary>
    Plain,

    /// <summary>"1.", "1)", "I.", "一、", "1.2", "①".</summary>
    Number,

    /// <summary>"-", "*", "•".</summary>
    Bullet,
}

/// <summary>The mark at the start of a line.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Level">Rank among marks of its kind at the same indentation; lower holds higher.</param>
/// <param name="Ordinal">Its number, or null.</param>
/// <param name="Length">Characters to drop from the line; 0 where the mark belongs to the text, as in "Day 3: Siena".</param>
internal readonly record struct PlanMarker(PlanMarkerKind Kind, int Level, int? Ordinal, int Length);

/// <summary>Recognizes step numbers at the start of a folded line.</summary>
internal static partial class PlanMarkers
{
    /// <summary>The mark, or null when the line begins with none.</summary>
    public static PlanMarker? Find(string folded)
    {
        Match match = Keyword().Match(folded);
        if (match.Success && PlanNumber.Ordinal(match.Groups["n"].Value) is int step)
        {
            string word = match.Groups["w"].Value;
            int length = word is "day" or "week" or "scene" or "act" or "天" or "幕" or "周" ? 0 : match.Length;
            return new PlanMarker(PlanMarkerKind.Keyword, KeywordLevel(word), step, length);
        }

        match = Numbered().Match(folded);
        if (!match.Success)
        {
            return null;
        }

        foreach ((string group, int level) in NumberLevels)
        {
            Group number = match.Groups[group];
            if (number.Success)
            {
                int dots = group == "decimal" ? number.Value.Count('.') : 0;
                int? ordinal = group is "decimal" or "letter" ? null : PlanNumber.Ordinal(number.Value);
                return new PlanMarker(PlanMarkerKind.Number, level + dots, ordinal, match.Length);
            }
        }

        return null;
    }

    /// <summary>I. holds A., which holds 1. and so on, where indentation does not say otherwise.</summary>
    private static readonly (string Group, int Level)[] NumberLevels =
    [
        ("roman", 0), ("cjk", 0), ("cjkparen", 1), ("letter", 1), ("plain", 2), ("paren", 3), ("decimal", 3), ("circled", 8),
    ];

    private static int KeywordLevel(string word) => word switch
    {
        "part" or "volume" or "act" or "部分" or "部" or "篇" or "幕" => 0,
        "chapter" or "章" => 1,
        "section" or "unit" or "module" or "scene" or "节" or "小节" or "章节" => 2,
        _ => 3,
    };

    // A number word must be followed by a border, so that "Part of the story" and "Step in" stay text.
    [GeneratedRegex(
        "^(?:the )?(?:(?<w>paragraph|section|step|chapter|part|para|scene|act|segment|subtask|task|item|point|unit|module|volume|day|week)" +
        "\\.? (?:no\\.? ?)?#?(?<n>\\d{1,6}|[ivxlc]{1,8}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)(?: ?(?:of|/) ?\\d{1,6}| ?\\(\\d{1,6} (?:left|more|remaining|to go)\\))?" +
        "(?: ?[:.)|,-]| ?(?=[(\\[])| (?=(?:heading|main point|word count))|$)" +
        "|第 ?(?<n>\\d{1,6}|[〇零一二两三四五六七八九十百千]{1,8}) ?个?(?<w>自然段|段落|小节|章节|部分|段|章|节|步|篇|部|幕|天|周|点) ?(?:[:、,.-]|(?=[(\\[])|(?= )|$)" +
        "|(?<w>段落|章节|部分|步骤) ?(?<n>\\d{1,6}|[一二三四五六七八九十百]{1,6}) ?(?:[:、,.-]|(?=[(\\[])|$))",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Keyword();

    [GeneratedRegex(
        "^(?:(?<decimal>\\d{1,4}(?:\\.\\d{1,4}){1,4})[.)、:]?(?: |(?=[^\\d\\sa-z.,%]))" +
        "|#?(?<plain>\\d{1,6})(?:[.)、:](?!\\d)| -(?= ))" +
        "|[(\\[](?<paren>\\d{1,6})[)\\]][、.:]?" +
        "|(?<roman>[ivx]|[ivxlc]{2,8})[.)](?= |$)" +
        "|(?<letter>[a-h])[.)](?= )" +
        "|(?<cjk>[一二三四五六七八九十百]{1,6})[、.:]" +
        "|\\((?<cjkparen>[一二三四五六七八九十百]{1,6})\\)、?" +
        "|(?<circled>[①-⑳])[、.:]?)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Numbered();
}
