using FsCheck;
using FsCheck.Fluent;
using LongWriter.Writing;

namespace LongWriter.Tests.Writing;

public sealed class PlanTextTests
{
    private static readonly WritingPlan Rome = new(
    [
        new PlannedSection("The founding", 400) { Heading = "Dawn" },
        new PlannedSection("The kings", 1_200),
    ])
    {
        Title = "Rome",
    };

    private static readonly string[] Pieces =
    [
        "The siege", "罗马", " ", "  ", " - ", "—", ":", "：", ",", "、", "**", "*", "_", "[", "]", "(", ")", "\"", "|", "Word Count: 5 words", "- Word Count: 12", "字数：7字", "300 words", "(40 words)", "五百字",
        "Main Point", "要点：", "Focus: ", "Heading: ", "Title: ", "Total: 900 words", "Paragraph 3", "1. ", "\n", "\r\n", "\t", "{\"", "#", "🙂", "\u00a0", "5 -", "about", "word count", "..", "-",
    ];

    [Fact]
    public void Format_English_WritesOneLineAStep() => Assert.Equal(
        "Title: Rome\nParagraph 1 - Heading: Dawn - Main Point: The founding - Word Count: 400 words\nParagraph 2 - Main Point: The kings - Word Count: 1200 words\n",
        PlanText.Format(Rome));

    [Fact]
    public void Format_Chinese_WritesOneLineAStep() => Assert.Equal(
        "题目：Rome\n第1段 - 标题：Dawn - 要点：The founding - 字数：400字\n第2段 - 要点：The kings - 字数：1200字\n",
        PlanText.Format(Rome, chinese: true));

    [Fact]
    public void Line_OneStep_IsThatLineOfTheWhole() =>
        Assert.Equal("Paragraph 2 - Main Point: The kings - Word Count: 1200 words", PlanText.Line(Rome, 1));

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Line_NoSuchStep_Throws(int index) =>
        Assert.Equal("index", Assert.Throws<ArgumentOutOfRangeException>(() => PlanText.Line(Rome, index)).ParamName);

    [Theory]
    [InlineData("a\r\nb\tc", "a b c")]
    [InlineData("[The **siege** of Rome]", "The siege of Rome")]
    [InlineData("\"*The siege*\" -", "The siege")]
    [InlineData("[a] and [b]", "[a] and [b]")]
    [InlineData("-5 degrees in March", "-5 degrees in March")]
    [InlineData("- - The siege: ", "The siege")]
    [InlineData("A plain sentence, with (brackets) and - dashes.", "A plain sentence, with (brackets) and - dashes.")]
    public void Clean_Text_KeepsWhatItSays(string text, string expected) => Assert.Equal(expected, PlanPhrase.Clean(text));

    [Fact]
    public void Clean_Twice_ChangesNothing() =>
        Prop.ForAll(Texts.ToArbitrary(), static text => PlanPhrase.Clean(PlanPhrase.Clean(text)) == PlanPhrase.Clean(text)).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithReplay(1UL, 3UL));

    [Fact]
    public void Fold_AnyText_KeepsTheLength() =>
        Prop.ForAll(Texts.ToArbitrary(), static text => PlanPhrase.Fold(text).Length == text.Length).Check(Config.QuickThrowOnFailure.WithReplay(1UL, 3UL));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Format_AnyPlan_ReadsBackAsItself(bool chinese)
    {
        Gen<PlannedSection> section =
            from main in Texts.Where(static text => Cleaned(text) is not null)
            from words in Gen.Choose(1, PlanParser.MaxStepWords)
            from heading in Gen.OneOf(Gen.Constant<string?>(null), Texts.Select(static text => Cleaned(text)))
                .Where(static heading => heading is null || !PlanLabels.HasMainPoint(PlanPhrase.Fold("x - " + heading)))
            select new PlannedSection(Cleaned(main)!, words) { Heading = heading };
        Gen<WritingPlan> plans =
            from sections in Gen.NonEmptyListOf(section)
            from title in Gen.OneOf(Gen.Constant<string?>(null), Texts.Select(static text => Cleaned(text)))
            select new WritingPlan([.. sections]) { Title = title };

        Prop.ForAll(plans.ToArbitrary(), plan =>
        {
            string text = PlanText.Format(plan, chinese);
            WritingPlan back = PlanParser.ParseOrThrow(text);
            Assert.Equal(text, PlanText.Format(back, chinese));
            Assert.Equal(plan, back);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000).WithReplay(7UL, 5UL));
    }

    private static Gen<string> Texts { get; } = Gen.Select(Gen.ArrayOf(Gen.Elements(Pieces)), static pieces => string.Concat(pieces));

    /// <summary>The form a plan keeps; null for texts without a letter, which are no main points.</summary>
    private static string? Cleaned(string text) => PlanPhrase.Clean(text) is var cleaned && cleaned.Any(char.IsLetter) ? cleaned : null;
}
