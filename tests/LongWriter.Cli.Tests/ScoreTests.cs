using System.Text.Json;
using LongWriter.Testing;

namespace LongWriter.Cli.Tests;

/// <summary>The score commands.</summary>
public sealed class ScoreTests
{
    [Theory]
    [InlineData("S_l 50.0: 5 of 10 words, by the compatible counter\n", "--required", "10")]
    [InlineData("S_l 100.0: 5 of 5 words, by the compatible counter\n", "--required", "5", "--kind", "equal")]
    [InlineData("S_l 66.7: 6 of 3 words, by the unicode counter\n", "--required", "3", "--counter", "unicode")]
    [InlineData("S_l-kind 100.0: 5 of at least 3 words, by the compatible counter\n", "--required", "3", "--kind", "at-least")]
    [InlineData("S_l-kind 100.0: 5 of at most 9 words, by the compatible counter\n", "--required", "9", "--kind", "at-most")]
    [InlineData("S_l-kind 100.0: 5 of 4 to 6 words, by the compatible counter\n", "--required", "4", "--kind", "range", "--max", "6")]
    public async Task Length_Text_IsScored(string output, params string[] args)
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("text.md", "I like tea 2 and 茶\n");
        ToolResult result = await run.RunAsync(["score", "length", run.PathTo("text.md"), .. args]);

        Assert.Equal(new ToolResult(0, output, ""), result);
    }

    [Fact]
    public async Task Length_JsonFromStandardInput_HasScoreRequiredAndProduced()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.RunAsync(["score", "length", "-", "--required", "10", "--json"], input: "one two three four five six seven eight");

        Assert.Equal(
            new ToolResult(0, "{\"score\":87.5,\"required\":10,\"produced\":8,\"scorer\":\"S_l\",\"kind\":\"equal\",\"counter\":\"compatible\"}\n", ""), result);
    }

    [Theory]
    [InlineData(2, "longwriter: Option '--required' is required.\nSee longwriter score length --help.\n", "text.md")]
    [InlineData(2, "longwriter: --required must be a whole number from 1 to 1000000 but is \"0\".\nSee longwriter score length --help.\n", "text.md", "--required", "0")]
    [InlineData(2, "longwriter: --kind range needs --max.\n", "text.md", "--required", "5", "--kind", "range")]
    [InlineData(2, "longwriter: --max is for --kind range, not for --kind equal.\n", "text.md", "--required", "5", "--max", "6")]
    [InlineData(2, "longwriter: --max must be --required (5) or more but is 4.\n", "text.md", "--required", "5", "--kind", "range", "--max", "4")]
    [InlineData(5, "longwriter: file: none.md does not exist.\n", "none.md", "--required", "5")]
    public async Task Length_BadArguments_AreNamed(int code, string error, params string[] args)
    {
        await using ToolRun run = await ToolRun.StartAsync();

        Assert.Equal(new ToolResult(code, "", error), await run.RunAsync(["score", "length", .. args]));
    }

    [Fact]
    public async Task Quality_Json_HasMeansOfTheSamples()
    {
        await using ToolRun run = await ToolRun.StartAsync(request => JudgeReplies.Of(request.Number == 0 ? 3 : 4));
        run.Write("text.md", "Tea is a drink.");
        ToolResult result = await QualityAsync(run, "--instruction", "Write about tea", "--samples", "2", "--seed", "5", "--json");
        JsonElement json = JsonDocument.Parse(result.Out).RootElement;

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(62.5, json.GetProperty("score").GetDouble());
        Assert.Equal(Math.Sqrt(312.5), json.GetProperty("spread").GetDouble(), 1e-9);
        Assert.Equal(3.5, json.GetProperty("dimensions").GetProperty("breadthAndDepth").GetDouble());
        Assert.Equal((2, 2), (json.GetProperty("marked").GetInt32(), json.GetProperty("samples").GetArrayLength()));
        Assert.Equal(0.5, json.GetProperty("temperature").GetDouble());
        Assert.Equal([5L, 6L], run.Server.Requests.Select(request => request.Seed));
        Assert.All(run.Server.Requests, request => Assert.True(request.AllText.Contains("Write about tea", StringComparison.Ordinal) && request.AllText.Contains("Tea is a drink.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Quality_InstructionAndPromptFromFiles_PrintsTheDimensions()
    {
        await using ToolRun run = await ToolRun.StartAsync(_ => JudgeReplies.Of(5));
        run.Write("text.md", "Tea is a drink.");
        run.Write("ask.txt", "Write about tea");
        run.Write("judge.txt", "Judge. $INST$ | $RESPONSE$");
        ToolResult result = await QualityAsync(run, "--instruction-file", run.PathTo("ask.txt"), "--prompt", run.PathTo("judge.txt"), "--temperature", "0");
        string[] lines = result.Out.TrimEnd().Split('\n');

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.StartsWith("S_q 100.0: 1 of 1 samples, ", lines[0], StringComparison.Ordinal);
        Assert.Equal(("  Relevance          5.0 of 5", "  Breadth and depth  5.0 of 5"), (lines[1], lines[5]));
        Assert.Equal(7, lines.Length);
        Assert.StartsWith("Judge. Write about tea | Tea is a drink.", Assert.Single(run.Server.Requests).LastText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quality_JudgeCannotBeRead_IsTheModelsFailureAndNoScore()
    {
        await using ToolRun run = await ToolRun.StartAsync(_ => LoopbackReply.Write("It is a fine text."));
        run.Write("text.md", "Tea is a drink.");
        ToolResult result = await QualityAsync(run, "--instruction", "Write about tea", "--json");
        JsonElement json = JsonDocument.Parse(result.Out).RootElement;

        Assert.Equal(4, result.Code);
        Assert.StartsWith("longwriter: The judge gave no marks: ", result.Error, StringComparison.Ordinal);
        Assert.False(json.TryGetProperty("score", out _));
        Assert.Equal(0, json.GetProperty("marked").GetInt32());
    }

    [Theory]
    [InlineData("longwriter: One of --instruction and --instruction-file must say what the writer was asked for.\n")]
    [InlineData("longwriter: One of --instruction and --instruction-file must say what the writer was asked for.\n", "--instruction", "a", "--instruction-file", "b")]
    [InlineData("longwriter: The text must not be empty.\n", "--instruction", "a")]
    public async Task Quality_BadArguments_AreNamed(string error, params string[] args)
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("text.md", " ");

        Assert.Equal(new ToolResult(2, "", error), await QualityAsync(run, args));
        Assert.Empty(run.Server.Requests);
    }

    private static Task<ToolResult> QualityAsync(ToolRun run, params string[] args) =>
        run.RunAsync(["score", "quality", run.PathTo("text.md"), "--judge", "openai:judge", "--endpoint", run.Server.Endpoint.ToString(), .. args]);
}
