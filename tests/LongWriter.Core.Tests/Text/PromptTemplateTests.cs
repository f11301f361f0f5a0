using FsCheck;
using FsCheck.Fluent;
using LongWriter.Text;

namespace LongWriter.Tests.Text;

public sealed class PromptTemplateTests
{
    private static readonly string[] Known = ["INST", "PLAN", "TEXT", "STEP", "RESPONSE"];

    [Fact]
    public void Render_ValueWithAPlace_StaysAsItIs()
    {
        PromptTemplate template = PromptTemplate.Parse("Do $INST$ by $PLAN$, then $INST$.", "write.txt", Known);

        Assert.Equal("Do explain $PLAN$ and $TEXT$ by one, then explain $PLAN$ and $TEXT$.", template.Render(("INST", "explain $PLAN$ and $TEXT$"), ("PLAN", "one")));
    }

    [Theory]
    [InlineData("It costs $5 and $6.")]
    [InlineData("$foo$ $Foo$ $ $$ $A1$ $")]
    [InlineData("")]
    public void Render_LoneDollars_AreText(string text)
    {
        PromptTemplate template = PromptTemplate.Parse(text, "write.txt", Known);

        Assert.Empty(template.Places);
        Assert.Equal(text, template.Render());
    }

    [Fact]
    public void Render_PlaceBehindADollar_IsFilled() =>
        Assert.Equal("$x$y", PromptTemplate.Parse("$$INST$$PLAN$", "write.txt", Known).Render(("INST", "x"), ("PLAN", "$y"))[..4]);

    [Fact]
    public void Render_EmptyPlaceAloneOnItsLine_TakesTheLineWithIt()
    {
        PromptTemplate template = PromptTemplate.Parse("Plan:\n$PLAN$\nText so far:\r\n  $TEXT$ \r\nStep: $STEP$\n", "write.txt", Known);

        Assert.Equal("Plan:\nText so far:\r\nStep: \n", template.Render(("PLAN", ""), ("TEXT", ""), ("STEP", "")));
        Assert.Equal("Plan:\np\nText so far:\r\n  t \r\nStep: s\n", template.Render(("PLAN", "p"), ("TEXT", "t"), ("STEP", "s")));
    }

    [Fact]
    public void Parse_UnknownPlace_NamesFileLinePlaceAndTheKnownOnes()
    {
        FormatException error = Assert.Throws<FormatException>(() => PromptTemplate.Parse("Do $INST$.\n\nUse $PLANS$.", "write.txt", ["INST", "PLAN"]));

        Assert.Equal("write.txt:3: the place $PLANS$ is not known; known are $INST$, $PLAN$.", error.Message);
    }

    [Fact]
    public void Parse_RequiredPlacesMissing_NamesThem()
    {
        FormatException one = Assert.Throws<FormatException>(() => PromptTemplate.Parse("Do $INST$.", "plan.txt", Known, ["INST", "PLAN"]));
        FormatException two = Assert.Throws<FormatException>(() => PromptTemplate.Parse("Do it.", "plan.txt", Known, ["PLAN", "INST"]));

        Assert.Equal("plan.txt: the place $PLAN$ must occur but does not.", one.Message);
        Assert.Equal("plan.txt: the places $INST$, $PLAN$ must occur but do not.", two.Message);
    }

    [Fact]
    public void Render_ValueMissing_NamesThePlace()
    {
        PromptTemplate template = PromptTemplate.Parse("$INST$ $PLAN$", "write.txt", Known);

        ArgumentException error = Assert.Throws<ArgumentException>(() => template.Render(("INST", "x")));
        Assert.Equal("write.txt: the place $PLAN$ has no value. (Parameter 'values')", error.Message);
    }

    [Fact]
    public void Render_ValueForNoKnownPlace_IsRefused()
    {
        PromptTemplate template = PromptTemplate.Parse("$INST$", "write.txt", ["INST", "PLAN"]);

        ArgumentException error = Assert.Throws<ArgumentException>(() => template.Render(("INST", "x"), ("STEPS", "y")));
        Assert.Equal("write.txt: a value was given for $STEPS$, which is not known; known are $INST$, $PLAN$. (Parameter 'values')", error.Message);
    }

    [Fact]
    public void Places_Template_ListsEachOnce() =>
        Assert.Equal(["INST", "TEXT"], PromptTemplate.Parse("$TEXT$ $INST$ $TEXT$", "write.txt", Known).Places.Order());

    [Fact]
    public void Render_PlacesFilledWithThemselves_GivesTheTemplateBack()
    {
        Gen<string> texts = Gen.Select(
            Gen.ArrayOf(Gen.Elements("$INST$", "$PLAN$", "$", "$5", "$foo$", "a", " ", "\n", "\r\n", "\t", "🙂")), static pieces => string.Concat(pieces));

        Prop.ForAll(texts.ToArbitrary(), static text =>
            PromptTemplate.Parse(text, "write.txt", ["INST", "PLAN"]).Render(("INST", "$INST$"), ("PLAN", "$PLAN$")) == text)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000).WithReplay(5UL, 7UL));
    }
}
