using System.Globalization;

namespace LongWriter.Writing;

/// <summary>
/// Reads a plan out of a model's reply or a user's file. The form our prompts ask for and <see cref="PlanText"/> writes is
/// <c>Paragraph 3 - Heading: (optional) - Main Point: text - Word Count: 400 words</c>, one line per step; outlines, lists, tables and JSON
/// with a word count per step are understood as well. Sentences around the plan, totals and text that was written after it are passed over.
/// Time is linear in the length of the text. Safe for concurrent use.
/// </summary>
/// <remarks>
/// A range such as "300-500 words" counts as its rounded middle, 400. Sub-steps with word counts of their own are the sections when they are
/// headings or "Chapter 2"-like lines, when two or more of them have at least 200 words each, or when they exceed 1,000 words together;
/// otherwise they are main points of the step above, whose own count, or else their sum, is the budget.
/// Source: the line form "Paragraph k - Main Point - Word Count" is that of agentwrite/prompts/plan.txt, THUDM/LongWriter 3fcfdff, where
/// lines are never read. Difference: every line is read, and a step without a count is refused by name.
/// </remarks>
public static class PlanParser
{
    /// <summary>The largest budget a single step may have.</summary>
    internal const int MaxStepWords = 1_000_000;

    private const string ExpectedLine = "expected lines such as \"Paragraph 1 - Main Point: <text> - Word Count: 400 words\".";

    private const int ShownChars = 120;

    /// <summary>Reads a plan.</summary>
    /// <param name="reply">The text, without reasoning blocks.</param>
    /// <returns>The plan, or the problems by line.</returns>
    public static PlanParseResult Parse(string reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (string.IsNullOrWhiteSpace(reply))
        {
            return Refused("The reply is empty; " + ExpectedLine);
        }

        return PlanJson.TryRead(reply) ?? ReadLines(PlanLineReader.Split(reply));
    }

    /// <summary>Reads a plan or says why it cannot be read.</summary>
    /// <param name="reply">The text, without reasoning blocks.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="PlanFormatException">The text is no plan; Line is the first line that is wrong, 0 for the text as a whole.</exception>
    public static WritingPlan ParseOrThrow(string reply)
    {
        PlanParseResult result = Parse(reply);
        if (result.Plan is not null)
        {
            return result.Plan;
        }

        PlanProblem first = result.Problems[0];
        string more = result.Problems.Count switch
        {
            1 => "",
            2 => " 1 more line is wrong.",
            int count => string.Create(CultureInfo.InvariantCulture, $" {count - 1} more lines are wrong."),
        };
        string where = first.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"Line {first.Line}, \"{Shown(first.Text)}\": ");
        throw new PlanFormatException(where + first.Message + more, first.Line);
    }

    /// <summary>Marked lines first; plain lines only where those have no steps; bare numbers only where plain lines have none either.</summary>
    private static PlanParseResult ReadLines(IReadOnlyList<SourceLine> source)
    {
        IReadOnlyList<PlanLine> lines = PlanLineReader.Read(source, PlanReading.Marked);
        PlanSteps marked = PlanSteps.From(PlanOutline.Build(lines, PlanReading.Marked));
        if (marked.Sections.Count > 0)
        {
            return marked.ToResult();
        }

        if (lines.Any(static line => line.Words is not null) && Read(source, PlanReading.Plain) is { Sections.Count: > 0 } plain)
        {
            return plain.ToResult();
        }

        if (source.Any(static line => line.Text.AsSpan().ContainsAnyInRange('0', '9'))
            && Read(source, PlanReading.BareNumbers) is { Sections.Count: > 1, Problems.Count: 0 } bare)
        {
            return bare.ToResult();
        }

        return marked.Problems.Count > 0 ? marked.ToResult() : Refused("The reply has no step; " + ExpectedLine);
    }

    private static PlanSteps Read(IReadOnlyList<SourceLine> source, PlanReading reading) =>
        PlanSteps.From(PlanOutline.Build(PlanLineReader.Read(source, reading), reading));

    private static PlanParseResult Refused(string message) => new(null, [new PlanProblem(0, "", message)], []);

    private static string Shown(string text) => text.Length <= ShownChars ? text : string.Concat(text.AsSpan(0, ShownChars), "…");
}
