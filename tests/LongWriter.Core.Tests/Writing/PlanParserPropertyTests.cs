using System.Diagnostics;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LongWriter.Writing;

namespace LongWriter.Tests.Writing;

/// <summary>What holds for every input: no exception but the documented one, a verdict, time in proportion to the length.</summary>
public sealed class PlanParserPropertyTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(20_240_813UL, 11UL);

    private static readonly string[] Pieces =
    [
        "Paragraph 1", "Section 2:", "Chapter One", "第三段", "一、", "1.", "(2)", "IV.", "①", "- ", "* ", "• ", "# ", "### ", "**", "`", "```", "|", "|---|---|", "{\"", "[{", "}]", "\"words\": 3",
        "Main Point:", " - Main Point: ", "要点：", "Heading: ", "标题：", " - Word Count: ", "字数：", "300", "1,200", "1.2k", "五百字", " words", "字", "~", "300-500 words", "(400 words)", "Total: ", "总字数：",
        "Title: ", "Let me know", "The siege", "罗马", " ", "  ", "\t", "\n", "\n\n", "\r\n", "\r", ":", "：", "—", "。", "，", "\0", "\ud83d", "\u202e", "🙂", "९", "０", "🄰", "\u2028", "word", "-",
    ];

    private static Gen<string> Soup { get; } =
        Gen.Select(Gen.ArrayOf(Gen.Elements(Pieces)), static pieces => string.Concat(pieces));

    [Fact]
    public void Parse_AnyText_GivesAPlanOrProblems() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Filter(static text => text is not null), HasVerdict).Check(Fixed);

    [Fact]
    public void Parse_SoupOfPlanPieces_GivesAPlanOrProblems() => Prop.ForAll(Soup.ToArbitrary(), HasVerdict).Check(Fixed);

    [Fact]
    public void Parse_MutatedReplies_GivesAPlanOrProblems()
    {
        string[] replies = [.. PlanReplyLists.All.Concat(PlanReplyOutlines.All).Concat(PlanReplyTables.All).Concat(PlanReplyJson.All).Concat(PlanReplyChinese.All)
            .Select(static reply => reply.Text)];
        Gen<string> mutated =
            from reply in Gen.Elements(replies)
            from cut in Gen.Choose(0, reply.Length)
            from length in Gen.Choose(0, 12)
            from piece in Gen.Elements(Pieces)
            from keep in Gen.Elements(true, false)
            select reply[..cut] + piece + reply[(keep ? cut : Math.Min(reply.Length, cut + length))..];

        Prop.ForAll(mutated.ToArbitrary(), HasVerdict).Check(Fixed);
    }

    [Fact]
    public void ParseOrThrow_Soup_ThrowsOnlyThePlanFormatException() => Prop.ForAll(Soup.ToArbitrary(), static text =>
    {
        PlanParseResult result = PlanParser.Parse(text);
        try
        {
            return PlanParser.ParseOrThrow(text).Equals(result.Plan);
        }
        catch (PlanFormatException error)
        {
            return result.Plan is null && error.Line == result.Problems[0].Line && error.Message.Contains(result.Problems[0].Message, StringComparison.Ordinal);
        }
    }).Check(Fixed);

    [Theory]
    [InlineData("1. a (300 words)\n")]
    [InlineData("Paragraph 7 - Main Point: The siege - Word Count: 400 words\n")]
    [InlineData("Paragraph ")]
    [InlineData("about about ")]
    [InlineData("- Word Count: ")]
    [InlineData("1,000,")]
    [InlineData("1")]
    [InlineData("一")]
    [InlineData("300 words ")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\n")]
    [InlineData("[")]
    [InlineData("[{")]
    [InlineData("**")]
    [InlineData("*a")]
    [InlineData("| a ")]
    [InlineData("| a | 300 |\n")]
    [InlineData("# ")]
    [InlineData("# a\n")]
    [InlineData("> ")]
    [InlineData("- a\n ")]
    [InlineData(" ")]
    [InlineData(" - ")]
    [InlineData("a\n")]
    [InlineData("\n")]
    [InlineData("(")]
    [InlineData("第一段 - 要点：罗马\n")]
    public void Parse_OneMegabyteOfOnePiece_TakesTimeInProportion(string piece)
    {
        string small = Repeat(piece, 125_000);
        string large = Repeat(piece, 1_000_000);
        PlanParser.Parse(Repeat(piece, 10_000));

        double smallMs = Milliseconds(small);
        double largeMs = Milliseconds(large);

        // Eight times the text; quadratic time would take 64 times as long. The floor keeps a busy machine's jitter out.
        Assert.True(largeMs < Math.Max(24 * smallMs, 20_000), string.Create(CultureInfo.InvariantCulture, $"125 kB took {smallMs:0} ms, 1 MB {largeMs:0} ms."));
    }

    [Fact]
    public void Parse_DeepIndentation_IsRead()
    {
        StringBuilder text = new();
        for (int i = 0; i < 1_400; i++)
        {
            text.Append(' ', i).Append("- event ").Append(i).Append(" (300 words)\n");
        }

        Assert.NotNull(PlanParser.Parse(text.ToString()).Plan);
    }

    [Fact]
    public void Parse_TwoThousandLines_ReadsAll()
    {
        string text = string.Concat(Enumerable.Range(1, 2_000).Select(static i => $"Paragraph {i} - Main Point: Event {i} - Word Count: {200 + i} words\n"));

        WritingPlan plan = PlanParser.ParseOrThrow(text);

        Assert.Equal(2_000, plan.Sections.Count);
        Assert.Equal(new PlannedSection("Event 2000", 2_200), plan.Sections[^1]);
    }

    [Fact]
    public void ParseOrThrow_OneProblem_NamesLineTextAndWhatWasExpected()
    {
        PlanFormatException error = Assert.Throws<PlanFormatException>(() => PlanParser.ParseOrThrow("1. The founding (300 words)\n  2. The kings\n"));

        Assert.Equal("Line 2, \"2. The kings\": The step has no word count; expected one such as \"Word Count: 400 words\".", error.Message);
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public void ParseOrThrow_ThreeProblems_CountsTheOthers()
    {
        PlanFormatException error = Assert.Throws<PlanFormatException>(() => PlanParser.ParseOrThrow($"1. {new string('x', 200)}\n2. b\n3. c (0 words)\n4. d (9 words)"));

        Assert.Equal($"Line 1, \"1. {new string('x', 117)}…\": The step has no word count; expected one such as \"Word Count: 400 words\". 2 more lines are wrong.", error.Message);
    }

    [Fact]
    public void ParseOrThrow_NoStep_NamesNoLine()
    {
        PlanFormatException error = Assert.Throws<PlanFormatException>(() => PlanParser.ParseOrThrow("I cannot do that."));

        Assert.Equal("The reply has no step; expected lines such as \"Paragraph 1 - Main Point: <text> - Word Count: 400 words\".", error.Message);
        Assert.Equal(0, error.Line);
    }

    private static bool HasVerdict(string text)
    {
        PlanParseResult result = PlanParser.Parse(text);
        int lines = PlanLineReader.Split(text).Count;
        bool sound = result.Plan is null
            ? result.Problems.Count > 0
            : result.Problems.Count == 0 && result.Plan.Sections.Count > 0
                && result.Plan.Sections.All(static section => section.Words is >= 1 and <= PlanParser.MaxStepWords && section.MainPoint.Length > 0);
        return sound && result.Problems.Concat(result.Notes).All(problem => problem.Line >= 0 && problem.Line <= lines && problem.Message.Length > 0);
    }

    private static string Repeat(string piece, int chars) => new StringBuilder().Insert(0, piece, (chars / piece.Length) + 1).ToString();

    private static double Milliseconds(string text)
    {
        long start = Stopwatch.GetTimestamp();
        PlanParser.Parse(text);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
