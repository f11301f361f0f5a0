using System.Text.RegularExpressions;

namespace LongWriter.Writing;

/// <summary>Reads the rows of one Markdown table. The header's names say which column is what; without them the cells do.</summary>
internal sealed partial class PlanTable
{
    private const int RowRank = 18;
    private const int Unknown = -1;

    private bool begun;
    private int numberColumn = Unknown;
    private int headingColumn = Unknown;
    private int mainColumn = Unknown;
    private int wordsColumn = Unknown;

    /// <summary>True for the line between header and body: dashes and colons in columns.</summary>
    public static bool IsRule(string text) =>
        text.Contains('|', StringComparison.Ordinal) && text.Contains('-', StringComparison.Ordinal) && text.AsSpan().IndexOfAnyExcept("|-: ") < 0;

    /// <summary>Reads a row; the header and the rule under it come back blank.</summary>
    public PlanLine ReadRow(SourceLine source, string text)
    {
        PlanLine blank = new(source, PlanLineRole.Blank);
        if (IsRule(text))
        {
            begun = true;
            return blank;
        }

        string[] cells = [.. text.Trim(' ', '|').Split('|').Select(PlanPhrase.Clean)];
        string[] folded = [.. cells.Select(PlanPhrase.Fold)];
        if (!begun)
        {
            begun = true;
            if (ReadHeader(folded))
            {
                return blank;
            }
        }

        return cells.All(static cell => cell.Length == 0) ? blank : ReadStep(source, cells, folded);
    }

    private bool ReadHeader(string[] folded)
    {
        if (folded.Any(static cell => WordCountText.Whole(cell) is not null))
        {
            return false;
        }

        for (int column = 0; column < folded.Length; column++)
        {
            Match name = ColumnName().Match(folded[column]);
            wordsColumn = name.Groups["words"].Success ? column : wordsColumn;
            mainColumn = name.Groups["main"].Success ? column : mainColumn;
            headingColumn = name.Groups["heading"].Success ? column : headingColumn;
            numberColumn = name.Groups["number"].Success ? column : numberColumn;
        }

        return true;
    }

    private PlanLine ReadStep(SourceLine source, string[] cells, string[] folded)
    {
        int words = wordsColumn >= 0 && wordsColumn < cells.Length ? wordsColumn
            : LastCount(folded);
        int number = numberColumn >= 0 && numberColumn < cells.Length ? numberColumn
            : words != 0 && (PlanMarkers.Find(folded[0] + ".") is { Length: > 0 } mark && mark.Length >= folded[0].Length) ? 0 : Unknown;
        int[] texts = [.. Enumerable.Range(0, cells.Length).Where(column => column != words && column != number && cells[column].Length > 0)];
        string? heading = headingColumn >= 0 && texts.Contains(headingColumn) && texts.Length > 1 ? cells[headingColumn]
            : headingColumn < 0 && mainColumn < 0 && texts.Length > 1 ? cells[texts[0]]
            : null;
        string said = PlanPhrase.Clean(string.Join("; ", texts.Where(column => heading is null || cells[column] != heading).Select(column => cells[column])));
        decimal? count = words >= 0 ? Count(folded[words]) : null;
        bool total = PlanChatter.IsTotal(PlanPhrase.Fold(said.Length == 0 && number >= 0 ? cells[number] : said), isNumbered: true);
        return new PlanLine(source, total ? PlanLineRole.Total : PlanLineRole.Step)
        {
            Kind = PlanMarkerKind.Row,
            Rank = RowRank,
            Ordinal = number >= 0 && folded[number].Length > 0 ? PlanMarkers.Find(folded[number] + ".")?.Ordinal : null,
            Heading = heading,
            Text = said,
            Words = count,
        };
    }

    /// <summary>The last cell with a count; never the first of several, which is the number.</summary>
    private static int LastCount(string[] folded)
    {
        int column = Array.FindLastIndex(folded, static cell => Count(cell) is not null);
        return column == 0 && folded.Length > 1 ? Unknown : column;
    }

    private static decimal? Count(string cell) => WordCountText.Whole(cell) ?? WordCountText.Find(cell)?.Words;

    [GeneratedRegex(
        "^(?:(?<words>.{0,20}(?:words?(?![a-z])|word count|length|budget|字数|篇幅).{0,20})|(?<main>main ?points?|key ?points?|content|contents|description|focus|summary|purpose|要点|主要内容|内容|主旨)" +
        "|(?<heading>heading|title|section title|topic|name|section|chapter|标题|小标题|主题|章节)|(?<number>#|no\\.?|nr\\.?|number|paragraph|step|part|序号|编号|段落|步骤|段))$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ColumnName();
}
