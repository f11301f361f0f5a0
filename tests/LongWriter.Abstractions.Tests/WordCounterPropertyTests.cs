using FsCheck;
using FsCheck.Fluent;

namespace LongWriter;

public class WordCounterPropertyTests
{
    // Weighted towards what the rules treat differently; long enough to reach the block-wise paths.
    private static readonly string[] Pieces =
    [
        "a", "Word", "don't", "e.g.", "3.14", "1,000;2", "a:b", "_", "a_1", "''", " ", " ", " ", "  ", "\t", ". ", ", ", "-", "\"",
        "é", "’", "\u0301", "\u00AD", "\u200D", "😀", "🇫", "א\"", "א'",
        "我", "中文，", "。", "“好”", "…", "々", "か", "カ", "ー", "\u3099", "ｶﾞ", "＿", "．", "한국어",
        "ก", "ภาษา", "ลา\u0E48", "\uD800", "\uDC00", "\uD840\uDC00", "²", "\u2028",
        "The quick brown fox jumps over the lazy dog and goes home to sleep at once. ", "我们今天去北京，然后回家睡觉。",
    ];

    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20240813UL, 7UL);

    private static Arbitrary<string> Texts =>
        Arb.From(Gen.Elements(Pieces).ListOf().Select(string.Concat));

    public static TheoryData<string> Names => ["compatible", "unicode"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Count_AnyUtf16_IsBetweenZeroAndItsLength(string name)
    {
        var counter = WordCounter.FromName(name);
        Arbitrary<string> anyUnits = Arb.From(Gen.Choose(0, 0xFFFF).Select(unit => (char)unit).ArrayOf().Select(units => new string(units)));
        Check.One(Fixed, Prop.ForAll(anyUnits, text => counter.Count(text) >= 0 && counter.Count(text) <= text.Length));
        Check.One(Fixed, Prop.ForAll(Texts, text => counter.Count(text) >= 0 && counter.Count(text) <= text.Length));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Count_TwoParagraphs_IsTheSumOfBoth(string name)
    {
        var counter = WordCounter.FromName(name);
        Check.One(Fixed, Prop.ForAll(Texts, Texts, (first, second) =>
            counter.Count(first + "\n\n" + second) == counter.Count(first) + counter.Count(second)));
    }

    [Fact]
    public void Count_UnicodeByBlocks_EqualsCharacterByCharacter() =>
        Check.One(Fixed, Prop.ForAll(Texts, text => WordCounter.Unicode.Count(text) == PlainCounts.Unicode(text)));

    [Fact]
    public void Count_CompatibleByBlocks_EqualsCharacterByCharacter() =>
        Check.One(Fixed, Prop.ForAll(Texts, text => WordCounter.Compatible.Count(text) == PlainCounts.Compatible(text)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Count_AnyText_AllocatesNothing(string name)
    {
        var counter = WordCounter.FromName(name);
        string text = string.Concat(Enumerable.Repeat(string.Concat(Pieces), 20));
        int sum = counter.Count(text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            sum += counter.Count(text);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);
    }

    [Theory]
    [InlineData('\'')]
    [InlineData('\u0301')]
    [InlineData('-')]
    [InlineData('a')]
    [InlineData('ก')]
    [InlineData('中')]
    public void Count_AMillionOfOneCharacter_IsLinear(char character)
    {
        string text = "a" + new string(character, 1_000_000);
        Assert.InRange(WordCounter.Unicode.Count(text), 1, 1_000_001);
        Assert.InRange(WordCounter.Compatible.Count(text), 0, 1_000_001);
    }
}
