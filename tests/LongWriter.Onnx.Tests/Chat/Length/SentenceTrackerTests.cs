using LongWriter.Onnx.Chat.Length;

namespace LongWriter.Onnx.Tests.Chat.Length;

public sealed class SentenceTrackerTests
{
    [Theory]
    [InlineData("He left.")]
    [InlineData("He left. ")]
    [InlineData("He left.\n\n")]
    [InlineData("He left!?")]
    [InlineData("He waited...")]
    [InlineData("He can't.")]
    [InlineData("It was I.")]
    [InlineData("\"I am here.\"")]
    [InlineData("“I don’t know.”")]
    [InlineData("‘I can’t,’ he said.")]
    [InlineData("He left (at last.)")]
    [InlineData("**He left.**")]
    [InlineData("That was in 1999.\n")]
    [InlineData("\"He began, and never closed.\nHe left.")]
    [InlineData("他走了。")]
    [InlineData("“他走了。”")]
    [InlineData("他走了！")]
    [InlineData("# A heading\n\nHe left.")]
    [InlineData("```\ncode;\n```\nHe left.")]
    [InlineData("They met Mr. Lee.")]
    public void IsAtEnd_CompleteSentence_IsTrue(string text) => Assert.True(Track(text).IsAtEnd);

    [Theory]
    [InlineData("")]
    [InlineData("He left")]
    [InlineData("He left. T")]
    [InlineData("He left. \"")]
    [InlineData("He left. '")]
    [InlineData("He left. **")]
    [InlineData("\"I am here.")]
    [InlineData("“I don’t know.")]
    [InlineData("‘I am here.")]
    [InlineData("“他走了。")]
    [InlineData("他走了（是的。")]
    [InlineData("It costs 3.")]
    [InlineData("It costs 3. ")]
    [InlineData("1.\n")]
    [InlineData("Mr.")]
    [InlineData("They met Dr.")]
    [InlineData("cats vs.")]
    [InlineData("J.")]
    [InlineData("that is, e.g.")]
    [InlineData("in the U.S.")]
    [InlineData("# What is it?")]
    [InlineData("# What is it?\n\n")]
    [InlineData("He left.\n```\nint i = f().")]
    [InlineData("A heading\n\n")]
    public void IsAtEnd_SentenceThatMayGoOn_IsFalse(string text) => Assert.False(Track(text).IsAtEnd);

    [Theory]
    [InlineData("“He left.", '”')]
    [InlineData("“He said, ‘I left.", '’')]
    [InlineData("“He said, ‘I left.’", '”')]
    [InlineData("\"(He left.", ')')]
    [InlineData("「他走了。", '」')]
    [InlineData("“He left", null)]
    [InlineData("He left.", null)]
    public void MissingCloser_CompleteSentenceInsidePairs_IsTheInnermost(string text, char? expected) => Assert.Equal(expected, Track(text).MissingCloser);

    [Theory]
    [InlineData("A verse without stop\n\n", true)]
    [InlineData("- an item\n \n", true)]
    [InlineData("A verse without stop\n", false)]
    [InlineData("# Heading\n\n", false)]
    [InlineData("```\ncode\n\n", false)]
    [InlineData("\n\n", false)]
    public void IsAtBlankLine_TextBeforeIt_IsProseOnly(string text, bool expected) => Assert.Equal(expected, Track(text).IsAtBlankLine);

    [Theory]
    [InlineData("One. Two! Three", 2)]
    [InlineData("One. Two! \"Three?\"", 3)]
    [InlineData("Mr. Lee paid 3.14 here. Then", 1)]
    [InlineData("一。二！三", 2)]
    [InlineData("“One. Two! Three", 2)]
    public void Sentences_Text_CountsItsEnds(string text, int expected) => Assert.Equal(expected, Track(text).Sentences);

    [Fact]
    public void Append_CharacterByCharacter_SeesWhatTheWholeShows()
    {
        const string Text = "# Head\n\nHe said “no.” It cost 3.14, e.g. here.\n\n```\nx.\n```\n他走了。\"Why?\" Mr. Lee left.";
        var single = new SentenceTracker();
        for (int i = 0; i < Text.Length; i++)
        {
            single.Append(Text.AsSpan(i, 1));
            SentenceTracker whole = Track(Text[..(i + 1)]);
            Assert.Equal((whole.IsAtEnd, whole.Sentences, whole.Newlines), (single.IsAtEnd, single.Sentences, single.Newlines));
        }
    }

    private static SentenceTracker Track(string text)
    {
        var tracker = new SentenceTracker();
        tracker.Append(text);
        return tracker;
    }
}
