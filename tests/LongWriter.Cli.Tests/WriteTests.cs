using System.Text.Json;
using LongWriter.Testing;

namespace LongWriter.Cli.Tests;

/// <summary>The write command from its arguments to its file.</summary>
public sealed class WriteTests
{
    private const string Story = "Write a 3000-word story about a lighthouse keeper";

    [Fact]
    public async Task Write_Story_HasTheAskedLength()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync("Write a 10000-word story about a voyage around the world");
        int words = WordCounter.Unicode.Count(run.Read("book.md"));
        string[] lines = result.Error.TrimEnd().Split('\n');

        Assert.Equal((0, ""), (result.Code, result.Out));
        Assert.InRange(words, 9_000, 11_000);
        Assert.Equal("Plan: 20 sections, 10000 of 10000 words, made by the model.", lines[0]);
        Assert.Equal(24, lines.Length);
        Assert.StartsWith("[20/20] ", lines[^4], StringComparison.Ordinal);
        Assert.StartsWith(FormattableString.Invariant($"Length: {words:#,0} of 10000 words ("), lines[^3], StringComparison.Ordinal);
        Assert.EndsWith("%), met.", lines[^3], StringComparison.Ordinal);
        Assert.StartsWith("21 calls, ", lines[^2], StringComparison.Ordinal);
        Assert.Equal("Wrote DIR/book.md", lines[^1]);
        Assert.Equal(["book.md", "book.md.journal"], Directory.EnumerateFileSystemEntries(run.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Write_Chinese_CountsCharacters()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync("写一篇3000字的故事，讲述一次环球航行");

        Assert.Equal(0, result.Code);
        Assert.InRange(WordCounter.Unicode.Count(run.Read("book.md")), 2_700, 3_300);
        Assert.StartsWith("Plan: 6 sections, 3000 of 3000 字, made by the model.\n[1/6] ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_Words_OverrideTheInstruction()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync(Story, "--words", "1500");

        Assert.Equal(0, result.Code);
        Assert.InRange(WordCounter.Unicode.Count(run.Read("book.md")), 1_350, 1_650);
    }

    [Theory]
    [InlineData("--context", "single-prompt")]
    [InlineData("--context", "conversation")]
    [InlineData("--parallel")]
    [InlineData("--temperature", "0.5")]
    [InlineData("--seed", "42")]
    [InlineData("--style", "plain", "--audience", "children", "--language", "English", "--headings", "none")]
    public async Task Write_WithOption_WritesTheWholeDocumentTwiceAlike(params string[] options)
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult first = await run.WriteAsync([Story, .. options]);
        ToolResult second = await run.WriteAsync([Story, .. options, "--out", run.PathTo("again.md")]);

        Assert.Equal((0, 0), (first.Code, second.Code));
        Assert.InRange(WordCounter.Unicode.Count(run.Read("book.md")), 2_700, 3_300);
        Assert.Equal(run.Read("book.md"), run.Read("again.md"));
    }

    [Fact]
    public async Task Write_OptionsOfTheModel_ReachTheServer()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        await run.WriteAsync("Write 200 words about tea", "--temperature", "0.5", "--seed", "42");
        LoopbackRequest request = Assert.Single(run.Server.Requests);

        Assert.Equal(("stand-in", 0.5, 42L), (request.Model, request.Temperature!.Value, request.Seed!.Value));
    }

    [Fact]
    public async Task Write_SinglePrompt_SendsOneMessage()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        await run.WriteAsync(Story, "--context", "single-prompt");

        Assert.All(run.Server.Requests, request => Assert.Single(request.Messages));
    }

    [Fact]
    public async Task Write_NotesAndPromptFile_AreUsed()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("notes.txt", "The lamp was lit in 1851.");
        run.Write("whole.txt", "My own prompt. $INST$ Length: $LENGTH$.");
        ToolResult result = await run.WriteAsync("Write 200 words about a lamp", "--notes", run.PathTo("notes.txt"), "--prompt", $"whole={run.PathTo("whole.txt")}");

        Assert.Equal(0, result.Code);
        Assert.Equal(
            "My own prompt. Write 200 words about a lamp\n\nSource notes to base it on:\n\nThe lamp was lit in 1851. Length: 200 words.",
            Assert.Single(run.Server.Requests).LastText);
    }

    [Fact]
    public async Task PlanOnly_PrintsAPlanThatPlanFollows()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult planned = await run.WriteAsync(Story, "--plan-only");
        run.Write("plan.txt", planned.Out);
        ToolResult written = await run.WriteAsync(Story, "--plan", run.PathTo("plan.txt"));

        Assert.Equal((0, "Plan: 6 sections, 3000 of 3000 words, made by the model.\n"), (planned.Code, planned.Error));
        Assert.Equal(6, planned.Out.Split('\n').Count(line => line.StartsWith("Paragraph ", StringComparison.Ordinal)));
        Assert.Equal(0, written.Code);
        Assert.StartsWith("Plan: 6 sections, 3000 of 3000 words, as given.\n", written.Error, StringComparison.Ordinal);
        Assert.Equal(1 + 6, run.Server.Requests.Count);
    }

    [Fact]
    public async Task PlanOnly_Json_PrintsOneLine()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync(Story, "--plan-only", "--json");
        JsonElement line = JsonDocument.Parse(result.Out.TrimEnd()).RootElement;

        Assert.Equal("plan", line.GetProperty("type").GetString());
        Assert.Equal(3_000, line.GetProperty("plan").EnumerateArray().Sum(section => section.GetProperty("words").GetInt32()));
    }

    [Fact]
    public async Task DryRun_CallsNothingAndMakesNoFile()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync(Story, "--dry-run");

        Assert.Equal(0, result.Code);
        Assert.Matches("^About 7 calls, [0-9]+ input tokens \\([0-9]+ of them cacheable\\), [0-9]+ output tokens\\.\n$", result.Out);
        Assert.Empty(run.Server.Requests);
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.Folder));
    }

    [Fact]
    public async Task Json_UpdatesGiveTheDocument()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync("Write a 1500-word story about a map", "--json");
        JsonElement[] lines = [.. result.Out.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        string[] accepted = [.. OfType("accept").Select(line => line.GetProperty("text").GetString()!)];
        string drafted = string.Concat(OfType("draft").Where(line => line.GetProperty("section").GetInt32() == 0).Select(line => line.GetProperty("text").GetString()));

        Assert.Equal((0, "Wrote DIR/book.md\n"), (result.Code, result.Error));
        Assert.Equal("plan", lines[0].GetProperty("type").GetString());
        Assert.Equal(string.Join("\n\n", accepted) + "\n", run.Read("book.md"));
        Assert.Equal(accepted[0], drafted);
        Assert.Equal("Stop", Assert.Single(OfType("end")).GetProperty("end").GetString());

        IEnumerable<JsonElement> OfType(string type) => lines.Where(line => line.GetProperty("type").GetString() == type);
    }

    [Fact]
    public async Task Help_NamesTheToolAndItsOptions()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.RunAsync(["write", "--help"]);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("longwriter write [<instruction>] [options]", result.Out, StringComparison.Ordinal);
        Assert.Contains("--context <conversation|single-prompt>", result.Out, StringComparison.Ordinal);
    }
}
