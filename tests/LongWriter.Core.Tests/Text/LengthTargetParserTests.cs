using System.Diagnostics;
using LongWriter.Text;
using LongWriter.Text.Lengths;

namespace LongWriter.Core.Tests.Text;

public sealed class LengthTargetParserTests
{
    [Theory]
    [InlineData("Write 2,000,000 words on dust.", "The instruction asks for 2000000 words; the length must be 1 to 1000000.")]
    [InlineData("Write two million words on dust.", "The instruction asks for 2000000 words; the length must be 1 to 1000000.")]
    [InlineData("Write 0 words on dust.", "The instruction asks for 0 words; the length must be 1 to 1000000.")]
    [InlineData("写两百万字的小说", "The instruction asks for 2000000 字; the length must be 1 to 1000000.")]
    [InlineData("Write 0-500 words on dust.", "The instruction asks for 0 words; the length must be 1 to 1000000.")]
    [InlineData("Write 1000 letters of 2000 words each.", "The instruction asks for 2000000 words; the length must be 1 to 1000000.")]
    [InlineData("Write 99999999999999999999999999999999999999 words.", "The instruction asks for 1000000000000000 or more words; the length must be 1 to 1000000.")]
    public void Parse_LengthOutOfRange_SaysWhichAndWhatIsAllowed(string instruction, string message)
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(() => LengthTargetParser.Parse(instruction));

        Assert.Equal($"{message} (Parameter 'instruction')", exception.Message);
    }

    [Fact]
    public void Parse_Null_Throws() => Assert.Throws<ArgumentNullException>("instruction", () => LengthTargetParser.Parse(null!));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("words words words")]
    public void Parse_NothingStated_IsNull(string instruction) => Assert.Null(LengthTargetParser.Parse(instruction));

    [Fact]
    public void Parse_WithCounter_CarriesIt() =>
        Assert.Same(WordCounter.Compatible, LengthTargetParser.Parse("Write 500 words.", WordCounter.Compatible)!.Counter);

    [Fact]
    public void ParseAll_OutOfRange_KeepsTheStatement()
    {
        LengthReading reading = LengthTargetParser.ParseAll("Write 2,000,000 words on dust.");

        Assert.False(Assert.Single(reading.Statements).IsInRange);
        Assert.Equal(2_000_000, reading.Whole!.Value);
    }

    [Fact]
    public void ParseAll_Statement_SaysWhereItStands()
    {
        const string Instruction = "Write an essay of at least 1,200 words on tides.";

        LengthStatement statement = Assert.Single(LengthTargetParser.ParseAll(Instruction).Statements);

        Assert.Equal("of at least 1,200 words", Instruction.Substring(statement.Start, statement.Length));
    }

    [Fact]
    public void ParseAll_Parts_KeepsEachWithItsCount()
    {
        LengthReading reading = LengthTargetParser.ParseAll("Write five letters of 300 words each and two essays of 1000 words each.");

        Assert.Equal([(5, 300m), (2, 1000m)], reading.Parts.Select(part => (part.Count!.Value, part.Value)));
        Assert.Equal(3500, reading.Whole!.Value);
    }

    [Fact]
    public void ParseAll_NumberedParts_KeepsEach()
    {
        LengthReading reading = LengthTargetParser.ParseAll("Part 1, 500 words; part 2, 2,000 words.");

        Assert.Equal([500m, 2000m], reading.Parts.Select(part => part.Value));
        Assert.All(reading.Parts, part => Assert.Equal(StatementRole.Part, part.Role));
    }

    [Fact]
    public void ParseAll_ItemsWithoutCount_KeepsThePartAndNoWhole()
    {
        LengthReading reading = LengthTargetParser.ParseAll("Each paragraph should have 100 words; write about the tides.");

        Assert.Null(Assert.Single(reading.Parts).Count);
        Assert.Null(reading.Whole);
    }

    [Theory]
    [InlineData("1 ")]
    [InlineData("1 word ")]
    [InlineData("each 1 word, ")]
    [InlineData("一")]
    [InlineData("每篇1字")]
    [InlineData("1,111,")]
    [InlineData("at least about ")]
    [InlineData("\"a")]
    [InlineData("“")]
    [InlineData("one hundred and ")]
    [InlineData("a")]
    [InlineData("-")]
    [InlineData(" ")]
    [InlineData("1万")]
    [InlineData("part 1 with a 5-word x ")]
    public void Parse_MillionCharacters_TakesLinearTime(string unit)
    {
        string instruction = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length)) + " 500 words";
        long start = Stopwatch.GetTimestamp();

        LengthReading reading = LengthTargetParser.ParseAll(instruction);

        Assert.NotNull(reading);
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        Assert.True(taken < TimeSpan.FromSeconds(30), $"took {taken}"); // linear is below a second on an idle core; quadratic would be many minutes
        TestContext.Current.TestOutputHelper?.WriteLine($"{unit}: {taken.TotalMilliseconds:0} ms");
    }
}
