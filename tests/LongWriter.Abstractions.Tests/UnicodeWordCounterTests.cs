namespace LongWriter;

public class UnicodeWordCounterTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("don't stop", 2)]
    [InlineData("don’t stop", 2)]
    [InlineData("well-known fact", 3)]
    [InlineData("café résumé naïve", 3)]
    [InlineData("GPT4 3D 2024 COVID-19", 5)]
    [InlineData("The U.S. economy grew 3.14%, e.g. by $1,000.", 8)]
    [InlineData("snake_case _ __", 1)]
    [InlineData("Привет, мир!", 2)]
    public void Count_WordsOfSpacedScripts_CountsSegments(string text, int expected) =>
        Assert.Equal(expected, WordCounter.Unicode.Count(text));

    [Theory]
    [InlineData("我爱China和GPT", 5)]
    [InlineData("我爱 China 和 GPT。", 5)]
    [InlineData("人々は〇を", 5)]
    [InlineData("㐀\U00020000\U00030000\uF900", 4)]
    [InlineData("コンピューター", 7)]
    [InlineData("ひらがなとカタカナ", 9)]
    [InlineData("ｶﾞｷﾞ", 2)]
    [InlineData("か\u3099カ_a", 3)]
    public void Count_IdeographsAndKana_CountOneEach(string text, int expected) =>
        Assert.Equal(expected, WordCounter.Unicode.Count(text));

    [Theory]
    [InlineData("안녕하세요 세계", 2)]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", 1)]
    public void Count_Hangul_CountsSpacedWords(string text, int expected) =>
        Assert.Equal(expected, WordCounter.Unicode.Count(text));

    [Theory]
    [InlineData("x² ½ ① № ™ + — …", 1)]
    [InlineData("😀 👨‍👩‍👧 🇫🇷 #️⃣", 0)]
    [InlineData("\uD800 \uDC00 \u0301", 0)]
    public void Count_SignsAndEmoji_CountNothing(string text, int expected) =>
        Assert.Equal(expected, WordCounter.Unicode.Count(text));

    // ภาษาไทย ("the Thai language") has 7 letters and no marks; ที่นี่ ("here") has 2 letters under 4 marks.
    [Theory]
    [InlineData("ภาษาไทย", 3)]
    [InlineData("ที่นี่", 1)]
    [InlineData("ภาษาไทย ที่นี่", 4)]
    [InlineData("ภาษาGPTไทย", 4)]
    [InlineData("ພາສາລາວ", 3)]
    [InlineData("ភាសាខ្មែរ", 2)]
    [InlineData("မြန်မာဘာသာ", 2)]
    public void Count_ScriptsWithoutWordSpaces_EstimatesByThreeLettersPerRun(string text, int expected) =>
        Assert.Equal(expected, WordCounter.Unicode.Count(text));
}
