using LongWriter.Benchmarking;
using LongWriter.Text;

namespace LongWriter.Core.Tests.Benchmarking;

public sealed class LengthRulerTests
{
    [Fact]
    public void Create_Defaults_HasEveryRequestAtEveryLength()
    {
        BenchmarkSuite suite = LengthRuler.Create();

        Assert.Equal(("ruler", "v1, lengths 500 1000 2000 5000 10000, languages en zh"), (suite.Name, suite.Version));
        Assert.Equal(5 * 12, suite.Items.Count);
        Assert.Equal(60, suite.Items.Select(item => item.Id).Distinct().Count());
        Assert.Equal([0, 1_000, 2_000, 5_000, 10_000], suite.BinEdges);
        Assert.Equal(30, suite.Items.Count(item => item.Language == "zh"));
        Assert.All(suite.Items, item => Assert.DoesNotContain("$", item.Prompt, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(1_000)]
    [InlineData(12_345)]
    [InlineData(1_000_000)]
    public void Create_AnyLength_IsReadFromEveryPrompt(int length)
    {
        foreach (BenchmarkItem item in LengthRuler.Create([length]).Items)
        {
            LengthTarget? target = LengthTargetParser.Parse(item.Prompt);

            Assert.True(
                target is not null && target.Kind == LengthKind.Equal && target.Value == length
                && target.Unit == (item.Language == "zh" ? LengthUnit.Characters : LengthUnit.Words),
                $"read {target} from: {item.Prompt}");
        }
    }

    [Fact]
    public void Create_GivenLengthsAndLanguages_AreInOrderWhateverTheyWereGivenIn()
    {
        BenchmarkSuite suite = LengthRuler.Create([2_000, 300], ["zh"]);

        Assert.Equal("v1, lengths 300 2000, languages zh", suite.Version);
        Assert.Equal([0, 2_000], suite.BinEdges);
        Assert.Equal(("ruler-zh-lighthouse-0000300", "写一篇300字的小说，讲述一座灯塔最后一位守塔人从第一夜到最后一夜的故事。"), (suite.Items[0].Id, suite.Items[0].Prompt));
        Assert.Equal(suite.Items.Select(item => item.Prompt), LengthRuler.Create([300, 2_000], ["zh"]).Items.Select(item => item.Prompt));
    }

    [Fact]
    public void Create_UnusableLengthsAndLanguages_AreAllNamed()
    {
        var error = Assert.Throws<ArgumentException>(() => LengthRuler.Create([500, 0, 500], ["en", "fr"]));

        Assert.Equal(
            "The lengths must be numbers from 1 to 1000000, none twice, but are \"500,0,500\". The languages must be of en, zh, none twice, but are \"en,fr\".",
            error.Message);
    }
}
