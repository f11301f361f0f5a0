using LongWriter.Testing;

namespace LongWriter.Cli.Tests;

/// <summary>What goes wrong gives one line and an exit code, and costs nothing that was there.</summary>
public sealed class WriteErrorTests
{
    private const string See = "See longwriter write --help.\n";

    [Theory]
    [InlineData("longwriter: The instruction must say what to write but is missing or empty.\n", "  ")]
    [InlineData("longwriter: The instruction must say what to write but is missing or empty.\n")]
    [InlineData("longwriter: --words must be a whole number from 1 to 1000000 but is \"0\".\n" + See, "tea", "--words", "0")]
    [InlineData("longwriter: --words must be a whole number from 1 to 1000000 but is \"2000000\".\n" + See, "tea", "--words", "2000000")]
    [InlineData("longwriter: --words must be a whole number from 1 to 1000000 but is \"many\".\n" + See, "tea", "--words", "many")]
    [InlineData("longwriter: The instruction asks for 2000000 words; the length must be 1 to 1000000.\n", "Write a story of two million words")]
    [InlineData("longwriter: Unrecognized command or argument '--frob'.\n" + See, "tea", "--frob")]
    [InlineData("longwriter: Option '--seed' expects a single argument but 2 were provided.\n" + See, "tea", "--seed", "1", "--seed", "2")]
    [InlineData("longwriter: --context must be conversation or single-prompt but is \"chat\".\n" + See, "tea", "--context", "chat")]
    [InlineData("longwriter: --headings must be model, none or from-plan but is \"some\".\n" + See, "tea", "--headings", "some")]
    [InlineData("longwriter: --temperature must be a number from 0 to 2 but is \"3\".\n" + See, "tea", "--temperature", "3")]
    [InlineData("longwriter: --context-tokens must be a whole number from 512 to 100000000 but is \"5\".\n" + See, "tea", "--context-tokens", "5")]
    [InlineData("longwriter: --endpoint must be an address such as http://localhost:8000/v1 but is \"here\".\n" + See, "tea", "--endpoint", "here")]
    [InlineData("longwriter: --device must be cpu, cuda or webgpu but is \"gpu\".\n" + See, "tea", "--device", "gpu")]
    [InlineData("longwriter: --model must be openai:NAME or onnx:FOLDER but is \"gpt\".\n", "tea", "--model", "gpt")]
    [InlineData("longwriter: --prompt must be NAME=FILE but is \"plan\".\n", "tea", "--prompt", "plan")]
    [InlineData(
        "longwriter: --prompt must name one of plan, plan-json, plan-repair, plan-continue, open, next, single, whole, continue, finish, summary but names \"poem\".\n",
        "tea", "--prompt", "poem=poem.txt")]
    [InlineData("longwriter: --plan-only and --resume cannot be used together.\n", "--plan-only", "--resume")]
    [InlineData("longwriter: --resume and --restart cannot be used together.\n", "--resume", "--restart")]
    [InlineData("longwriter: --resume takes its instruction from the journal; leave the instruction out.\n", "tea", "--resume")]
    [InlineData("longwriter: --out must not be empty.\n" + See, "tea", "--out", "")]
    public async Task Write_BadArguments_AreNamedBeforeAnythingIsMade(string error, params string[] args)
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync(args);

        Assert.Equal(new ToolResult(2, "", error), result);
        Assert.Empty(run.Server.Requests);
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.Folder));
    }

    [Fact]
    public async Task Tool_NoCommand_SaysSo()
    {
        await using ToolRun run = await ToolRun.StartAsync();

        Assert.Equal(new ToolResult(2, "", "longwriter: Required command was not provided.\n" + See), await run.RunAsync([]));
    }

    [Fact]
    public async Task Write_EndpointWithoutModel_SaysWhatIsMissing()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.RunAsync(["write", "tea", "--out", run.PathTo("book.md"), "--endpoint", "http://127.0.0.1:1/v1"], withModel: false);

        Assert.Equal(
            new ToolResult(2, "", "longwriter: --endpoint needs --model openai:NAME.\n"), result);
    }

    [Theory]
    [InlineData("--plan")]
    [InlineData("--notes")]
    public async Task Write_MissingInputFile_IsNamed(string option)
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync("tea", option, run.PathTo("none.txt"));

        Assert.Equal(new ToolResult(5, "", $"longwriter: {option}: DIR/none.txt does not exist.\n"), result);
    }

    [Fact]
    public async Task Write_MissingPromptFile_IsNamed()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync("tea", "--prompt", $"plan={run.PathTo("none.txt")}");

        Assert.Equal(new ToolResult(5, "", "longwriter: --prompt: DIR/none.txt does not exist.\n"), result);
    }

    [Theory]
    [InlineData(
        "Paragraph 1 - Main Point: Tea - Word Count: 100 words\nParagraph 2 - Main Point: Cups\n",
        "DIR/plan.txt: line 2: \"Paragraph 2 - Main Point: Cups\": The step has no word count; expected one such as \"Word Count: 400 words\".")]
    [InlineData(
        "Some thoughts about tea.\n",
        "DIR/plan.txt: The file has no step; expected lines such as \"Paragraph 1 - Main Point: <text> - Word Count: 400 words\".")]
    [InlineData("\n", "DIR/plan.txt: The file is empty; expected lines such as \"Paragraph 1 - Main Point: <text> - Word Count: 400 words\".")]
    public async Task Write_BadPlanFile_NamesFileLineAndWhatWasExpected(string plan, string error)
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("plan.txt", plan);

        Assert.Equal(new ToolResult(2, "", $"longwriter: {error}\n"), await run.WriteAsync("tea", "--plan", run.PathTo("plan.txt")));
    }

    [Fact]
    public async Task Write_OutputBelowAFile_IsRefusedBeforeTheModelIsCalled()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("file", "mine");
        ToolResult result = await run.WriteAsync("Write 200 words", "--out", run.PathTo("file/book.md"));

        Assert.Equal((5, ""), (result.Code, result.Out));
        Assert.Matches("^longwriter: --out: DIR/file/book.md cannot be written: [^\n]+\n$", result.Error);
        Assert.Empty(run.Server.Requests);
        Assert.Equal("mine", run.Read("file"));
    }

    [Fact]
    public async Task Write_OutputIsAFolder_IsRefused()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync("Write 200 words", "--out", run.Folder);

        Assert.Equal(new ToolResult(5, "", "longwriter: --out: DIR must be a file but is a folder.\n"), result);
    }

    [Fact]
    public async Task Write_ExistingOutput_IsKeptUnlessOverwritten()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("book.md", "mine");
        ToolResult refused = await run.WriteAsync("Write 200 words");
        string kept = run.Read("book.md");
        ToolResult forced = await run.WriteAsync("Write 200 words", "--overwrite");

        Assert.Equal(
            new ToolResult(5, "", "longwriter: --out: DIR/book.md exists already; choose another file, or give --overwrite to replace it.\n"), refused);
        Assert.Equal("mine", kept);
        Assert.Equal(0, forced.Code);
        Assert.InRange(WordCounter.Unicode.Count(run.Read("book.md")), 180, 220);
    }

    [Fact]
    public async Task Write_KeyRefused_FailsAtOnce()
    {
        await using ToolRun run = await ToolRun.StartAsync(_ => LoopbackReply.Error(401, "Incorrect API key provided", code: "invalid_api_key"));
        ToolResult result = await run.WriteAsync("Write a 3000-word story");

        Assert.Equal(
            new ToolResult(
                4,
                "",
                """
                longwriter: Planning failed: The call failed after 1 try: SERVER answered 401 Unauthorized: Incorrect API key provided.
                Resume with: longwriter write --resume --out DIR/book.md

                """),
            result);
        Assert.Single(run.Server.Requests);
        Assert.False(File.Exists(run.PathTo("book.md.partial")));
    }

    [Fact]
    public async Task Write_ServerDown_FailsAfterRetriesAndTheSameCommandWorksLater()
    {
        bool isDown = true;
        await using ToolRun run = await ToolRun.StartAsync(request =>
            isDown ? new LoopbackReply { Fault = LoopbackFault.DropBeforeHeaders } : StandInAuthor.Answer(request));
        ToolResult down = await run.WriteAsync("Write a 3000-word story");
        isDown = false;
        ToolResult up = await run.WriteAsync("Write a 3000-word story");

        Assert.Equal((4, ""), (down.Code, down.Out));
        Assert.Matches(
            "^(SERVER did not answer \\([^\n]+\\)\\.\n){4}longwriter: Planning failed: The call failed after 5 tries: SERVER did not answer \\([^\n]+\\)\\.\nResume with: longwriter write --resume --out DIR/book.md\n$",
            down.Error);
        Assert.Equal(0, up.Code);
    }

    [Fact]
    public async Task Write_SectionFailsForGood_KeepsWhatWasWrittenAndResumes()
    {
        bool isBroken = true;
        await using ToolRun run = await ToolRun.StartAsync(request =>
            isBroken && request.LastText.Contains("Paragraph 3 ", StringComparison.Ordinal) && request.Messages.Count > 1
                ? LoopbackReply.Error(400, "This prompt is not wanted here") : StandInAuthor.Answer(request));
        ToolResult broken = await run.WriteAsync("Write a 3000-word story");
        string partial = run.Read("book.md.partial");
        isBroken = false;
        ToolResult resumed = await run.WriteAsync("--resume");

        Assert.Equal(4, broken.Code);
        Assert.Equal(
            """
            longwriter: Section 3 could not be written. The call failed after 1 try: SERVER answered 400 BadRequest: This prompt is not wanted here.
            The text so far is in DIR/book.md.partial
            Resume with: longwriter write --resume --out DIR/book.md

            """,
            broken.Error[broken.Error.IndexOf("longwriter: ", StringComparison.Ordinal)..]);
        Assert.Equal(0, resumed.Code);
        Assert.StartsWith(partial, run.Read("book.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_SectionStaysCut_IsNotPassedOffAsFinished()
    {
        await using ToolRun run = await ToolRun.StartAsync(request =>
            LoopbackReply.Write($"A sentence that ends, number {request.Number}. And one that does") with { FinishReason = "length" });
        ToolResult result = await run.WriteAsync("Write 500 words about tea");

        Assert.Equal(3, result.Code);
        Assert.EndsWith(
            """
            longwriter: Every section is written, but at least one is not whole: it ended with Length.
            The text so far is in DIR/book.md.partial

            """,
            result.Error,
            StringComparison.Ordinal);
        Assert.False(File.Exists(run.PathTo("book.md")));
    }

    [Fact]
    public async Task Write_ContextTooSmall_SaysSo()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.WriteAsync("Write a 3000-word story. " + new string('x', 4_000), "--context-tokens", "512");

        Assert.Equal((2, ""), (result.Code, result.Out));
        Assert.Matches("^longwriter: The planning prompt takes [0-9]+ tokens, but the model's context of 512 tokens leaves 384; [^\n]+\nResume with: ", result.Error);
    }
}
