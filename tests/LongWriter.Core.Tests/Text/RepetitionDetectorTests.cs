using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace LongWriter.Text;

public class RepetitionDetectorTests
{
    private const string Opening = "The harbour lay still that morning, and nobody on the quay spoke above a whisper. ";
    private const string Sentence = "The sea was calm and the sails hung limp in the warm light of dawn. ";

    [Fact]
    public void Append_SameSentenceOverAndOver_ReportsAndKeepsItOnce()
    {
        var detector = new RepetitionDetector();
        Assert.True(detector.Append(Opening + Repeat(Sentence, 20)));
        Assert.Equal(Opening + Sentence.TrimEnd(), (Opening + Sentence)[..detector.LoopStart]);
    }

    [Fact]
    public void Append_CycleOfThreeSentences_ReportsAndKeepsTheCycleOnce()
    {
        string cycle = "He opened the door. One of the men laughed at one of the jokes. Rain fell on the roof of the old mill. ";
        var detector = new RepetitionDetector();
        Assert.True(detector.Append(Opening + Repeat(cycle, 10)));
        Assert.Equal(Opening + cycle.TrimEnd(), (Opening + cycle)[..detector.LoopStart]);
    }

    [Fact]
    public void Append_ChineseSentenceOverAndOver_ReportsAndKeepsItOnce()
    {
        const string opening = "清晨的港口一片寂静，码头上没有人高声说话。";
        const string sentence = "海面平静，船帆低垂在温暖的晨光里。";
        var detector = new RepetitionDetector();
        Assert.True(detector.Append(opening + Repeat(sentence, 20)));
        Assert.Equal(opening + sentence, (opening + sentence)[..detector.LoopStart]);
    }

    [Theory]
    [InlineData("very ", 200)]
    [InlineData("哈", 200)]
    [InlineData("ha", 3000)]
    [InlineData("สวัสดีครับ", 40)]
    [InlineData("!", 600)]
    [InlineData("0, ", 400)]
    [InlineData("😂", 400)]
    [InlineData("\n", 1100)]
    [InlineData("one two three\n\n", 60)]
    public void Append_ShortUnitWithoutEnd_Reports(string unit, int times)
    {
        var detector = new RepetitionDetector();
        Assert.True(detector.Append(Opening + Repeat(unit, times)));
        Assert.InRange(detector.LoopStart, Opening.Length - 1, Opening.Length + 70);
    }

    [Fact]
    public void Append_LoopOfAWholePage_ReportsWithinTheWindow()
    {
        string page = Prose(900, seed: 3);
        var detector = new RepetitionDetector();
        Assert.False(detector.Append(Repeat(page, 3)));
        Assert.True(detector.Append(Repeat(page, 2)));
        Assert.InRange(detector.LoopStart, page.Length - 2, page.Length);
    }

    [Fact]
    public void Append_LoopIsSeen_SoonAfterTheFourthRepeat()
    {
        var detector = new RepetitionDetector();
        _ = detector.Append(Opening);
        int repeats = 0;
        while (!detector.Append(Sentence))
        {
            repeats++;
        }

        // 14 words and a stop each: the 60 words are there at 5 repeats, and a look comes every 64 tokens.
        Assert.InRange(repeats, 4, 9);
    }

    [Fact]
    public void LoopStart_NoLoop_IsTheLengthOfTheText()
    {
        var detector = new RepetitionDetector();
        Assert.Equal(0, detector.LoopStart);
        Assert.False(detector.Append(Opening));
        Assert.False(detector.Append(Sentence));
        Assert.Equal((Opening + Sentence).Length, detector.LoopStart);
    }

    [Fact]
    public void Append_AfterALoop_StaysAndKeepsItsPlace()
    {
        var detector = new RepetitionDetector();
        _ = detector.Append(Repeat(Sentence, 20));
        int start = detector.LoopStart;
        Assert.True(detector.Append(Opening));
        Assert.True(detector.Append([]));
        Assert.Equal(start, detector.LoopStart);
    }

    [Fact]
    public void Append_OrdinaryProse_ReportsNothing()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.False(new RepetitionDetector().Append(Prose(5000, seed)));
        }
    }

    public static TheoryData<string> Innocent =>
    [
        // A refrain three times in a row, and after every verse.
        Opening + Repeat("Row, row, row your boat, gently down the stream, merrily, merrily, merrily, merrily, life is but a dream.\n", 3) + Opening,
        string.Concat(Enumerable.Range(0, 12).Select(i => Prose(40, i) + "\nAnd the river runs on to the sea, my love,\nand the river runs on to the sea.\n\n")),
        "\"No, no, no, no, no, no!\" she cried. " + Repeat("ha ", 15) + Opening,
        "哈哈哈哈哈哈哈哈哈哈！他笑了。" + Repeat("加油！", 6) + "大家一起喊。",
        Table(30, row => $"| Item {row} | {row * 7 % 13} kg | yes | no |"),
        Table(12, _ => "| yes | no | - |"),
        Repeat("| | | | | |\n", 20),
        string.Concat(Enumerable.Range(1, 40).Select(i => $"{i}. Check the value of part {i} and write it down.\n")),
        "Title\n" + new string('=', 120) + "\n\nText\n\n" + new string('-', 120) + "\n" + Opening,
        string.Concat(Enumerable.Range(0, 8).Select(_ => "0, 1, 0, 0, 1, 0, 0, 0\n")),
        "def f():\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"        total += values[{i}]\n")),
        Opening + Repeat(Sentence, 3) + Opening,
    ];

    [Theory]
    [MemberData(nameof(Innocent))]
    public void Append_RepetitionOnPurpose_ReportsNothing(string text) =>
        Assert.False(new RepetitionDetector(new RepetitionDetectorOptions { CheckEveryTokens = 1 }).Append(text));

    [Fact]
    public void Append_AnyChunks_GiveTheSameResult()
    {
        string[] pieces = ["a b c ", "x", " ", "\n", ".", "海", "12 ", "\uD83D", Repeat("so it goes ", 30), Repeat("好。", 70)];
        Arbitrary<string> texts = Arb.From(Gen.Elements(pieces).ListOf().Select(string.Concat));
        Arbitrary<int> sizes = Arb.From(Gen.Choose(1, 50));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20240813UL, 7UL), Prop.ForAll(texts, sizes, (text, size) =>
        {
            var whole = new RepetitionDetector();
            var chunked = new RepetitionDetector();
            bool found = whole.Append(text);
            bool foundInChunks = false;
            for (int i = 0; i < text.Length; i += size)
            {
                foundInChunks = chunked.Append(text.AsSpan(i, Math.Min(size, text.Length - i)));
            }

            Assert.Equal((found, whole.LoopStart), (foundInChunks, chunked.LoopStart));
            Assert.InRange(whole.LoopStart, 0, text.Length);
        }));
    }

    [Fact]
    public void Append_Streaming_AllocatesNothing()
    {
        var detector = new RepetitionDetector();
        string text = Prose(20_000, seed: 1);
        _ = detector.Append(Opening);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool found = false;
        for (int i = 0; i < text.Length; i += 5)
        {
            found |= detector.Append(text.AsSpan(i, Math.Min(5, text.Length - i)));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.False(found);
    }

    [Fact]
    public void Constructor_BadOptions_NamesThemAll() => Assert.Equal(
        "MinRepeats must be 2 or more but is 1. CheckEveryTokens must be 1 or more but is 0.",
        Assert.Throws<ArgumentException>(() => new RepetitionDetector(new RepetitionDetectorOptions { MinRepeats = 1, CheckEveryTokens = 0 })).Message);

    private static string Repeat(string unit, int times) => string.Concat(Enumerable.Repeat(unit, times));

    private static string Table(int rows, Func<int, string> row) =>
        "| a | b | c |\n|---|---|---|\n" + string.Concat(Enumerable.Range(0, rows).Select(i => row(i) + "\n"));

    // Words by Zipf's law over a small vocabulary, in sentences: more repetitive than people write.
    private static string Prose(int words, int seed)
    {
        var random = new Random(seed);
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < words; i++)
        {
            int rank = (int)Math.Exp(random.NextDouble() * Math.Log(400));
            text.Append(CultureInfo.InvariantCulture, $"word{(char)('a' + (rank % 26))}{(char)('a' + (rank / 26))}");
            text.Append(random.Next(12) == 0 ? ". " : " ");
        }

        return text.ToString().TrimEnd() + ".\n";
    }
}
