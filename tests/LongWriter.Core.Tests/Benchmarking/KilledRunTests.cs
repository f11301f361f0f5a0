using LongWriter.Benchmarking;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>Runs that were killed, at every line of their results, and went on.</summary>
public sealed class KilledRunTests
{
    private static readonly BenchmarkSuite Suite = Suites.Of(100, 200, 3_000);

    [Fact]
    public async Task Run_KilledAtEveryLineAndResumed_EqualsAnUndisturbedRun()
    {
        using var folder = new BenchFolder();
        BenchmarkRun undisturbed = await RunAsync(folder.Run, new FakeSubject("chat"), new FakeSubject("agent"));
        byte[] whole = await File.ReadAllBytesAsync(folder.ResultPath, Suites.Stop);
        int[] ends = [0, .. whole.Index().Where(place => place.Item == '\n').Select(place => place.Index + 1)];
        string expected = RunTexts.Of(undisturbed);

        Assert.Equal(12 + 1, ends.Length);
        for (int lines = 0; lines <= 12; lines++)
        {
            int next = lines < 12 ? ends[lines + 1] - ends[lines] : 0;
            foreach (int torn in new[] { 0, 1, next / 2, next - 2, next - 1 }.Where(torn => torn >= 0 && torn < Math.Max(next, 1)).Distinct())
            {
                await File.WriteAllBytesAsync(folder.ResultPath, whole[..(ends[lines] + torn)], Suites.Stop);
                var chat = new FakeSubject("chat");
                var agent = new FakeSubject("agent");
                BenchmarkRun resumed = await RunAsync(folder.Run, resume: true, chat, agent);

                Assert.Equal(12 - lines, chat.Calls.Count + agent.Calls.Count);
                Assert.Equal(expected, RunTexts.Of(resumed));
                Assert.Equal(expected, RunTexts.Of(BenchmarkRunFolder.Read(folder.Run)));
                Assert.Equal(12, (await File.ReadAllLinesAsync(folder.ResultPath, Suites.Stop)).Length);
            }
        }
    }

    [Fact]
    public async Task Run_KilledBeforeTheManifestWasWritten_StartsAnew()
    {
        using var folder = new BenchFolder();
        Directory.CreateDirectory(folder.Run);
        await File.WriteAllTextAsync(folder.ResultPath, "", Suites.Stop);
        await File.WriteAllTextAsync(folder.ManifestPath + ".partial", "{\"suite\":", Suites.Stop);

        Assert.Equal(12, (await RunAsync(folder.Run, new FakeSubject("chat"), new FakeSubject("agent"))).Results.Count);
    }

    [Fact]
    public async Task Read_TornLastLine_LeavesItOutAndTheFileAlone()
    {
        using var folder = new BenchFolder();
        await RunAsync(folder.Run, new FakeSubject("chat"), new FakeSubject("agent"));
        byte[] whole = await File.ReadAllBytesAsync(folder.ResultPath, Suites.Stop);
        await File.WriteAllBytesAsync(folder.ResultPath, whole[..^1], Suites.Stop);

        Assert.Equal(11, BenchmarkRunFolder.Read(folder.Run).Results.Count);
        Assert.Equal(whole.Length - 1, new FileInfo(folder.ResultPath).Length);
    }

    [Fact]
    public async Task Resume_DamageBeforeTheLastLine_NamesTheLineAndTouchesNothing()
    {
        using var folder = new BenchFolder();
        await RunAsync(folder.Run, new FakeSubject("chat"), new FakeSubject("agent"));
        string[] lines = await File.ReadAllLinesAsync(folder.ResultPath, Suites.Stop);
        lines[2] = "{\"id\":\"small-000\"}";
        string damaged = string.Join('\n', lines) + "\n";
        await File.WriteAllTextAsync(folder.ResultPath, damaged, Suites.Stop);
        var chat = new FakeSubject("chat");
        var error = await Assert.ThrowsAsync<BenchmarkRunException>(() => RunAsync(folder.Run, resume: true, chat, new FakeSubject("agent")));

        Assert.StartsWith("DIR/run/results.jsonl: line 3: expected a result, found \"{\"id\":\"small-000\"}\": ", folder.Named(error.Message), StringComparison.Ordinal);
        Assert.Empty(chat.Calls);
        Assert.Equal(damaged, await File.ReadAllTextAsync(folder.ResultPath, Suites.Stop));
    }

    private static Task<BenchmarkRun> RunAsync(string folder, params IBenchmarkSubject[] subjects) => RunAsync(folder, resume: false, subjects);

    private static Task<BenchmarkRun> RunAsync(string folder, bool resume, params IBenchmarkSubject[] subjects) =>
        new BenchmarkRunner(Suite, subjects, new BenchmarkRunnerOptions { Repeats = 2, Seed = 3, Resume = resume }).RunAsync(folder, cancellationToken: Suites.Stop);
}
