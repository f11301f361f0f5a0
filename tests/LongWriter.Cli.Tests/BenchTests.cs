using System.Text.Json;
using LongWriter.Benchmarking;
using LongWriter.Testing;

namespace LongWriter.Cli.Tests;

/// <summary>The bench and report commands against a server with a scripted author.</summary>
public sealed class BenchTests
{
    private const string Suite = """
        {"prompt": "Write 200 words about tea", "type": "News Report", "length": 200}
        {"prompt": "Write a story of 1500 words about a map", "type": "Literature and Creative Writing", "length": 1500}
        {"prompt": "写一篇300字的文章，介绍茶", "type": "Popular Science", "length": 300}

        """;

    [Fact]
    public async Task Bench_BothSubjects_WritesResultsReportAndTable()
    {
        await using ToolRun run = await StartAsync();
        ToolResult result = await BenchAsync(run, "--subject", "both", "--price-in", "1000", "--price-out", "2000");
        BenchmarkRun bench = BenchmarkRunFolder.Read(run.PathTo("run"));

        Assert.Equal(0, result.Code);
        Assert.Equal(6, bench.Results.Count);
        Assert.All(bench.Results, item => Assert.InRange(item.Produced, item.Required * 0.8, item.Required * 1.2));
        Assert.Equal(["agent", "chat"], bench.Manifest.Subjects.Select(subject => subject.Name));
        Assert.StartsWith("longwriter bench ", bench.Manifest.Command, StringComparison.Ordinal);
        Assert.Equal(["openai:stand-in", "openai:stand-in"], bench.Manifest.Subjects.Select(subject => subject.Model));
        Assert.All(["report.json", "report.md", "report.html"], name => Assert.True(File.Exists(run.PathTo($"run/{name}"))));
        string[] table = result.Out.TrimEnd().Split('\n');
        Assert.Matches("^subject +required +texts +failed +mean length +S_l +S_q$", table[0]);
        Assert.Equal(2, table.Count(line => line.Contains(" all ", StringComparison.Ordinal)));
        string[] lines = result.Error.TrimEnd().Split('\n');
        Assert.Equal("6 texts to write", lines[0]);
        Assert.Matches(@"^\[1/6\] agent suite-001: [0-9]+ of 200 words, [0-9:]+, about [0-9:]+ left, [0-9]+ \+ [0-9]+ tokens, cost [0-9.]+$", lines[1]);
        Assert.Equal("Wrote results and report to DIR/run", lines[^1]);
    }

    [Fact]
    public async Task Bench_WithoutJudge_HasNoQuality()
    {
        await using ToolRun run = await StartAsync();
        await BenchAsync(run, "--limit", "1");

        Assert.Null(Assert.Single(BenchmarkRunFolder.Read(run.PathTo("run")).Results).Judgement);
    }

    [Fact]
    public async Task Bench_JudgeAddedLater_JudgesWithoutWriting()
    {
        await using ToolRun run = await StartAsync();
        await BenchAsync(run);
        int writing = run.Server.Requests.Count;
        ToolResult judged = await BenchAsync(run, "--resume", "--judge", "openai:judge", "--endpoint", run.Server.Endpoint.ToString());
        BenchmarkRun bench = BenchmarkRunFolder.Read(run.PathTo("run"));

        Assert.Equal(0, judged.Code);
        Assert.Equal(3, run.Server.Requests.Count - writing);
        Assert.All(run.Server.Requests.Skip(writing), request => Assert.Equal("judge", request.Model));
        Assert.All(bench.Results, item => Assert.Equal(4, item.Judgement!.Mean(QualityDimension.Coherence)));
        Assert.Equal("openai:judge", bench.Manifest.Judge);
    }

    [Fact]
    public async Task Bench_Interrupted_PrintsTheCommandThatFinishesIt()
    {
        await using ToolRun undisturbed = await StartAsync();
        await BenchAsync(undisturbed);
        CancellationTokenSource? interrupt = null;
        await using ToolRun run = await StartAsync(request => StandInAuthor.Answer(request) with
        {
            BeforeEvent = place => request.Number == 2 && place == 2 ? interrupt!.CancelAsync() : Task.CompletedTask,
        });
        interrupt = run.Interrupt;
        ToolResult stopped = await BenchAsync(run);
        int written = BenchmarkRunFolder.Read(run.PathTo("run")).Results.Count;
        string command = stopped.Error.TrimEnd().Split('\n')[^1];

        Assert.Equal(130, stopped.Code);
        Assert.EndsWith("\nlongwriter: Stopped.\nResume with: longwriter bench DIR/suite.jsonl --out DIR/run --resume\n", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(1, written);
        Assert.Equal(0, await RunAgainAsync(run, command["Resume with: longwriter ".Length..]));
        Assert.Equal(Texts(undisturbed), Texts(run));
    }

    [Fact]
    public async Task Bench_TextsFail_AreCountedAndCanBeRetried()
    {
        bool isBroken = true;
        await using ToolRun run = await StartAsync(request =>
            isBroken && request.AllText.Contains("about tea", StringComparison.Ordinal) ? LoopbackReply.Error(400, "no tea here") : StandInAuthor.Answer(request));
        ToolResult broken = await BenchAsync(run);
        isBroken = false;
        ToolResult whole = await BenchAsync(run, "--resume", "--retry-failed");

        Assert.Equal(3, broken.Code);
        Assert.EndsWith(
            "\nlongwriter: 1 of 3 texts failed.\nTry them again with: longwriter bench DIR/suite.jsonl --out DIR/run --resume --retry-failed\n",
            broken.Error,
            StringComparison.Ordinal);
        Assert.Contains("[1/3] agent suite-001: failed: ", broken.Error, StringComparison.Ordinal);
        Assert.Equal(0, whole.Code);
        Assert.StartsWith("2 of 3 texts are there\n[3/3] agent suite-001: ", whole.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_EveryTextFails_IsTheModelsFailure()
    {
        await using ToolRun run = await StartAsync(_ => LoopbackReply.Error(401, "no"));
        ToolResult result = await BenchAsync(run, "--subject", "chat");

        Assert.Equal(4, result.Code);
        Assert.Contains("\nlongwriter: 3 of 3 texts failed.\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bench_FolderHoldsARun_IsRefusedWithTheCommandThatResumesIt()
    {
        await using ToolRun run = await StartAsync();
        await BenchAsync(run);
        ToolResult again = await BenchAsync(run);
        ToolResult other = await BenchAsync(run, "--resume", "--seed", "7");

        Assert.Equal(
            new ToolResult(
                5,
                "",
                "longwriter: DIR/run holds a run already; resume it, or choose another folder.\nResume with: longwriter bench DIR/suite.jsonl --out DIR/run --resume\n"),
            again);
        Assert.Equal(new ToolResult(5, "", "longwriter: DIR/run holds another run: seed was 0 and is 7.\n"), other);
    }

    [Fact]
    public async Task Bench_Ruler_HasTheLengthsAndLanguagesThatWereGiven()
    {
        await using ToolRun run = await StartAsync();
        ToolResult result = await run.RunAsync(
            ["bench", "ruler", "--lengths", "100,200", "--languages", "en", "--limit", "2", "--subject", "chat", "--repeat", "2", "--concurrency", "2", "--seed", "9", "--out", run.PathTo("run")]);
        BenchmarkRun bench = BenchmarkRunFolder.Read(run.PathTo("run"));

        Assert.Equal(0, result.Code);
        Assert.Equal("v1, lengths 100 200, languages en", bench.Manifest.SuiteVersion);
        Assert.Equal([(100, 0), (100, 1), (200, 0), (200, 1)], bench.Results.Select(item => (item.Required, item.Repeat)));
        Assert.Equal(bench.Results.Select(item => (long?)item.Seed).Order(), run.Server.Requests.Select(request => request.Seed).Order());
    }

    [Theory]
    [InlineData("longwriter: The suite must be longbench-write, longwrite-ruler, ruler or a file but is \"poems\".\n", "poems")]
    [InlineData(
        "longwriter: longbench-write needs --data FILE, the released prompts: longbench_write.jsonl in the folder evaluation of THUDM/LongWriter on GitHub (Apache-2.0).\n",
        "longbench-write")]
    [InlineData(
        "longwriter: longwrite-ruler needs --data FILE, the released prompts: longwrite_ruler.jsonl in the folder evaluation of THUDM/LongWriter on GitHub (Apache-2.0).\n",
        "longwrite-ruler")]
    [InlineData("longwriter: --data is for longbench-write and longwrite-ruler, not for ruler.\n", "ruler", "--data", "x")]
    [InlineData("longwriter: --lengths is for ruler, not for longbench-write.\n", "longbench-write", "--lengths", "5")]
    [InlineData("longwriter: --lengths must be whole numbers with commas between them, such as 500,1000, but is \"5,x\".\n", "ruler", "--lengths", "5,x")]
    [InlineData("longwriter: The lengths must be numbers from 1 to 1000000, none twice, but are \"0\".\n", "ruler", "--lengths", "0")]
    [InlineData("longwriter: The languages must be of en, zh, none twice, but are \"fr\".\n", "ruler", "--languages", "fr")]
    [InlineData("longwriter: --retry-failed needs --resume.\n", "ruler", "--retry-failed")]
    [InlineData("longwriter: --judge-samples needs --judge.\n", "ruler", "--judge-samples", "3")]
    [InlineData("longwriter: --failed-judgements needs --judge.\n", "ruler", "--failed-judgements", "fail")]
    [InlineData("longwriter: --price-in and --price-out go together.\n", "ruler", "--price-in", "3")]
    [InlineData("longwriter: --judge must be openai:NAME or onnx:FOLDER but is \"gpt\".\n", "ruler", "--judge", "gpt")]
    [InlineData("longwriter: --subject must be chat, agent or both but is \"me\".\nSee longwriter bench --help.\n", "ruler", "--subject", "me")]
    [InlineData("longwriter: --repeat must be a whole number from 1 to 1000 but is \"0\".\nSee longwriter bench --help.\n", "ruler", "--repeat", "0")]
    public async Task Bench_BadArguments_AreNamedBeforeAnythingIsMade(string error, params string[] args)
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.RunAsync(["bench", .. args, "--out", run.PathTo("run")]);

        Assert.Equal(new ToolResult(2, "", error), result);
        Assert.Empty(run.Server.Requests);
        Assert.Empty(Directory.EnumerateFileSystemEntries(run.Folder));
    }

    [Fact]
    public async Task Bench_BadSuite_ListsItsProblems()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        run.Write("suite.jsonl", "{\"prompt\": \"a\", \"type\": \"x\", \"length\": 0}\n{}\n");
        ToolResult result = await BenchAsync(run);

        Assert.Equal(
            new ToolResult(
                2,
                "",
                """
                longwriter: DIR/suite.jsonl: 4 problems:
                  line 1: length: expected a whole number from 1 to 1000000, found 0.
                  line 2: prompt: expected a text that is not blank, found nothing.
                  line 2: type: expected a text that is not blank, found nothing.
                  line 2: length: expected a whole number from 1 to 1000000, found nothing.

                """),
            result);
    }

    [Fact]
    public async Task Bench_MissingData_IsNamed()
    {
        await using ToolRun run = await ToolRun.StartAsync();
        ToolResult result = await run.RunAsync(["bench", "longbench-write", "--data", run.PathTo("none.jsonl"), "--out", run.PathTo("run")]);

        Assert.Equal(new ToolResult(5, "", "longwriter: --data: DIR/none.jsonl does not exist.\n"), result);
    }

    [Fact]
    public async Task Report_TwoRuns_LaysThemOverEachOther()
    {
        await using ToolRun run = await StartAsync();
        await BenchAsync(run, "--subject", "chat");
        await run.RunAsync(["bench", run.PathTo("suite.jsonl"), "--out", run.PathTo("second"), "--seed", "2"]);
        ToolResult result = await run.RunAsync(["report", run.PathTo("run"), run.PathTo("second"), "--out", run.PathTo("both")]);

        Assert.Equal((0, "Wrote the report to DIR/both\n"), (result.Code, result.Error));
        Assert.Equal(2, result.Out.Split('\n').Count(line => line.Contains(" all ", StringComparison.Ordinal)));
        using JsonDocument report = JsonDocument.Parse(run.Read("both/report.json"));
        Assert.Equal(["run", "second"], report.RootElement.GetProperty("runs").EnumerateArray().Select(each => each.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Report_OneRunWithoutOut_GoesIntoItsFolder()
    {
        await using ToolRun run = await StartAsync();
        await BenchAsync(run, "--limit", "1");
        File.Delete(run.PathTo("run/report.html"));
        ToolResult result = await run.RunAsync(["report", run.PathTo("run")]);

        Assert.Equal((0, "Wrote the report to DIR/run\n"), (result.Code, result.Error));
        Assert.True(File.Exists(run.PathTo("run/report.html")));
    }

    [Fact]
    public async Task Report_FailedJudgements_CountAsAsked()
    {
        await using ToolRun run = await ToolRun.StartAsync(request =>
            request.Model != "judge" ? StandInAuthor.Answer(request)
            : request.AllText.Contains("about tea", StringComparison.Ordinal) ? LoopbackReply.Write("No marks for tea.")
            : JudgeReplies.Of(5));
        run.Write("suite.jsonl", Suite);
        await BenchAsync(run, "--limit", "2", "--judge", "openai:judge", "--endpoint", run.Server.Endpoint.ToString());

        Assert.Equal("100.0", await QualityAsync());
        Assert.Equal("-", await QualityAsync("--failed-judgements", "fail"));
        Assert.Contains("1 of 2 judgements of agent failed, so there is no S\\_q.", run.Read("again/report.md"), StringComparison.Ordinal);
        Assert.Equal("75.0", await QualityAsync("--failed-judgements", "score-three"));
        Assert.Contains("1 of 2 judgements of agent failed; they count in S\\_q as mark 3.", run.Read("again/report.md"), StringComparison.Ordinal);

        async Task<string> QualityAsync(params string[] args) =>
            (await run.RunAsync(["report", run.PathTo("run"), "--out", run.PathTo("again"), .. args])).Out.TrimEnd().Split('\n')[^1].Split(' ')[^1];
    }

    [Fact]
    public async Task Bench_CarelessJudge_IsReaskedAndMarksCount()
    {
        await using ToolRun run = await ToolRun.StartAsync(request => StandInJudge.IsAsked(request) ? StandInJudge.Answer(request) : StandInAuthor.Answer(request));
        run.Write("suite.jsonl", Suite);
        ToolResult result = await BenchAsync(run, "--judge", "openai:judge-careless", "--endpoint", run.Server.Endpoint.ToString());
        BenchmarkRun bench = BenchmarkRunFolder.Read(run.PathTo("run"));

        Assert.Equal(0, result.Code);
        Assert.All(bench.Results, item => Assert.Equal((true, 2), (item.Judgement!.Failure is null, item.Judgement.Samples[0].Replies.Count)));
    }

    [Theory]
    [InlineData("run.json", "{}", "longwriter: DIR/run/run.json: expected the manifest of a run, found something else: ")]
    [InlineData("results.jsonl", "{\"id\":1}\n", "longwriter: DIR/run/results.jsonl: line 1: expected a result, found \"{\"id\":1}\": ")]
    public async Task Report_DamagedFolder_NamesTheFileAndThePlace(string file, string content, string error)
    {
        await using ToolRun run = await StartAsync();
        await BenchAsync(run, "--limit", "1");
        run.Write($"run/{file}", content);
        ToolResult result = await run.RunAsync(["report", run.PathTo("run"), "--out", run.PathTo("again")]);

        Assert.Equal((5, ""), (result.Code, result.Out));
        Assert.StartsWith(error, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.PathTo("again")));
    }

    [Fact]
    public async Task Report_NoRunOrTheSameTwice_SaysSo()
    {
        await using ToolRun run = await ToolRun.StartAsync();

        Assert.Equal(
            new ToolResult(5, "", "longwriter: DIR/none holds no run; expected run.json and results.jsonl in it.\n"),
            await run.RunAsync(["report", run.PathTo("none"), "--out", run.PathTo("both")]));
        Assert.Equal(
            new ToolResult(2, "", "longwriter: Every folder must be named once but DIR/none is named 2 times.\n"),
            await run.RunAsync(["report", run.PathTo("none"), run.PathTo("none") + "/", "--out", run.PathTo("both")]));
    }

    private static async Task<ToolRun> StartAsync(Func<LoopbackRequest, LoopbackReply>? script = null)
    {
        ToolRun run = await ToolRun.StartAsync(request => request.Model == "judge" ? JudgeReplies.Of(4) : (script ?? StandInAuthor.Answer)(request));
        run.Write("suite.jsonl", Suite);
        return run;
    }

    private static Task<ToolResult> BenchAsync(ToolRun run, params string[] args) => run.RunAsync(["bench", run.PathTo("suite.jsonl"), "--out", run.PathTo("run"), .. args]);

    private static IEnumerable<(string Id, string Text, long Seed)> Texts(ToolRun run) =>
        BenchmarkRunFolder.Read(run.PathTo("run")).Results.Select(result => (result.Id, result.Text, result.Seed));

    private static async Task<int> RunAgainAsync(ToolRun run, string arguments)
    {
        using var output = new StringWriter();
        var host = new ToolHost(output, output, null) { DefaultModel = new ModelChoice("openai:stand-in", run.Server.Endpoint) };
        return await Tool.RunAsync(arguments.Replace("DIR", run.Folder, StringComparison.Ordinal).Split(' '), host, CancellationToken.None);
    }
}

/// <summary>What a judge says that gives one mark in every dimension.</summary>
internal static class JudgeReplies
{
    public static LoopbackReply Of(int mark) => LoopbackReply.Write(FormattableString.Invariant(
        $$"""{"Analysis": "Fine.", "Relevance": {{mark}}, "Accuracy": {{mark}}, "Coherence": {{mark}}, "Clarity": {{mark}}, "Breadth and Depth": {{mark}}, "Reading Experience": {{mark}}}"""));
}
