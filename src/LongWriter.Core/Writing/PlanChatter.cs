using System.Text.RegularExpressions;

namespace LongWriter.Writing;

/// <summary>Tells what models say about a plan from the plan. Takes folded text.</summary>
internal static partial class PlanChatter
{
    private const int MaxDescriptionChars = 400;

    /// <summary>True for a sentence that introduces, closes or offers, or is too long to describe a step.</summary>
    public static bool Is(string folded) => folded.Length > MaxDescriptionChars || folded.EndsWith(':') || Opening().IsMatch(folded);

    /// <summary>True when what stands beside a word count only says that the count is that of the whole.</summary>
    /// <param name="folded">The line without mark and count.</param>
    /// <param name="isNumbered">True for a numbered step: there, only a bare "Total" is a total.</param>
    public static bool IsTotal(string folded, bool isNumbered) =>
        TotalLabel().IsMatch(folded) || (!isNumbered && TotalSentence().IsMatch(folded));

    /// <summary>True for a heading that names the plan rather than the document.</summary>
    public static bool IsPlanHeading(string folded) => PlanHeading().IsMatch(folded);

    /// <summary>True for a heading over remarks.</summary>
    public static bool IsRemark(string folded) => Remark().IsMatch(folded);

    [GeneratedRegex(
        "^(?:sure|certainly|of course|okay|here (?:is|are)|here's|below is|let me know|feel free|would you like|if you|i hope|i can|i will|i'll|shall i|please|this (?:plan|outline|structure)|" +
        "the (?:above|total|plan|outline)|note:|note that|now,? |next,? i|希望|如果|如需|以上|请告诉|请问|需要我|好的|当然|以下|这个(?:计划|大纲)|该(?:计划|大纲)|本(?:计划|大纲)|注[:意])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Opening();

    [GeneratedRegex(
        "^(?:(?:the|grand|overall|estimated|approximate|approx\\.|expected|planned|target|your) ){0,3}(?:total|sum|target|goal)" +
        "(?: (?:words?|length|counts?|budget|estimate|estimated|target|is|of|for the (?:whole |entire )?(?:document|article|essay|piece|plan|text|story|report|paper))){0,5}$" +
        "|^(?:(?:全文|全篇|文章|预计|计划|大约|约)){0,2}(?:总字数|总计|合计|共计|总篇幅|总长度|总共|总|共)(?:字数)?(?:约|为|大约)?$|^(?:全文|全篇)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex TotalLabel();

    [GeneratedRegex("(?:in total|total|altogether|overall)[.)]?$|^(?:the )?(?:plan|sections|steps|paragraphs|total)[^.]{0,40}(?:total|adds? up|sums?)", RegexOptions.CultureInvariant)]
    private static partial Regex TotalSentence();

    [GeneratedRegex(
        "^(?:(?:the|a|my|writing|detailed|essay|article|document|proposed|story|report) ){0,3}(?:plan|outline|structure|table of contents|sections?|steps|paragraphs)(?![a-z])" +
        "|^(?:写作|文章|详细){0,2}(?:计划|大纲|提纲|目录|结构)",
        RegexOptions.CultureInvariant)]
    private static partial Regex PlanHeading();

    [GeneratedRegex("^(?:notes?|tips|remarks?|guidelines|style|tone|summary of the plan|说明|备注|注意|提示)(?:事项)?(?: |:|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Remark();
}
