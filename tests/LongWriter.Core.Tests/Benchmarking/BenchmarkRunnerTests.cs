using LongWriter.Benchmarking;
using LongWriter.Testing;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>One undisturbed run.</summary>
public sealed class BenchmarkRunnerTests
{
    [Fact]
    public async Task Run_TwoSubjectsTwoRepeats_GivesEveryResultInOrder()
    {
        using var folder = new BenchFolder();
        var agent = new FakeSubject("agent");
        var chat = new FakeSubject("chat");
        var runner = new BenchmarkRunner(Suites.Of(100, 2_000), [chat, agent], new BenchmarkRunnerOptions { Repeats = 2, Seed = 5, Command = "bench small" });
        BenchmarkRun run = await runner.RunAsync(folder.Run, cancellationToken: Suites.Stop);

        Assert.Equal(
            [
                ("chat", "small-000", 0), ("chat", "small-000", 1), ("chat", "small-001", 0), ("chat", "small-001", 1),
                ("agent", "small-000", 0), ("agent", "small-000", 1), ("agent", "small-001", 0), ("agent", "small-001", 1),
            ],
            run.Results.Select(result => (result.Subject, result.Id, result.Repeat)));
        Assert.Equal([("small-000", 0), ("small-001", 0), ("small-000", 1), ("small-001", 1)], chat.Calls.Select(call => (call.Id, run.Results.First(result => result.Seed == call.Seed).Repeat)));
        Assert.Equal(4, run.Results.Select(result => result.Seed).Distinct().Count());
        Assert.Equal(run.Results.Take(4).Select(result => result.Seed), run.Results.Skip(4).Select(result => result.Seed));
        Assert.Equal(("small", "1", 2, 2, 5L, "bench small", null), (run.Manifest.Suite, run.Manifest.SuiteVersion, run.Manifest.Items, run.Manifest.Repeats, run.Manifest.Seed, run.Manifest.Command, run.Manifest.Judge));
        Assert.Equal(["chat", "agent"], run.Manifest.Subjects.Select(subject => subject.Name));
        Assert.NotEmpty(run.Manifest.LongWriterVersion);
        Assert.Contains("Microsoft.Extensions.AI.Abstractions", run.Manifest.Packages!.Keys);
    }

    [Fact]
    public async Task Run_ChineseText_IsCountedByTheCompatibleCounterAndReadBackWhole()
    {
        using var folder = new BenchFolder();
        await new BenchmarkRunner(Suites.Of(100, 300), [new FakeSubject("chat")]).RunAsync(folder.Run, cancellationToken: Suites.Stop);
        BenchmarkResult result = BenchmarkRunFolder.Read(folder.Run).Results[1];

        Assert.Equal((300, 150, "zh", 150), (result.Required, result.Produced, result.Language, result.Text.Count(c => c == '字')));
        Assert.Equal(new SectionLength(300, 150), Assert.Single(result.Sections));
        Assert.Equal(new TokenUsage(100, 10, 150, 1), result.Usage);
        Assert.Null(result.Judgement);
        Assert.Null(result.Nll);
        Assert.Contains("字 字", await File.ReadAllTextAsync(folder.ResultPath, Suites.Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SameSeed_GivesTheSameSeedsWhateverElseIsInTheSuite()
    {
        using var folder = new BenchFolder();
        BenchmarkSuite suite = Suites.Of(100, 200, 300);
        BenchmarkRun all = await new BenchmarkRunner(suite, [new FakeSubject("a")]).RunAsync(folder.PathTo("all"), cancellationToken: Suites.Stop);
        BenchmarkRun one = await new BenchmarkRunner(suite with { Items = [suite.Items[2]] }, [new FakeSubject("b")]).RunAsync(folder.PathTo("one"), cancellationToken: Suites.Stop);
        BenchmarkRun other = await new BenchmarkRunner(suite, [new FakeSubject("a")], new BenchmarkRunnerOptions { Seed = 1 }).RunAsync(folder.PathTo("other"), cancellationToken: Suites.Stop);

        Assert.Equal(all.Results[2].Seed, Assert.Single(one.Results).Seed);
        Assert.NotEqual(all.Results[2].Seed, other.Results[2].Seed);
        Assert.All(all.Results.Concat(other.Results), result => Assert.InRange(result.Seed, 0, (1L << 30) - 1));
    }

    [Fact]
    public async Task Run_BadItems_AreResultsWithTheirReason()
    {
        using var folder = new BenchFolder();
        var subject = new FakeSubject("chat", (item, seed) => item.RequiredWords switch
        {
            1 => throw new InvalidOperationException("It broke."),
            2 => throw new ContextBudgetException("The prompt does not fit.", 10, 5),
            3 => throw new OperationCanceledException("I gave up."),
            4 => new SubjectReply { Text = "", End = EndCause.Refusal, Failure = "The model declined to write." },
            5 => new SubjectReply { Text = "Two words", End = EndCause.Error, Failure = "Section 2 could not be written." },
            _ => FakeSubject.Reply(item, seed),
        });
        var judge = new FakeJudge();
        BenchmarkRun run = await new BenchmarkRunner(Suites.Of(1, 2, 3, 4, 5, 6), [subject], new BenchmarkRunnerOptions { Judge = new BenchmarkJudge(judge, "j", "p") })
            .RunAsync(folder.Run, cancellationToken: Suites.Stop);

        Assert.Equal(
            [
                (EndCause.Error, "InvalidOperationException: It broke.", 0),
                (EndCause.ContextLimit, "The prompt does not fit.", 0),
                (EndCause.Error, "The subject cancelled by itself: I gave up.", 0),
                (EndCause.Refusal, "The model declined to write.", 0),
                (EndCause.Error, "Section 2 could not be written.", 2),
                (EndCause.Stop, null, 3),
            ],
            run.Results.Select(result => (result.End, result.Failure, result.Produced)));
        Assert.Equal([run.Results[5].Text], judge.Judged);
    }

    [Fact]
    public async Task Run_Cancelled_ThrowsAndKeepsWhatIsFinished()
    {
        using var folder = new BenchFolder();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Suites.Stop);
        int calls = 0;
        var subject = new FakeSubject("chat") { BeforeReply = _ => ++calls == 3 ? stop.CancelAsync() : Task.CompletedTask };
        var runner = new BenchmarkRunner(Suites.Of(100, 200, 300, 400), [subject]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runner.RunAsync(folder.Run, cancellationToken: stop.Token));
        Assert.Equal(["small-000", "small-001"], BenchmarkRunFolder.Read(folder.Run).Results.Select(result => result.Id));
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Run_Concurrently_RunsThatManyAtOnceAndGivesTheSameResults()
    {
        using var folder = new BenchFolder();
        BenchmarkSuite suite = Suites.Of(100, 200, 300, 400, 500, 600);
        BenchmarkRun alone = await new BenchmarkRunner(suite, [new FakeSubject("chat")], timeProvider: new ManualTimeProvider()).RunAsync(folder.PathTo("alone"), cancellationToken: Suites.Stop);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int running = 0;
        var subject = new FakeSubject("chat")
        {
            BeforeReply = token =>
            {
                if (Interlocked.Increment(ref running) == 3)
                {
                    all.TrySetResult();
                }

                // The first three wait for each other: with fewer at once this never ends.
                return all.Task.WaitAsync(token);
            },
        };
        BenchmarkRun together = await new BenchmarkRunner(suite, [subject], new BenchmarkRunnerOptions { Concurrency = 3 }, new ManualTimeProvider())
            .RunAsync(folder.PathTo("together"), cancellationToken: Suites.Stop);

        Assert.Equal(RunTexts.Of(alone), RunTexts.Of(together));
    }

    [Fact]
    public async Task Run_Progress_CountsTextsTokensCostAndTimeLeft()
    {
        using var folder = new BenchFolder();
        var time = new ManualTimeProvider();
        var subject = new FakeSubject("chat", (item, seed) => item.RequiredWords == 200 ? throw new InvalidOperationException("It broke.") : FakeSubject.Reply(item, seed))
        {
            BeforeReply = _ =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return Task.CompletedTask;
            },
        };
        var progress = new ProgressList();
        var options = new BenchmarkRunnerOptions { Prices = new TokenPrices(1_000m, 10_000m) };
        BenchmarkRun run = await new BenchmarkRunner(Suites.Of(100, 200, 700), [subject], options, time).RunAsync(folder.Run, progress, Suites.Stop);

        Assert.Equal([(0, 3, 0), (1, 3, 0), (2, 3, 1), (3, 3, 1)], progress.All.Select(told => (told.Done, told.Total, told.Failed)));
        Assert.Equal([0, 10, 20, 30], progress.All.Select(told => told.Elapsed.TotalSeconds));
        Assert.Equal([null, 90.0, 46.667, 0.0], progress.All.Select(told => told.Remaining is { } left ? Math.Round(left.TotalSeconds, 3) : (double?)null));
        Assert.Equal([0m, 0.6m, 0.6m, 4.2m], progress.All.Select(told => told.Cost));
        Assert.Equal(new TokenUsage(200, 20, 400, 2), progress.All[^1].Usage);
        Assert.Equal([null, "small-000", "small-001", "small-002"], progress.All.Select(told => told.Last?.Id));
        Assert.All(run.Results, result => Assert.Equal(10, result.Seconds));
    }

    [Fact]
    public void New_UnusableSuiteSubjectsOrOptions_AreRefused()
    {
        BenchmarkSuite suite = Suites.Of(1, 2);

        Assert.Equal("There must be at least one id of the suite but there is none.", Refused(suite with { Items = [] }));
        Assert.Equal("Every id of the suite must be unique but \"small-000\" occurs 2 times.", Refused(suite with { Items = [suite.Items[0], suite.Items[0]] }));
        Assert.Equal("Every name of a subject must be unique but \"chat\" occurs 2 times.", Refused(suite, new FakeSubject("chat"), new FakeSubject("chat")));
        Assert.Equal(
            "BenchmarkRunnerOptions: Repeats must be in [1, 1000] but is 0. Concurrency must be in [1, 256] but is 300. Prices must be 0 or more but are -1 and 2. RetryFailed needs Resume.",
            Assert.Throws<ArgumentException>(() => new BenchmarkRunner(
                suite,
                [new FakeSubject("chat")],
                new BenchmarkRunnerOptions { Repeats = 0, Concurrency = 300, Prices = new TokenPrices(-1, 2), RetryFailed = true })).Message);
    }

    private static string Refused(BenchmarkSuite suite, params IBenchmarkSubject[] subjects) =>
        Assert.Throws<ArgumentException>(() => new BenchmarkRunner(suite, subjects.Length == 0 ? [new FakeSubject("chat")] : subjects)).Message;
}
