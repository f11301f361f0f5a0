using LongWriter.Benchmarking;
using LongWriter.Testing;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>The released files, where they are at hand. Counts: facts of the paper's data, counted over the files of THUDM/LongWriter 3fcfdff.</summary>
public sealed class ReleasedSuiteTests
{
    [Fact]
    public void Load_LongBenchWrite_HasThePapersBinsAndLanguages()
    {
        BenchmarkSuite suite = LongBenchWrite.Load(Find("data/longbench-write/longbench_write.jsonl"));

        Assert.Equal(("longbench-write", "1f6e99497cc24d65894d65e014062f398ba946ebdd254b7f8b339e48d3ab5779"), (suite.Name, suite.Version));
        Assert.Equal(120, suite.Items.Count);
        Assert.Equal([26, 36, 31, 27], Bins(suite, suite.Items));
        Assert.Equal([17, 20, 11, 12], Bins(suite, suite.Items.Where(item => item.Language == "en")));
        Assert.Equal([9, 16, 20, 15], Bins(suite, suite.Items.Where(item => item.Language == "zh")));
        Assert.Equal(31, suite.Items.Count(item => item.Type == "Literature and Creative Writing"));
        Assert.Equal(7, suite.Items.Select(item => item.Type).Distinct().Count());
        Assert.Equal(("longbench-write-001", 100), (suite.Items[0].Id, suite.Items[0].RequiredWords));
        Assert.Equal(20_000, suite.Items.Max(item => item.RequiredWords));
    }

    [Fact]
    public void Load_EnglishHalf_IsEnglish()
    {
        BenchmarkSuite suite = LongBenchWrite.Load(Find("data/longbench-write/longbench_write_en.jsonl"));

        Assert.Equal(60, suite.Items.Count);
        Assert.All(suite.Items, item => Assert.Equal("en", item.Language));
    }

    [Fact]
    public void Load_LongWriteRuler_HasEnglishLabelsAndABinForEachLength()
    {
        BenchmarkSuite suite = LongWriteRuler.Load(Find("data/longwrite-ruler/longwrite_ruler.jsonl"));

        Assert.Equal(48, suite.Items.Count);
        Assert.Equal([8, 8, 8, 8, 8, 8], Bins(suite, suite.Items));
        Assert.Equal(24, suite.Items.Count(item => item.Language == "zh"));
        Assert.Equal(
            ["Academic and Monograph", "Community Forum", "Literature and Creative Writing", "Popular Science"],
            suite.Items.Select(item => item.Type).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_LongWriteRulerWithAnotherLabel_IsRefused()
    {
        using var folder = new BenchFolder();
        string path = folder.Write("ruler.jsonl", """{"prompt": "写1000字", "type": "诗歌", "length": 1000}""");
        var error = Assert.Throws<BenchmarkSuiteException>(() => LongWriteRuler.Load(path));

        Assert.Equal("DIR/ruler.jsonl: line 1: type: expected 社区论坛, 文学与创作, 科普介绍, 学术与专著, found \"诗歌\".", folder.Named(error.Message));
    }

    private static IEnumerable<int> Bins(BenchmarkSuite suite, IEnumerable<BenchmarkItem> items) => suite.BinEdges.Select((edge, bin) =>
        items.Count(item => item.RequiredWords >= edge && (bin + 1 == suite.BinEdges.Count || item.RequiredWords < suite.BinEdges[bin + 1])));

    private static string Find(string file)
    {
        if (!SharedData.TryFind(file, out string? path))
        {
            Assert.Skip($"{file} is not there; {SharedData.Variable} names the folder that holds it.");
        }

        return path;
    }
}
