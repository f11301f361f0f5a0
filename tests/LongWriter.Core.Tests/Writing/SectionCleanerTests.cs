using FsCheck;
using FsCheck.Fluent;
using LongWriter.Writing;

namespace LongWriter.Core.Tests.Writing;

public sealed class SectionCleanerTests
{
    private const string Body = "The lamp was lit at dusk.";
    private const string LongParagraph = "The keeper had lived on the rock for thirty years and knew every stone of it by its name.";

    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(1_000).WithReplay(20_260_101UL, 7UL);

    private static readonly string[] Pieces =
    [
        "Paragraph 1", "**Section 2:**", "第三段：", "# ", "## Storm\n", "**Bold**\n", "Word count: 30", "（字数：400字）", " - Word Count: 400 words", "Main Point: x",
        LongParagraph, "\n", "\n\n", " ", "a", "。", ". ", "\ud83d", "\ude00", "😀", "\0", "*", "(", "Chapter 1", "3", ":", "\u3000",
    ];

    [Theory]
    [InlineData("Paragraph 1: " + Body)]
    [InlineData("**Paragraph 12:** " + Body)]
    [InlineData("**Paragraph 3**\n\n" + Body)]
    [InlineData("## Section 3\n" + Body)]
    [InlineData("[Paragraph 3 of 8] - " + Body)]
    [InlineData("**Paragraph 3: The Storm**\n\n" + Body)]
    [InlineData("Paragraph 3 - Main Point: the storm - Word Count: 400 words\n\n" + Body)]
    [InlineData("Paragraph 3 - Main Point: the storm - Word Count: 400 words\nParagraph 3: " + Body)]
    [InlineData(Body + "\n\n(Word count: 398 words)")]
    [InlineData(Body + "\n**Word Count:** 398\n\nWord count: 398")]
    [InlineData(LongParagraph + "\n\n" + Body)]
    [InlineData("  \n" + Body + " \n")]
    public void Clean_English_LeavesTheProse(string text)
    {
        string clean = Cleaner(HeadingRule.Model).Clean(text, out _);

        Assert.StartsWith(Body, clean, StringComparison.Ordinal);
        Assert.DoesNotContain("Paragraph", clean, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("第三段：灯塔亮了。")]
    [InlineData("**第3段：**灯塔亮了。")]
    [InlineData("第三段\n\n灯塔亮了。")]
    [InlineData("第3段 - 要点：风暴 - 字数：400字\n灯塔亮了。")]
    [InlineData("灯塔亮了。\n（字数：398字）")]
    [InlineData("灯塔亮了。\n总字数：约400字")]
    public void Clean_Chinese_LeavesTheProse(string text) => Assert.Equal("灯塔亮了。", Cleaner(HeadingRule.Model).Clean(text, out _));

    [Theory]
    [InlineData("Chapter 3: The Storm\n\n" + Body)]
    [InlineData("# Chapter 3\n\n" + Body)]
    [InlineData("第三章 风暴\n\n灯塔亮了。")]
    [InlineData("Section 3.2 of the act says nothing of lamps.")]
    [InlineData("Section 230-era law says nothing of lamps.")]
    [InlineData("Paragraph 5 of the charter names the keeper.")]
    [InlineData("He counted. Word count: he had none.")]
    [InlineData(Body + "\n\n" + LongParagraph)]
    public void Clean_WhatBelongsToTheText_Stays(string text)
    {
        Assert.Equal(text, Cleaner(HeadingRule.Model).Clean(text, out IReadOnlyList<string> removed));
        Assert.Empty(removed);
    }

    [Theory]
    [InlineData(HeadingRule.Model, "## The Storm\n\n" + Body)]
    [InlineData(HeadingRule.None, Body)]
    [InlineData(HeadingRule.FromPlan, Body)]
    public void Clean_Heading_StaysOnlyWhereTheModelMaySetOne(HeadingRule rule, string expected) =>
        Assert.Equal(expected, Cleaner(rule).Clean("## The Storm\n\n" + Body, out _));

    [Theory]
    [InlineData("“Go home,” said he. “I shall stay.", "“Go home,” said he. “I shall stay.”")]
    [InlineData("“Go home.\n\n“I shall stay.", "“Go home.\n\n“I shall stay.”")]
    [InlineData("“Go home,” said he.", "“Go home,” said he.")]
    [InlineData("“Go home.\n\nHe stayed.", "“Go home.\n\nHe stayed.")]
    public void Clean_SpeechLeftOpenAtTheEnd_IsClosed(string text, string expected)
    {
        Assert.Equal(expected, Cleaner(HeadingRule.Model).Clean(text, out IReadOnlyList<string> removed));
        Assert.Empty(removed);
    }

    [Theory]
    [InlineData("The sea was calm.\n\nParagraph 2 - Main Point: the storm, and then\n\nIt rose.", "The sea was calm.\n\nIt rose.")]
    [InlineData("The sea was calm.\n\nParagraph 2 (5 left) - Main Point: the storm, and then\n\nIt rose.", "The sea was calm.\n\nIt rose.")]
    [InlineData("The sea was calm.\n\n12 left) - Main Point: the storm\n\nIt rose.", "The sea was calm.\n\nIt rose.")]
    [InlineData("Paragraph 2 of 7 - Main Point: the storm\n\nIt rose.", "It rose.")]
    [InlineData("There were 3 (2 left) - Main Point of it all.", "There were 3 (2 left) - Main Point of it all.")]
    [InlineData("灯塔亮了。\n\n第2段 - 要点：风暴\n\n海涨了。", "灯塔亮了。\n\n海涨了。")]
    public void Clean_PlanLineWithoutItsCount_IsTakenOut(string text, string expected) =>
        Assert.Equal(expected, Cleaner(HeadingRule.Model).Clean(text, out _));

    [Fact]
    public void Clean_PlanLinesInTheMiddle_AreTakenOut()
    {
        var cleaner = new SectionCleaner(HeadingRule.Model, []);

        string text = cleaner.Clean("The sea was calm.\n\nParagraph 2 - Main Point: the storm - Word Count: 200 words\n\nThen it rose.", out IReadOnlyList<string> removed);

        Assert.Equal("The sea was calm.\n\nThen it rose.", text);
        Assert.Equal(["a line of the plan"], removed);
    }

    [Fact]
    public void Clean_EverythingAtOnce_NamesWhatItTookOut()
    {
        string text = $"Paragraph 2: {LongParagraph}\n{Body}\nWord count: 12";

        Assert.Equal(Body, Cleaner(HeadingRule.Model).Clean(text, out IReadOnlyList<string> removed));
        Assert.Equal(["the leading \"Paragraph 2:\"", "90 characters at its start that repeat earlier text", "the trailing \"Word count: 12\""], removed);
    }

    [Fact]
    public void Clean_AnySoup_IsTrimmedAndCleanAgainIsTheSame() => Prop.ForAll(Soup(), pieces =>
    {
        string clean = Cleaner(HeadingRule.None).Clean(string.Concat(pieces), out _);
        return clean == clean.Trim();
    }).Check(Fixed);

    [Theory]
    [InlineData(HeadingRule.Model, "")]
    [InlineData(HeadingRule.FromPlan, "## The Storm\n\n")]
    public void SectionDraft_AnyDeltasAndReplacements_KeepTheFoldInStep(HeadingRule rule, string heading) => Prop.ForAll(Soup(), pieces =>
    {
        SectionCleaner cleaner = Cleaner(rule);
        var draft = new SectionDraft(0, heading, cleaner);
        string reader = "", received = "";
        foreach (string piece in pieces)
        {
            if (piece == "\0")
            {
                received = received[..(received.Length / 2)];
                Read(draft.Replace(received, "test"));
            }
            else
            {
                received += piece;
                Read(draft.Append(piece) is { } drafted ? [drafted] : []);
            }

            Assert.Equal(received, draft.Received);
        }

        string text = heading + cleaner.Clean(received, out _);
        Read(draft.Show(text, "test"));
        return reader == text;

        void Read(IEnumerable<WritingUpdate> updates)
        {
            foreach (WritingUpdate update in updates)
            {
                reader = update switch
                {
                    TextDrafted { Text.Length: > 0 } drafted => reader + drafted.Text,
                    TextRetracted { CharCount: > 0 } retracted => reader[..^retracted.CharCount],
                    _ => throw new InvalidOperationException($"Unexpected {update}"),
                };
            }
        }
    }).Check(Fixed);

    private static Arbitrary<string[]> Soup() => Gen.ArrayOf(Gen.Elements(Pieces)).ToArbitrary();

    private static SectionCleaner Cleaner(HeadingRule rule) => new(rule, [.. SectionCleaner.ComparableParagraphs(LongParagraph)]);
}
