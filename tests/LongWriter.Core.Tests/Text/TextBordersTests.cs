using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;

namespace LongWriter.Text;

public class TextBordersTests
{
    // The bar marks the expected end.
    [Theory]
    [InlineData("One is done. Two is no|", "One is done.")]
    [InlineData("He asked \"Why?\" Then he le|", "He asked \"Why?\"")]
    [InlineData("(All of it.) And mo|", "(All of it.)")]
    [InlineData("It is over!!! Or is|", "It is over!!!")]
    [InlineData("Dr. Lee met Mr. Fox vs. Gen. Ulm in No. 5|", "")]
    [InlineData("We went. Dr. Lee met Mr.|", "We went.")]
    [InlineData("Use fruit, e.g. apples, i.e. food|", "")]
    [InlineData("The U.S. Senate voted|", "")]
    [InlineData("It cost 3.14 at example.com. Then J. R. R. Tolkien ca|", "It cost 3.14 at example.com.")]
    [InlineData("We left at 5 p.m. The road was|", "We left at 5 p.m.")]
    [InlineData("So did I. Then we|", "So did I.")]
    [InlineData("He waited... and then wen|", "")]
    [InlineData("He waited... Then he wen|", "He waited...")]
    [InlineData("He waited… Then he wen|", "He waited…")]
    [InlineData("\"Stop!\" he said and wen|", "")]
    [InlineData("1. First thing\n2. Second|", "")]
    [InlineData("A heading\n\nText that is cut|", "A heading")]
    [InlineData("A heading  \r\n \r\nText that is cut|", "A heading")]
    [InlineData("他来了。她走|", "他来了。")]
    [InlineData("他说：“你好！”她走|", "他说：“你好！”")]
    [InlineData("「行くの？」と言っ|", "「行くの？」")]
    [InlineData("《书》写完了（真的。）他又|", "《书》写完了（真的。）")]
    [InlineData("他想……然后走|", "")]
    [InlineData("no stop at all|", "")]
    [InlineData("|", "")]
    public void LastSentenceEnd_CutText_KeepsCompleteSentences(string text, string expected)
    {
        string cut = text.TrimEnd('|');
        Assert.Equal(expected, cut[..TextBorders.LastSentenceEnd(cut)]);
    }

    [Theory]
    [InlineData("First one. Second one. Third.", 0, "First one. Second one. Third.")]
    [InlineData("First one. Second one. Third.", 3, "Second one. Third.")]
    [InlineData("First one. Second one. Third.", 10, "Second one. Third.")]
    [InlineData("First one. Second one. Third.", 11, "Second one. Third.")]
    [InlineData("First one. Second one. Third.", 12, "Third.")]
    [InlineData("First one. Second one. Third.", 24, "")]
    [InlineData("First one. Second one. Third.", 29, "")]
    [InlineData("Heading\n\nBody text here", 2, "Body text here")]
    [InlineData("Heading\n\nBody text here", 9, "Body text here")]
    [InlineData("他来了。“走吧。”她说。", 2, "“走吧。”她说。")]
    [InlineData("他来了。“走吧。”她说。", 5, "她说。")]
    [InlineData("   Lead", 1, "Lead")]
    public void FirstSentenceStartAtOrAfter_AnyIndex_StartsASentence(string text, int index, string expected) =>
        Assert.Equal(expected, text[TextBorders.FirstSentenceStartAtOrAfter(text, index)..]);

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void FirstSentenceStartAtOrAfter_IndexOutsideTheText_Throws(int index) =>
        Assert.Equal("index", Assert.Throws<ArgumentOutOfRangeException>(() => TextBorders.FirstSentenceStartAtOrAfter("abc", index)).ParamName);

    [Theory]
    [InlineData("It is done.", true)]
    [InlineData("It is done.\n\n", true)]
    [InlineData("\"It is done.\"", true)]
    [InlineData("**It is done.**", true)]
    [InlineData("He lives in the U.S.", true)]
    [InlineData("Apples, pears, etc.", true)]
    [InlineData("I ate a fig.", true)]
    [InlineData("She left…", true)]
    [InlineData("他来了。", true)]
    [InlineData("他说：“你好！”", true)]
    [InlineData("她问：「真的？』", true)]
    [InlineData("他走了……", true)]
    [InlineData("It is do", false)]
    [InlineData("It is done. And th", false)]
    [InlineData("We met Dr.", false)]
    [InlineData("Take fruit, e.g.", false)]
    [InlineData("2.", false)]
    [InlineData("他来了，", false)]
    [InlineData("", false)]
    [InlineData(" \n ", false)]
    [InlineData("\"", false)]
    public void EndsSentence_Text_TellsCompleteFromCut(string text, bool expected) =>
        Assert.Equal(expected, TextBorders.EndsSentence(text));

    [Theory]
    [InlineData("One.\n\nTwo.\n\nThree", "One.\n\nTwo.")]
    [InlineData("One.\nTwo.", "")]
    [InlineData("\n\n\n", "")]
    public void LastParagraphEnd_Text_StopsBeforeTheBlankLine(string text, string expected) =>
        Assert.Equal(expected, text[..TextBorders.LastParagraphEnd(text)]);

    [Theory]
    [InlineData("a\n```cs\ncode", true)]
    [InlineData("a\n```cs\ncode\n```", false)]
    [InlineData("~~~\n```\n", true)]
    [InlineData("````\n```\n", true)]
    [InlineData("````\n```\n`````  \n", false)]
    [InlineData("    ```\nindented", false)]
    [InlineData("inline ``` only", false)]
    [InlineData("", false)]
    public void IsInsideCodeBlock_Text_FollowsTheFences(string text, bool expected) =>
        Assert.Equal(expected, TextBorders.IsInsideCodeBlock(text));

    [Theory]
    [InlineData("x\n- item", true)]
    [InlineData("x\n  12. item\n", true)]
    [InlineData("3) item", true)]
    [InlineData("3、事", true)]
    [InlineData("- item\n\nProse.", false)]
    [InlineData("3.14 is pi", false)]
    [InlineData("-5 degrees", false)]
    [InlineData("2024", false)]
    [InlineData("", false)]
    public void IsInsideList_Text_LooksAtTheLastLine(string text, bool expected) =>
        Assert.Equal(expected, TextBorders.IsInsideList(text));

    [Fact]
    public void Borders_AnyText_AgreeWithEachOther()
    {
        string[] pieces = ["Word", "Dr", "U.S", "a", "1", ".", ".", "!", "…", "。", "？", "”", "\"", ")", " ", " ", "\n", "\n\n", "\r", "他", "“", "#", "- ", "\uD800", "```"];
        Arbitrary<string> texts = Arb.From(Gen.Elements(pieces).ListOf().Select(string.Concat));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20240813UL, 7UL), Prop.ForAll(texts, text =>
        {
            int end = TextBorders.LastSentenceEnd(text);
            Assert.InRange(end, 0, text.Length);
            Assert.InRange(TextBorders.LastParagraphEnd(text), 0, end);
            Assert.True(!TextBorders.EndsSentence(text) || end == text.TrimEnd().Length, text);
            int start = 0;
            for (int index = 0; index <= text.Length; index++)
            {
                int next = TextBorders.FirstSentenceStartAtOrAfter(text, index);
                Assert.InRange(next, Math.Max(index, start), text.Length);
                start = next;
            }

            _ = TextBorders.IsInsideCodeBlock(text) | TextBorders.IsInsideList(text);
        }));
    }

    // Quadratic work on a million characters would take minutes.
    [Theory]
    [InlineData("\n")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("a. ")]
    [InlineData("1. a ")]
    [InlineData(".\"")]
    [InlineData("\n \r")]
    [InlineData("***")]
    public void Borders_AMillionOfThePiece_AreFoundInLinearTime(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        var watch = Stopwatch.StartNew();
        _ = TextBorders.LastSentenceEnd(text) + TextBorders.LastParagraphEnd(text) + TextBorders.FirstSentenceStartAtOrAfter(text, 1);
        _ = TextBorders.EndsSentence(text) | TextBorders.IsInsideCodeBlock(text) | TextBorders.IsInsideList(text);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }
}
