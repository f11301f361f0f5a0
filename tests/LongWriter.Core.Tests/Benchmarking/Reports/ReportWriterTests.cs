using System.Globalization;
using System.Text.Json;
using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

public sealed class ReportWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("longwriter-report-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task WriteAsync_NewFolder_GetsThreeFiles()
    {
        string target = Path.Combine(folder, "a", "b");
        BenchmarkReport report = await WriteAsync(SyntheticRun.Create(), target);

        Assert.Equal(["report.html", "report.json", "report.md"], Directory.GetFiles(target).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(2, report.Subjects.Count);
        Assert.All(Directory.GetFiles(target), file => Assert.NotEqual(0xEF, File.ReadAllBytes(file)[0]));
    }

    [Fact]
    public async Task WriteAsync_SameRunInAnyCulture_GivesTheSameBytes()
    {
        await WriteAsync(SyntheticRun.Create(), Path.Combine(folder, "one"));
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (odd.NumberFormat.NumberDecimalSeparator, odd.NumberFormat.NumberGroupSeparator, odd.NumberFormat.NegativeSign) = (",", ".", "minus");
        CultureInfo.CurrentCulture = odd;
        try
        {
            await WriteAsync(SyntheticRun.Create(), Path.Combine(folder, "two"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        foreach (string name in (string[])["report.json", "report.md", "report.html"])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "one", name)), File.ReadAllBytes(Path.Combine(folder, "two", name)));
        }
    }

    [Fact]
    public async Task WriteAsync_Json_HasManifestAndNumbersAndNoText()
    {
        BenchmarkRun run = SyntheticRun.Create();
        await WriteAsync(run, folder);
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "report.json"), TestContext.Current.CancellationToken));
        JsonElement manifest = json.RootElement.GetProperty("runs")[0].GetProperty("manifest");
        JsonElement agent = json.RootElement.GetProperty("subjects")[0];
        JsonElement item = agent.GetProperty("textReports")[4];
        BenchmarkResult result = run.Results[4];

        Assert.Equal("longbench-write synthetic-1 42 judge-model quality-v1 0.1.0 .NET 10.0.0 2026-01-02T03:04:05+00:00", string.Join(
            ' ', ((string[])["suite", "suiteVersion", "seed", "judge", "judgePromptVersion", "longWriterVersion", "runtime", "started"]).Select(name => manifest.GetProperty(name).ToString())));
        Assert.Equal("0.5", manifest.GetProperty("subjects")[0].GetProperty("options").GetProperty("temperature").GetString());
        Assert.Equal("longwriter-tiny", agent.GetProperty("manifest").GetProperty("model").GetString());
        Assert.Equal(360, agent.GetProperty("textReports").GetArrayLength());
        Assert.Equal((result.Id, result.Required, result.Produced), (item.GetProperty("id").GetString()!, item.GetProperty("required").GetInt32(), item.GetProperty("produced").GetInt32()));
        Assert.Equal(PaperLengthScorer.Of(result.Required, result.Produced), item.GetProperty("lengthScore").GetDouble());
        Assert.Equal("Stop", item.GetProperty("end").GetString());
        Assert.False(item.TryGetProperty("failure", out _));
        Assert.False(item.TryGetProperty("text", out _));
        Assert.False(item.TryGetProperty("prompt", out _));
    }

    [Fact]
    public async Task WriteAsync_JsonOfARunThatWasNotJudged_HasNoQuality()
    {
        await WriteAsync(SyntheticRun.Small(SyntheticRun.Plain("a", 100, 90) with { Seconds = double.NaN }), folder);
        using JsonDocument json = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "report.json"), TestContext.Current.CancellationToken));
        JsonElement subject = json.RootElement.GetProperty("subjects")[0];

        Assert.All((string[])["quality", "overall", "nll", "sections", "seconds", "lengthVariation"], name => Assert.False(subject.TryGetProperty(name, out _)));
        Assert.False(subject.GetProperty("length").TryGetProperty("standardError", out _));
    }

    [Fact]
    public async Task WriteAsync_CancelledBefore_Throws() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => ReportWriter.WriteAsync([SyntheticRun.Small()], folder, SyntheticRun.Options, new CancellationToken(canceled: true)));

    /// <summary>For eyes: LONGWRITER_SAMPLE_REPORT names the folder that gets the made-up report; eng/render-report.mjs takes its picture.</summary>
    [Fact]
    public async Task WriteAsync_SampleFolderNamed_LeavesTheSampleThere()
    {
        string? sample = Environment.GetEnvironmentVariable("LONGWRITER_SAMPLE_REPORT");
        Assert.SkipWhen(string.IsNullOrEmpty(sample), "LONGWRITER_SAMPLE_REPORT names no folder.");
        BenchmarkReport report = await WriteAsync(SyntheticRun.Create(), sample);
        Assert.True(File.Exists(Path.Combine(sample, ReportWriter.HtmlFileName)), report.Title);
    }

    private static Task<BenchmarkReport> WriteAsync(BenchmarkRun run, string target) => ReportWriter.WriteAsync([run], target, SyntheticRun.Options, TestContext.Current.CancellationToken);
}
