using System.Globalization;

namespace LongWriter;

public class CompatibleWordCounterTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("don't stop", 3)]
    [InlineData("well-known fact", 3)]
    [InlineData("GPT4 3D 2024 COVID-19", 1)]
    [InlineData("café résumé naïve", 0)]
    [InlineData("我爱China和GPT", 3)]
    [InlineData("我爱 China 和 GPT", 5)]
    [InlineData("foo_bar baz", 1)]
    [InlineData("U.S. e.g. Ph.D.", 6)]
    [InlineData("Привет мир 안녕 ひらがな カタカナ", 0)]
    [InlineData("\u3400\U00020000", 0)]
    [InlineData("hello世界world", 2)]
    [InlineData("2024 365", 0)]
    public void Count_PaperVector_EqualsThePapersCode(string text, int expected) =>
        Assert.Equal(expected, WordCounter.Compatible.Count(text));

    [Theory]
    [InlineData("a\uD800b", 2)]
    [InlineData("a\uDC00", 1)]
    [InlineData("\uD840\uDC00a", 0)]
    [InlineData("\uD840 \uDC00a", 1)]
    public void Count_Surrogates_OnlyPairsAreLetters(string text, int expected) =>
        Assert.Equal(expected, WordCounter.Compatible.Count(text));

    [Fact]
    public void Count_GoldenTexts_EqualsPython()
    {
        int checkedTexts = 0;
        foreach (string line in GoldenFile.Lines("compatible-words.txt"))
        {
            string[] fields = line.Split('\t');
            string text = GoldenFile.Text(GoldenFile.Fields(fields[1]));
            int expected = int.Parse(fields[0], CultureInfo.InvariantCulture);
            Assert.True(expected == WordCounter.Compatible.Count(text), $"{fields[1]}: expected {expected}, counted {WordCounter.Compatible.Count(text)}.");
            checkedTexts++;
        }

        Assert.Equal(2000, checkedTexts);
    }

    [Fact]
    public void Contains_EveryCodePoint_EqualsPythonsWordClass()
    {
        var expected = new HashSet<int>();
        foreach (string line in GoldenFile.Lines("python-word-ranges.txt"))
        {
            int[] edges = [.. line.Split("..").Select(hex => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            expected.UnionWith(Enumerable.Range(edges[0], edges[1] - edges[0] + 1));
        }

        Assert.Equal([], Enumerable.Range(0, 0x110000).Where(c => PythonWordTable.Contains(c) != expected.Contains(c)));
    }
}
