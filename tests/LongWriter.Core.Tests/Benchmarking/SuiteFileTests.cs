using LongWriter.Benchmarking;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>Suites of the user's own.</summary>
public sealed class SuiteFileTests
{
    [Fact]
    public void Load_TwoLines_GivesItemsWithIdsAndLanguages()
    {
        using var folder = new BenchFolder();
        string path = folder.Write("mine.jsonl", """
            {"prompt": "Write 300 words", "type": "News Report", "length": 300, "note": "left alone"}
            {"prompt": "写一篇300词的英语作文 about tea culture and everything that people say about it", "type": "教育", "length": 400}

            """);
        BenchmarkSuite suite = BenchmarkSuiteFile.Load(path);

        Assert.Equal("mine", suite.Name);
        Assert.Matches("^[0-9a-f]{64}$", suite.Version);
        Assert.Equal([0, 500, 2_000, 4_000], suite.BinEdges);
        Assert.Equal(
            [
                new BenchmarkItem { Id = "mine-001", Prompt = "Write 300 words", Language = "en", Type = "News Report", RequiredWords = 300 },
                new BenchmarkItem
                {
                    Id = "mine-002", Prompt = "写一篇300词的英语作文 about tea culture and everything that people say about it", Language = "zh", Type = "教育", RequiredWords = 400,
                },
            ],
            suite.Items);
    }

    [Fact]
    public void Load_OptionalFields_AreTaken()
    {
        using var folder = new BenchFolder();
        string path = folder.Write("mine.jsonl", """{"id": "tea", "language": "zh", "prompt": "Write 300 words", "type": "x", "length": 1}""");
        BenchmarkItem item = Assert.Single(BenchmarkSuiteFile.Load(path).Items);

        Assert.Equal(("tea", "zh", 1), (item.Id, item.Language, item.RequiredWords));
    }

    [Fact]
    public void Load_SamePromptTwice_HasTwoIds()
    {
        using var folder = new BenchFolder();
        string line = """{"prompt": "Write 300 words", "type": "x", "length": 300}""";
        string path = folder.Write("mine.jsonl", $"\uFEFF{line}\r\n\r\n  \n{line}");

        Assert.Equal(["mine-001", "mine-002"], BenchmarkSuiteFile.Load(path).Items.Select(item => item.Id));
    }

    [Theory]
    [InlineData("", "expected at least one line with a JSON object, found none.")]
    [InlineData(" \n\n", "expected at least one line with a JSON object, found none.")]
    [InlineData("prompt,type,length", "line 1: expected one JSON object without repeated fields, found \"prompt,type,length\".")]
    [InlineData("[1]", "line 1: expected one JSON object without repeated fields, found \"[1]\".")]
    [InlineData(
        "{\"prompt\": \"a\", \"prompt\": \"b\", \"type\": \"x\", \"length\": 3}",
        "line 1: expected one JSON object without repeated fields, found \"{\"prompt\": \"a\", \"prompt\": \"b\", \"type\": \"x\", \"length\": 3}\".")]
    [InlineData("{\"type\": \"x\", \"length\": 3}", "line 1: prompt: expected a text that is not blank, found nothing.")]
    [InlineData("{\"prompt\": \" \", \"type\": \"x\", \"length\": 3}", "line 1: prompt: expected a text that is not blank, found \" \".")]
    [InlineData("{\"prompt\": \"\\ud800\", \"type\": \"x\", \"length\": 3}", "line 1: prompt: expected a text that is not blank, found \"\\ud800\".")]
    [InlineData("{\"prompt\": \"a\", \"type\": null, \"length\": 3}", "line 1: type: expected a text that is not blank, found null.")]
    [InlineData("{\"prompt\": \"a\", \"type\": \"x\"}", "line 1: length: expected a whole number from 1 to 1000000, found nothing.")]
    [InlineData("{\"prompt\": \"a\", \"type\": \"x\", \"length\": 0}", "line 1: length: expected a whole number from 1 to 1000000, found 0.")]
    [InlineData("{\"prompt\": \"a\", \"type\": \"x\", \"length\": \"300\"}", "line 1: length: expected a whole number from 1 to 1000000, found \"300\".")]
    [InlineData("{\"prompt\": \"a\", \"type\": \"x\", \"length\": 1e9}", "line 1: length: expected a whole number from 1 to 1000000, found 1e9.")]
    [InlineData("{\"prompt\": \"a\", \"type\": \"x\", \"length\": 3, \"language\": \"fr\"}", "line 1: language: expected \"en\" or \"zh\", found \"fr\".")]
    [InlineData("{\"prompt\": \"a\", \"type\": \"x\", \"length\": 3, \"id\": 7}", "line 1: id: expected a text that is not blank, found 7.")]
    public void Load_BadLine_NamesFileLineFieldValueAndWhatWasExpected(string content, string problem)
    {
        using var folder = new BenchFolder();
        string path = folder.Write("mine.jsonl", content);
        var error = Assert.Throws<BenchmarkSuiteException>(() => BenchmarkSuiteFile.Load(path));

        Assert.Equal($"DIR/mine.jsonl: {problem}", folder.Named(error.Message));
        Assert.Equal([problem], error.Problems);
    }

    [Fact]
    public void Load_OtherBytesThanUtf8_NamesTheLine()
    {
        using var folder = new BenchFolder();
        File.WriteAllBytes(folder.PathTo("mine.jsonl"), [.. "{\"prompt\": \""u8, 0xFF, .. "\", \"type\": \"x\", \"length\": 3}"u8]);
        var error = Assert.Throws<BenchmarkSuiteException>(() => BenchmarkSuiteFile.Load(folder.PathTo("mine.jsonl")));

        Assert.Equal("DIR/mine.jsonl: line 1: expected UTF-8 text, found other bytes.", folder.Named(error.Message));
    }

    [Fact]
    public void Load_SeveralProblems_TellsThemAllAtOnce()
    {
        using var folder = new BenchFolder();
        string path = folder.Write("mine.jsonl", """
            {"id": "tea", "prompt": "Write 300 words", "type": "x", "length": 300}
            {"id": "tea", "prompt": "Write 300 words", "type": "x", "length": 300}
            {"prompt": "Write 300 words", "length": -1}
            """);
        var error = Assert.Throws<BenchmarkSuiteException>(() => BenchmarkSuiteFile.Load(path));

        Assert.Equal(
            """
            DIR/mine.jsonl: 3 problems:
              line 2: id: expected one that no other line has, found "tea", which line 1 has.
              line 3: type: expected a text that is not blank, found nothing.
              line 3: length: expected a whole number from 1 to 1000000, found -1.
            """,
            folder.Named(error.Message));
    }

    [Fact]
    public void Load_ManyProblems_ShowsTenAndCountsTheRest()
    {
        using var folder = new BenchFolder();
        string path = folder.Write("mine.jsonl", string.Concat(Enumerable.Repeat("{\"prompt\": \"a\", \"type\": \"x\"}\n", 13)));
        var error = Assert.Throws<BenchmarkSuiteException>(() => BenchmarkSuiteFile.Load(path));
        string[] lines = error.Message.Split('\n');

        Assert.Equal((12, 13), (lines.Length, error.Problems.Count));
        Assert.Equal("  line 10: length: expected a whole number from 1 to 1000000, found nothing.", lines[10]);
        Assert.Equal("  and 3 more.", lines[11]);
    }

    [Fact]
    public void Load_MissingFile_Throws()
    {
        using var folder = new BenchFolder();

        Assert.Throws<FileNotFoundException>(() => BenchmarkSuiteFile.Load(folder.PathTo("none.jsonl")));
    }

    [Fact]
    public void Take_FewerThanThereAre_PicksEvenly()
    {
        BenchmarkSuite suite = Suites.Of([.. Enumerable.Range(1, 10)]);

        Assert.Equal([1, 4, 7], suite.Take(3).Items.Select(item => item.RequiredWords));
        Assert.Equal(10, suite.Take(10).Items.Count);
        Assert.Same(suite, suite.Take(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => suite.Take(0));
    }
}
