using LongWriter.Benchmarking;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>What may be added to a run that is there, and what may not.</summary>
public sealed class ResumedRunTests
{
    private static readonly BenchmarkSuite Suite = Suites.Of(100, 200, 300);

    [Fact]
    public async Task Resume_WithAJudge_JudgesTheTextsThatAreThere()
    {
        using var folder = new BenchFolder();
        BenchmarkRun unjudged = await RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions());
        var judge = new FakeJudge();
        var again = new FakeSubject("chat");
        BenchmarkRun judged = await RunAsync(folder, again, new BenchmarkRunnerOptions { Resume = true, Judge = new BenchmarkJudge(judge, "fake-judge", "quality-v1") });

        Assert.Empty(again.Calls);
        Assert.Equal(3, judge.Judged.Count);
        Assert.All(judged.Results, result => Assert.Equal(4, result.Judgement!.Mean(QualityDimension.Clarity)));
        Assert.Equal(("fake-judge", "quality-v1"), (judged.Manifest.Judge, judged.Manifest.JudgePromptVersion));
        Assert.Equal(unjudged.Manifest.Started, judged.Manifest.Started);
        Assert.Equal(RunTexts.Of(judged), RunTexts.Of(BenchmarkRunFolder.Read(folder.Run)));
        Assert.Equal(RunTexts.Of(unjudged), RunTexts.Of(judged with { Results = [.. judged.Results.Select(result => result with { Judgement = null })] }));
    }

    [Fact]
    public async Task Resume_FinishedRun_CallsNobody()
    {
        using var folder = new BenchFolder();
        var options = new BenchmarkRunnerOptions { Judge = new BenchmarkJudge(new FakeJudge(), "j", "p"), Nll = Nll(1) };
        BenchmarkRun first = await RunAsync(folder, new FakeSubject("chat"), options);
        var subject = new FakeSubject("chat");
        var judge = new FakeJudge();
        var progress = new ProgressList();
        BenchmarkRun second = await new BenchmarkRunner(Suite, [subject], options with { Resume = true, Judge = new BenchmarkJudge(judge, "j", "p") })
            .RunAsync(folder.Run, progress, Suites.Stop);

        Assert.Empty(subject.Calls);
        Assert.Empty(judge.Judged);
        Assert.Equal(RunTexts.Of(first), RunTexts.Of(second));
        Assert.Equal((3, 3, new TokenUsage(300, 30, 300, 3)), (Assert.Single(progress.All).Done, progress.All[0].Total, progress.All[0].Usage));
    }

    [Fact]
    public async Task Resume_RetryFailed_WritesAndJudgesAnewWhatFailed()
    {
        using var folder = new BenchFolder();
        bool isBroken = true;
        Func<BenchmarkItem, long, SubjectReply> script = (item, seed) =>
            isBroken && item.RequiredWords == 200 ? throw new InvalidOperationException("It broke.") : FakeSubject.Reply(item, seed);
        var silent = new BenchmarkJudge(new FakeJudge(text => text.Length > 1_000 ? new QualitySample(null, "No marks.", null, ["?"], null) : FakeJudge.Marked(3)), "j", "p");
        await RunAsync(folder, new FakeSubject("chat", script), new BenchmarkRunnerOptions { Judge = silent });
        isBroken = false;
        var plain = new FakeSubject("chat", script);
        BenchmarkRun kept = await RunAsync(folder, plain, new BenchmarkRunnerOptions { Judge = silent, Resume = true });
        var retried = new FakeSubject("chat", script);
        var judge = new FakeJudge();
        BenchmarkRun whole = await RunAsync(
            folder, retried, new BenchmarkRunnerOptions { Judge = new BenchmarkJudge(judge, "j", "p"), Resume = true, RetryFailed = true });

        Assert.Empty(plain.Calls);
        Assert.Equal("InvalidOperationException: It broke.", kept.Results[1].Failure);
        Assert.Equal("No marks.", kept.Results[2].Judgement!.Failure);
        Assert.Equal(["small-001"], retried.Calls.Select(call => call.Id));
        Assert.Equal(2, judge.Judged.Count);
        Assert.Equal([3, 4, 4], whole.Results.Select(result => result.Judgement!.Mean(QualityDimension.Accuracy)));
        Assert.All(whole.Results, result => Assert.Null(result.Failure));
        Assert.Equal(3, BenchmarkRunFolder.Read(folder.Run).Results.Count);
    }

    [Fact]
    public async Task Run_JudgeIsUsedWrongly_KeepsTheText()
    {
        using var folder = new BenchFolder();
        var judge = new BenchmarkJudge(new FakeJudge(_ => throw new NotSupportedException("Seed is not supported.")), "j", "p");
        await Assert.ThrowsAsync<NotSupportedException>(() => RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions { Judge = judge }));
        var subject = new FakeSubject("chat");
        BenchmarkRun run = await RunAsync(folder, subject, new BenchmarkRunnerOptions { Resume = true, Judge = new BenchmarkJudge(new FakeJudge(), "j", "p") });

        Assert.Equal(["small-001", "small-002"], subject.Calls.Select(call => call.Id));
        Assert.All(run.Results, result => Assert.NotNull(result.Judgement));
    }

    [Fact]
    public async Task Run_Nll_IsMeasuredAndAFailureIsToldInPlaceOfACurve()
    {
        using var folder = new BenchFolder();
        var failing = new BenchmarkNll((text, _) => text.Length > 1_000 ? throw new ContextBudgetException("The text is too long.", 9, 5) : Curve(text), "tiny");
        BenchmarkRun run = await RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions { Nll = failing });
        BenchmarkRun again = await RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions { Nll = failing with { MeasureAsync = (text, _) => Curve(text) }, Resume = true, RetryFailed = true });

        Assert.Equal("tiny", run.Manifest.Nll);
        Assert.Equal([null, null, "The text is too long."], run.Results.Select(result => result.NllFailure));
        Assert.Equal([new NllPoint(run.Results[0].Text.Length, 2.5)], run.Results[0].Nll!);
        Assert.All(again.Results, result => Assert.Equal((1, null), (result.Nll!.Count, result.NllFailure)));
    }

    [Fact]
    public async Task Resume_AnotherRun_IsRefusedNamingWhatDiffers()
    {
        using var folder = new BenchFolder();
        var judge = new BenchmarkJudge(new FakeJudge(), "judge-a", "quality-v1");
        await RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions { Judge = judge, Nll = Nll(1) });
        string manifest = await File.ReadAllTextAsync(folder.ManifestPath, Suites.Stop);
        var subject = new FakeSubject("chat")
        {
            Manifest = new SubjectManifest("chat", "agent", "other-model", new Dictionary<string, string> { ["temperature"] = "1", ["topP"] = "0.8" }),
        };
        BenchmarkSuite other = Suites.Of(100, 200) with { Version = "2", BinEdges = [0] };
        var options = new BenchmarkRunnerOptions { Repeats = 2, Seed = 1, Resume = true, Judge = judge with { Model = "judge-b" } };
        var error = await Assert.ThrowsAsync<BenchmarkRunException>(() => new BenchmarkRunner(other, [subject], options).RunAsync(folder.Run, cancellationToken: Suites.Stop));

        Assert.Equal(
            "DIR/run holds another run: version of the suite was 1 and is 2; bins was 0 500 2000 and is 0; number of items was 3 and is 2; "
            + "kind of chat was chat and is agent; model of chat was fake-model and is other-model; temperature of chat was 0.5 and is 1; "
            + "topP of chat was not set and is 0.8; repeats was 1 and is 2; seed was 0 and is 1; judge was judge-a and is judge-b; "
            + "measurement of likelihoods was tiny and is not set.",
            folder.Named(error.Message));
        Assert.Equal(manifest, await File.ReadAllTextAsync(folder.ManifestPath, Suites.Stop));
    }

    [Fact]
    public async Task Resume_OtherSubjects_IsRefused()
    {
        using var folder = new BenchFolder();
        await RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions());
        var error = await Assert.ThrowsAsync<BenchmarkRunException>(() =>
            new BenchmarkRunner(Suite, [new FakeSubject("chat"), new FakeSubject("agent")], new BenchmarkRunnerOptions { Resume = true }).RunAsync(folder.Run, cancellationToken: Suites.Stop));

        Assert.Equal("DIR/run holds another run: subjects was chat and is chat, agent.", folder.Named(error.Message));
    }

    [Fact]
    public async Task Run_FolderWithARun_IsRefusedWithoutResume()
    {
        using var folder = new BenchFolder();
        await RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions());
        var error = await Assert.ThrowsAsync<BenchmarkRunException>(() => RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions()));

        Assert.Equal("DIR/run holds a run already; resume it, or choose another folder.", folder.Named(error.Message));
    }

    [Fact]
    public async Task Resume_FolderWithoutARun_IsRefused()
    {
        using var folder = new BenchFolder();
        var error = await Assert.ThrowsAsync<BenchmarkRunException>(() => RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions { Resume = true }));

        Assert.Equal("DIR/run holds no run to resume.", folder.Named(error.Message));
        Assert.False(Directory.Exists(folder.Run));
    }

    [Fact]
    public async Task Run_ResultsWithoutManifest_AreLeftAlone()
    {
        using var folder = new BenchFolder();
        Directory.CreateDirectory(folder.Run);
        await File.WriteAllTextAsync(folder.ResultPath, "mine", Suites.Stop);
        var error = await Assert.ThrowsAsync<BenchmarkRunException>(() => RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions()));

        Assert.Equal("DIR/run holds results.jsonl without run.json; choose another folder.", folder.Named(error.Message));
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.ResultPath, Suites.Stop));
    }

    [Fact]
    public async Task Run_FolderInUse_IsRefused()
    {
        using var folder = new BenchFolder();
        await RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions());
        using var other = ResultFile.Open(folder.ResultPath);
        var error = await Assert.ThrowsAsync<BenchmarkRunException>(() => RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions { Resume = true }));

        Assert.StartsWith("DIR/run/results.jsonl: cannot be opened for writing: ", folder.Named(error.Message), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoRun_SaysWhatWasExpected()
    {
        using var folder = new BenchFolder();
        var error = Assert.Throws<BenchmarkRunException>(() => BenchmarkRunFolder.Read(folder.Run));

        Assert.Equal("DIR/run holds no run; expected run.json and results.jsonl in it.", folder.Named(error.Message));
    }

    [Theory]
    [InlineData("my diary")]
    [InlineData("{}")]
    [InlineData("null")]
    public void Read_ForeignManifest_IsNamed(string content)
    {
        using var folder = new BenchFolder();
        Directory.CreateDirectory(folder.Run);
        File.WriteAllText(folder.ManifestPath, content);
        var error = Assert.Throws<BenchmarkRunException>(() => BenchmarkRunFolder.Read(folder.Run));

        Assert.StartsWith("DIR/run/run.json: expected the manifest of a run", folder.Named(error.Message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_ResultOfAnotherItem_IsRefused()
    {
        using var folder = new BenchFolder();
        await RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions());
        string text = await File.ReadAllTextAsync(folder.ResultPath, Suites.Stop);
        await File.WriteAllTextAsync(folder.ResultPath, text.Replace("small-001", "tall-001", StringComparison.Ordinal), Suites.Stop);
        var error = await Assert.ThrowsAsync<BenchmarkRunException>(() => RunAsync(folder, new FakeSubject("chat"), new BenchmarkRunnerOptions { Resume = true }));

        Assert.Equal("DIR/run: results.jsonl holds \"tall-001\" of chat, which is no item of this run.", folder.Named(error.Message));
    }

    private static Task<BenchmarkRun> RunAsync(BenchFolder folder, FakeSubject subject, BenchmarkRunnerOptions options) =>
        new BenchmarkRunner(Suite, [subject], options).RunAsync(folder.Run, cancellationToken: Suites.Stop);

    private static BenchmarkNll Nll(double mean) => new((text, _) => Task.FromResult<IReadOnlyList<NllPoint>>([new NllPoint(text.Length, mean)]), "tiny");

    private static Task<IReadOnlyList<NllPoint>> Curve(string text) => Task.FromResult<IReadOnlyList<NllPoint>>([new NllPoint(text.Length, 2.5)]);
}
