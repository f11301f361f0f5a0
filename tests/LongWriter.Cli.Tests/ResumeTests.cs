using LongWriter.Testing;
using LongWriter.Writing;

namespace LongWriter.Cli.Tests;

/// <summary>Runs that stop and go on; journals that cannot.</summary>
public sealed class ResumeTests
{
    private const string Story = "Write a 3000-word story about a lighthouse keeper";

    [Fact]
    public async Task Write_Interrupted_PrintsTheCommandThatFinishesIt()
    {
        await using ToolRun undisturbed = await ToolRun.StartAsync();
        await undisturbed.WriteAsync(Story);
        CancellationTokenSource? interrupt = null;
        await using ToolRun run = await ToolRun.StartAsync(request => StandInAuthor.Answer(request) with
        {
            BeforeEvent = place => request.Number == 3 && place == 5 ? interrupt!.CancelAsync() : Task.CompletedTask,
        });
        interrupt = run.Interrupt;
        ToolResult stopped = await run.WriteAsync(Story);
        string[] partial = run.Read("book.md.partial").Split("\n\n");
        string command = stopped.Error.TrimEnd().Split('\n')[^1];

        Assert.Equal(130, stopped.Code);
        Assert.EndsWith(
            "\nlongwriter: Stopped.\nThe text so far is in DIR/book.md.partial\nResume with: longwriter write --resume --out DIR/book.md\n",
            stopped.Error,
            StringComparison.Ordinal);
        Assert.Equal(partial, undisturbed.Read("book.md").Split("\n\n")[..partial.Length]);

        int code = await RunAgainAsync(run, command);
        Assert.Equal(0, code);
        Assert.Equal(undisturbed.Read("book.md"), run.Read("book.md"));
        Assert.Equal([1, 2], run.Server.Requests.Select(request => request.Attempt).Distinct());
        Assert.Single(run.Server.Requests, request => request.Attempt == 2);
    }

    [Fact]
    public async Task Write_UnfinishedRunInTheJournal_IsNotLost()
    {
        await using ToolRun run = await StoppedAsync();
        ToolResult refused = await run.WriteAsync(Story);
        string partial = run.Read("book.md.partial");
        ToolResult restarted = await run.WriteAsync("Write a 1500-word story about something else", "--restart");

        Assert.Equal(
            new ToolResult(
                5,
                "",
                """
                longwriter: DIR/book.md.journal holds an unfinished run with 2 of 6 sections; resume it, or give --restart to set it aside.
                Resume with: longwriter write --resume --out DIR/book.md

                """),
            refused);
        Assert.NotEmpty(partial);
        Assert.Equal(0, restarted.Code);
        Assert.True(File.Exists(run.PathTo("book.md.journal/journal-1.jsonl")));
    }

    [Fact]
    public async Task Write_FinishedRunInTheJournal_IsSetAside()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        await run.WriteAsync("Write 200 words about tea");
        ToolResult second = await run.WriteAsync("Write 300 words about tea", "--overwrite");

        Assert.Equal(0, second.Code);
        Assert.True(File.Exists(run.PathTo("book.md.journal/journal-1.jsonl")));
    }

    [Fact]
    public async Task Resume_WithAnotherLength_PlansAgain()
    {
        await using ToolRun run = await StoppedAsync();
        ToolResult result = await run.WriteAsync("--resume", "--words", "2000");

        Assert.Equal(0, result.Code);
        Assert.InRange(WordCounter.Unicode.Count(run.Read("book.md")), 1_800, 2_200);
    }

    [Fact]
    public async Task Resume_FinishedRun_WritesTheSameFileWithoutAnyCall()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        await run.WriteAsync(Story);
        string document = run.Read("book.md");
        int calls = run.Server.Requests.Count;
        ToolResult again = await run.WriteAsync("--resume");

        Assert.Equal((0, calls, document), (again.Code, run.Server.Requests.Count, run.Read("book.md")));
        Assert.Equal(6, again.Error.Split('\n').Count(line => line.Contains(", from the journal: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Resume_OutputWasEdited_IsNotOverwritten()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        await run.WriteAsync(Story);
        run.Write("book.md", "my own words");
        ToolResult result = await run.WriteAsync("--resume");

        Assert.Equal(
            new ToolResult(
                5,
                "",
                "longwriter: --out: DIR/book.md exists already and is not what the journal holds; choose another file, or give --overwrite to replace it.\n"),
            result);
        Assert.Equal("my own words", run.Read("book.md"));
    }

    [Fact]
    public async Task Resume_NoJournal_SaysSo()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync("--resume");

        Assert.Equal(new ToolResult(5, "", "longwriter: --resume: DIR/book.md.journal holds no journal.\n"), result);
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.Folder));
    }

    [Fact]
    public async Task Resume_EmptyJournal_SaysSo()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        FileWritingJournal.Open(run.PathTo("notes")).Dispose();
        ToolResult result = await run.WriteAsync("--resume", "--journal", run.PathTo("notes"));

        Assert.Equal(new ToolResult(5, "", "longwriter: --resume: the journal in DIR/notes holds no run.\n"), result);
    }

    [Theory]
    [InlineData("my diary\n", "longwriter: DIR/j/journal.jsonl: line 1: expected a LongWriter journal header, found 'my diary'.\n")]
    [InlineData(
        "{\"longwriter\":\"journal\",\"version\":7}\n",
        "longwriter: DIR/j/journal.jsonl: line 1: expected a journal of version 1, the only one that is read here, found version 7.\n")]
    public async Task Write_ForeignJournal_IsLeftAlone(string content, string error)
    {
        await using ToolRun run = await ToolRun.StartAsync();
        Directory.CreateDirectory(run.PathTo("j"));
        run.Write("j/journal.jsonl", content);
        ToolResult resumed = await run.WriteAsync("--resume", "--journal", run.PathTo("j"));
        ToolResult written = await run.WriteAsync("Write 200 words", "--journal", run.PathTo("j"), "--restart");

        Assert.Equal(new ToolResult(5, "", error), resumed);
        Assert.Equal(new ToolResult(5, "", error), written);
        Assert.Equal(content, run.Read("j/journal.jsonl"));
        Assert.Empty(run.Server.Requests);
        Assert.False(File.Exists(run.PathTo("book.md.partial")));
    }

    [Fact]
    public async Task Resume_DamagedJournal_NamesTheLine()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        await run.WriteAsync(Story);
        string path = run.PathTo("book.md.journal/journal.jsonl");
        byte[] bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        ToolResult result = await run.WriteAsync("--resume");

        Assert.Equal((5, ""), (result.Code, result.Out));
        Assert.Matches("^longwriter: DIR/book.md.journal/journal.jsonl: line [0-9]+: [^\n]+\n$", result.Error);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Write_JournalInUse_SaysSo()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        using FileWritingJournal other = FileWritingJournal.Open(run.PathTo("book.md.journal"));
        ToolResult result = await run.WriteAsync("Write 200 words");

        Assert.Equal(new ToolResult(5, "", "longwriter: journal DIR/book.md.journal is in use by another process\n"), result);
        Assert.False(File.Exists(run.PathTo("book.md.partial")));
    }

    [Fact]
    public async Task ResumeCommand_KeepsWhatTheJournalDoesNotKnow()
    {
        await using ToolRun run = await ToolRun.StartAsync(_ => LoopbackReply.Error(401, "no"));
        run.Write("open.txt", "$INST$ $PLAN$ $STEP$");
        ToolResult result = await run.WriteAsync(
            Story, "--journal", run.PathTo("my notes"), "--model", "openai:other", "--endpoint", run.Server.Endpoint.ToString(), "--temperature", "0.7",
            "--context", "single-prompt", "--context-tokens", "9000", "--prompt", $"open={run.PathTo("open.txt")}", "--parallel", "--overwrite",
            "--seed", "3", "--style", "plain");

        Assert.EndsWith(
            "\nResume with: longwriter write --resume --out DIR/book.md --journal 'DIR/my notes' --model openai:other --endpoint SERVER --temperature 0.7"
            + " --context single-prompt --context-tokens 9000 --prompt open=DIR/open.txt --parallel --overwrite\n",
            result.Error,
            StringComparison.Ordinal);
    }

    /// <summary>A run of six sections whose third could not be written.</summary>
    private static async Task<ToolRun> StoppedAsync()
    {
        bool isBroken = true;
        ToolRun run = await ToolRun.StartAsync(request =>
            isBroken && request.LastText.Contains("Paragraph 3 ", StringComparison.Ordinal) && request.Messages.Count > 1
                ? LoopbackReply.Error(400, "no") : StandInAuthor.Answer(request));
        ToolResult stopped = await run.WriteAsync(Story);
        Assert.Equal(4, stopped.Code);
        isBroken = false;
        return run;
    }

    /// <summary>Runs the printed command: what stands behind "Resume with: longwriter".</summary>
    private static async Task<int> RunAgainAsync(ToolRun run, string printed)
    {
        string[] arguments = printed.Replace("DIR", run.Folder, StringComparison.Ordinal)["Resume with: longwriter ".Length..].Split(' ');
        using var output = new StringWriter();
        var host = new ToolHost(output, output, null) { DefaultModel = new ModelChoice("openai:stand-in", run.Server.Endpoint) };
        return await Tool.RunAsync(arguments, host, CancellationToken.None);
    }
}
