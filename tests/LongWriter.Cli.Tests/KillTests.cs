using System.Diagnostics;
using LongWriter.Testing;

namespace LongWriter.Cli.Tests;

/// <summary>The tool in processes that die, against a server in this one.</summary>
public sealed class KillTests
{
    private const int Lanes = 2;
    private const int KillsPerLane = 25;

    /// <summary>About two sections' events: a process gets a section or so further before it dies.</summary>
    private const int MaxEvents = 30;

    [Fact]
    public async Task Write_KilledAtFiftyPoints_LosesNothingAndRepeatsOnlyTheCallInFlight()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGKILL is a signal of Linux and macOS.");
        Chain[] chains = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => new Chain(lane).RunAsync()));

        Assert.Equal(Lanes * KillsPerLane, chains.Sum(chain => chain.Kills));
        Assert.All(chains, chain => Assert.True(chain.Documents >= 1, $"only {chain.Documents} documents were finished"));
    }

    [Fact]
    public async Task Write_Sigint_StopsWithinASecondAndCanBeResumed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGINT is sent with kill, of Linux and macOS.");
        var gate = new KillGate();
        await using ToolRun run = await ToolRun.StartAsync(request => Slowly(request, gate));
        gate.Arm(40, holds: true);
        using ToolProcess process = ToolProcess.Start([.. Arguments(run), Instruction(0)]);
        await gate.Reached;
        long sent = Stopwatch.GetTimestamp();
        process.Interrupt();
        ToolResult stopped = await process.ResultAsync();
        TimeSpan took = Stopwatch.GetElapsedTime(sent);
        gate.Disarm();
        using ToolProcess second = ToolProcess.Start([.. Arguments(run), "--resume"]);
        ToolResult resumed = await second.ResultAsync();

        Assert.Equal(130, stopped.Code);
        Assert.Contains("\nlongwriter: Stopped.\nThe text so far is in ", stopped.Error, StringComparison.Ordinal);
        Assert.True(took < TimeSpan.FromSeconds(5), $"stopping took {took}");
        Assert.Equal(0, resumed.Code);
        Assert.Single(run.Server.Requests, request => request.Attempt > 1);
    }

    private static string Instruction(int number) => $"Write a 4000-word story about harbour number {number}";

    private static LoopbackReply Slowly(LoopbackRequest request, KillGate gate) =>
        StandInAuthor.Answer(request) with { ChunkChars = 200, BeforeEvent = _ => gate.PassAsync() };

    private static string[] Arguments(ToolRun run) =>
        ["write", "--out", run.PathTo("book.md"), "--model", "openai:stand-in", "--endpoint", run.Server.Endpoint.ToString()];

    /// <summary>Documents one after the other; whatever process writes one is killed at a seeded point until the kills are used up.</summary>
    private sealed class Chain(int lane)
    {
        private readonly Random points = new(lane);

        public int Kills { get; private set; }

        public int Documents { get; private set; }

        public async Task<Chain> RunAsync()
        {
            while (Kills < KillsPerLane)
            {
                await WriteDocumentAsync((100 * lane) + Documents);
                Documents++;
            }

            return this;
        }

        private async Task WriteDocumentAsync(int number)
        {
            var gate = new KillGate();
            await using ToolRun run = await ToolRun.StartAsync(request => Slowly(request, gate));
            int killsBefore = Kills;
            int heldKills = 0;
            while (true)
            {
                bool isFirst = run.Server.Requests.Count == 0;
                bool holds = points.Next(2) == 0;
                if (Kills < KillsPerLane)
                {
                    gate.Arm(points.Next(MaxEvents), holds);
                }
                else
                {
                    gate.Disarm();
                }

                using ToolProcess process = ToolProcess.Start([.. Arguments(run), isFirst ? Instruction(number) : "--resume"]);
                await Task.WhenAny(gate.Reached, process.ExitedAsync());
                if (Kills == KillsPerLane || !gate.Reached.IsCompleted)
                {
                    ToolResult finished = await process.ResultAsync();
                    Assert.True(finished.Code == 0, finished.Error);
                    break;
                }

                await process.KillAsync();
                Kills++;
                heldKills += holds ? 1 : 0;
            }

            await CheckAsync(run, number, Kills - killsBefore, heldKills);
        }

        private static async Task CheckAsync(ToolRun run, int number, int kills, int heldKills)
        {
            await using ToolRun undisturbed = await ToolRun.StartAsync();
            Assert.Equal(0, (await undisturbed.WriteAsync(Instruction(number))).Code);
            Assert.Equal(undisturbed.Read("book.md"), run.Read("book.md"));

            LoopbackRequest[] requests = [.. run.Server.Requests];
            Assert.Equal(undisturbed.Server.Requests.Select(request => request.Json), requests.Where(request => request.Attempt == 1).Select(request => request.Json));

            // A call that is held is in flight when its process dies; at other kills it may have been completed and recorded.
            Assert.InRange(requests.Count(request => request.Attempt > 1), heldKills, kills);

            // A repeated call directly follows its earlier try: nothing that was recorded is asked again.
            Assert.All(requests.Where(request => request.Attempt > 1), request => Assert.Equal(requests[request.Number - 1].Json, request.Json));
        }
    }
}
