namespace LongWriter.Packaging.Tests;

/// <summary>The tool as a user gets it: installed from a folder, on a machine with nothing else.</summary>
public sealed class ToolTests(Feed feed)
{
    [Fact]
    public async Task Install_FromAFolderWithAnEmptyHome_WritesADocument()
    {
        feed.SkipWithoutSdk();
        using var home = new Home(feed);
        ProcessResult install = await ProcessRun.DotnetAsync(
            home.Work, home.Environment,
            "tool", "install", "LongWriter.Cli", "--version", feed.Version, "--tool-path", home.At("tools"), "--configfile", home.At("NuGet.config"));
        install.AssertSuccess();
        string store = home.At("tools", ".store");
        using var locked = new ReadOnlyFolder(store);
        string[] installed = locked.Contents();

        Dictionary<string, string?> environment = home.Environment;
        environment["LONGWRITER_CACHE"] = home.Cache;
        ProcessResult write = await ProcessRun.StartAsync(
            home.At("tools", OperatingSystem.IsWindows() ? "longwriter.exe" : "longwriter"), home.Work, environment,
            "write", "Write a 600-word story about a lighthouse", "--out", "doc.md");

        write.AssertSuccess();
        string text = await File.ReadAllTextAsync(home.At("doc.md"), TestContext.Current.CancellationToken);
        Assert.InRange(WordCounter.Compatible.Count(text), 401, 800);
        Assert.Matches("""[.!?…]["'”’)]*\s*$""", text);
        Assert.Contains("Model longwriter-tiny is ready, exported for this machine and kept", write.Error, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(home.Cache));
        Assert.False(Directory.Exists(home.DefaultCache), "LONGWRITER_CACHE was set, and the default folder was used as well.");
        Assert.Equal(installed, locked.Contents());
    }
}
