using System.Text.RegularExpressions;

namespace LongWriter.Cli.Tests;

/// <summary>The tool with the model that comes with it: a real document, no server.</summary>
public partial class EmbeddedModelTests
{
    [Fact]
    public async Task Write_EmbeddedModel_WritesTheLengthThatWasAsked()
    {
        await using ToolRun run = await ToolRun.StartAsync();

        ToolResult result = await run.RunAsync(["write", "Write a 1500-word story about a lighthouse", "--out", run.PathTo("book.md")], withModel: false);

        Assert.True(result.Code == 0, result.Error);
        string text = run.Read("book.md");
        Assert.InRange(WordCounter.Compatible.Count(text), 1_350, 1_650);
        Assert.DoesNotContain("<|im_", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(PlanLine(), text);
        Assert.StartsWith("Exporting the model to ONNX, once …\nModel longwriter-tiny is ready, exported for this machine and kept: ", result.Error, StringComparison.Ordinal);
        Assert.Empty(run.Server.Requests);
    }

    [Fact]
    public async Task Write_SameSeedTwice_WritesTheSame()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        string[] command = ["write", "Write a 600-word story about a lighthouse", "--seed", "7", "--out"];

        ToolResult first = await run.RunAsync([.. command, run.PathTo("first.md")], withModel: false);
        ToolResult second = await run.RunAsync([.. command, run.PathTo("second.md")], withModel: false);

        Assert.Equal((0, 0), (first.Code, second.Code));
        Assert.Equal(run.Read("first.md"), run.Read("second.md"));
    }

    [Fact]
    public async Task Export_ThenWriteWithIt_Works()
    {
        await using ToolRun run = await ToolRun.StartAsync();

        ToolResult export = await run.RunAsync(
            ["export", "--from", EmbeddedModel.Folder, "--to", run.PathTo("exported"), "--precision", "int4", "--block-size", "64"], withModel: false);
        ToolResult write = await run.RunAsync(
            ["write", "Write a 150-word story about a lighthouse", "--model", $"onnx:{run.PathTo("exported")}", "--out", run.PathTo("book.md")], withModel: false);

        Assert.True(export.Code == 0, export.Error);
        Assert.EndsWith("Wrote DIR/exported\n", export.Error, StringComparison.Ordinal);
        Assert.True(write.Code == 0, write.Error);
        Assert.NotEmpty(run.Read("book.md"));
    }

    [Fact]
    public async Task Write_DeviceThatIsNotThere_IsNamed()
    {
        await using ToolRun run = await ToolRun.StartAsync();

        ToolResult result = await run.RunAsync(["write", "Write a 150-word story about a lighthouse", "--device", "cuda", "--out", run.PathTo("book.md")], withModel: false);

        Assert.SkipWhen(result.Code == 0, "This machine has CUDA.");
        Assert.Equal(4, result.Code);
        Assert.Contains("CUDA", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(run.PathTo("book.md")));
    }

    [Fact]
    public async Task Write_MissingModelFolder_IsNamed()
    {
        await using ToolRun run = await ToolRun.StartAsync();

        ToolResult result = await run.RunAsync(["write", "tea", "--model", $"onnx:{run.PathTo("none")}"], withModel: false);

        Assert.Equal(new ToolResult(5, "", "longwriter: The model folder DIR/none does not exist.\n"), result);
    }

    [Fact]
    public async Task Export_FolderWithoutModel_SaysWhatIsMissing()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        Directory.CreateDirectory(run.PathTo("empty"));

        ToolResult result = await run.RunAsync(["export", "--from", run.PathTo("empty"), "--to", run.PathTo("out")], withModel: false);

        Assert.Equal(4, result.Code);
        Assert.Contains("config.json", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.PathTo("out")));
    }

    [GeneratedRegex(@"^Paragraph \d+ - .*Word Count", RegexOptions.Multiline)]
    private static partial Regex PlanLine();
}
