using System.Globalization;

namespace LongWriter;

public class WordSegmenterTests
{
    [Fact]
    public void UnicodeVersion_OfTheTable_IsThatOfTheTestFile()
    {
        string header = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "golden", "WordBreakTest.txt")).First();
        Assert.Equal($"# WordBreakTest-{WordBreakTable.UnicodeVersion}.txt", header);
    }

    [Fact]
    public void NextBoundary_AllOfWordBreakTest_EqualsUnicode() => Assert.Equal(1823, CheckBoundaries("WordBreakTest.txt"));

    [Fact]
    public void NextBoundary_ScriptsWithoutDictionary_EqualsIcu() => Assert.Equal(2100, CheckBoundaries("word-segments.txt"));

    // ICU takes its status from the last rule, and so forgets the digit before a joined emoji or a connector; we count it.
    [Fact]
    public void Count_ScriptsWithoutDictionary_EqualsIcusWordLikeSegments()
    {
        string[] digitThenJoinedSign = ["0031 × 200D × 1F600", "0031 × 200D × 1F3FB", "0030 × 203F × 093E"];
        var different = new List<string>();
        foreach (string line in GoldenFile.Lines("word-segments.txt"))
        {
            string[] parts = line.Split('#');
            string text = GoldenFile.Text(GoldenFile.Fields(parts[0]).Where(field => field is not ("÷" or "×")));
            int expected = int.Parse(parts[1], CultureInfo.InvariantCulture);
            if (WordCounter.Unicode.Count(text) != expected)
            {
                different.Add(line);
            }
        }

        Assert.Equal(digitThenJoinedSign.Length, different.Count);
        Assert.All(digitThenJoinedSign, (sign, i) => Assert.Contains(sign, different[i], StringComparison.Ordinal));
    }

    private static int CheckBoundaries(string file)
    {
        int lines = 0;
        foreach (string line in GoldenFile.Lines(file))
        {
            string expected = line.Split('#')[0].Trim();
            string text = GoldenFile.Text(GoldenFile.Fields(expected).Where(field => field is not ("÷" or "×")));
            Assert.Equal(expected, Marked(text));
            lines++;
        }

        return lines;
    }

    private static string Marked(string text)
    {
        var parts = new List<string> { "÷" };
        for (int start = 0; start < text.Length;)
        {
            int end = WordSegmenter.NextBoundary(text, start, out _);
            parts.Add(string.Join(" × ", text[start..end].EnumerateRunes().Select(rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture))));
            parts.Add("÷");
            start = end;
        }

        return string.Join(' ', parts);
    }
}
