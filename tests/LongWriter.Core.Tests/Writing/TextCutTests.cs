using FsCheck;
using FsCheck.Fluent;
using LongWriter.Writing;

namespace LongWriter.Core.Tests.Writing;

public sealed class TextCutTests
{
    private static readonly TokenBudget Words = new(new WordTokens(1_000), 0);

    [Theory]
    [InlineData("One is here. Two is there. Three is gone.", 4, "Three is gone.")]
    [InlineData("One is here. Two is there.", 100, "One is here. Two is there.")]
    [InlineData("- one\n- two\n- three", 3, "- three")]
    [InlineData("no stop in all of this", 3, "of this")]
    [InlineData("One is here.", 0, "")]
    public void Tail_ByPlan_StartsAtTheBestBorder(string text, int tokens, string expected) => Assert.Equal(expected, TextCut.Tail(text, tokens, Words));

    [Theory]
    [InlineData("One is here. Two is there. Three is gone.", 8, "One is here. Two is there.")]
    [InlineData("- one\n- two\n- three", 6, "- one\n- two")]
    [InlineData("no stop in all of this", 3, "no stop")]
    [InlineData("One is here.", 0, "")]
    public void Head_ByPlan_EndsAtTheBestBorder(string text, int tokens, string expected) => Assert.Equal(expected, TextCut.Head(text, tokens, Words).TrimEnd());

    [Fact]
    public void Cut_AnyText_FitsAndIsAPartOfIt()
    {
        var characters = new TokenBudget(counter: null, 1_000);
        Gen<(string[], int)> cases =
            from pieces in Gen.ArrayOf(Gen.Elements("a", "word ", ". ", "。", "灯塔", "\n", "\n\n", "😀", "\ud83d", "! ", "  "))
            from tokens in Gen.Choose(0, 20)
            select (pieces, tokens);

        Prop.ForAll(cases.ToArbitrary(), generated =>
        {
            string text = string.Concat(generated.Item1);
            string tail = TextCut.Tail(text, generated.Item2, characters), head = TextCut.Head(text, generated.Item2, characters);
            return text.EndsWith(tail, StringComparison.Ordinal) && text.StartsWith(head, StringComparison.Ordinal)
                && characters.Count(tail) <= generated.Item2 && characters.Count(head) <= generated.Item2;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(20_260_101UL, 5UL));
    }
}
