using System.Text.Json.Nodes;
using LongWriter.Testing;

namespace LongWriter.Cli.Tests;

/// <summary>The bench command in processes that die, against a server in this one.</summary>
public sealed class BenchKillTests
{
    private const int Kills = 8;

    /// <summary>Kills come at most this many events apart, so that all of them happen before the eight texts and their judgements are done.</summary>
    private const int MaxEvents = 12;

    private const string Suite = """
        {"prompt": "Write 150 words about tea", "type": "News Report", "length": 150}
        {"prompt": "Write a story of 1200 words about a map", "type": "Literature and Creative Writing", "length": 1200}
        {"prompt": "写一篇200字的文章，介绍茶", "type": "Popular Science", "length": 200}
        {"prompt": "Write 600 words about rain", "type": "News Report", "length": 600}

        """;

    [Fact]
    public async Task Bench_KilledAtSeveralPointsAndResumed_GivesTheReportOfAnUndisturbedRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGKILL is a signal of Linux and macOS.");
        var gate = new KillGate();
        await using ToolRun undisturbed = await StartAsync(new KillGate());
        await using ToolRun killed = await StartAsync(gate);
        Assert.Equal(0, (await undisturbed.RunAsync(Arguments(undisturbed))).Code);

        int heldKills = await KillAsync(killed, gate);
        gate.Disarm();
        using ToolProcess last = ToolProcess.Start([.. Arguments(killed), "--resume"]);
        ToolResult finished = await last.ResultAsync();

        Assert.True(finished.Code == 0, finished.Error);
        Assert.Equal(Report(undisturbed), Report(killed));
        Assert.Equal(8, File.ReadLines(killed.PathTo("run/results.jsonl")).Count());

        // A call that is held is in flight when its process dies, so its text is begun again: nothing else is asked twice.
        int repeated = killed.Server.Requests.Count - undisturbed.Server.Requests.Count;
        Assert.True(repeated >= heldKills, $"{repeated} calls were repeated after {heldKills} kills in a call");
        Assert.Equal(
            undisturbed.Server.Requests.Select(request => request.Json).Order(StringComparer.Ordinal),
            killed.Server.Requests.Where(request => request.Attempt == 1).Select(request => request.Json).Order(StringComparer.Ordinal));
    }

    /// <summary>Starts and kills until all kills are used up; every second one comes within a call, the others wherever the process is by then.</summary>
    private static async Task<int> KillAsync(ToolRun run, KillGate gate)
    {
        var points = new Random(11);
        int heldKills = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            bool holds = kill % 2 == 0;
            gate.Arm(points.Next(MaxEvents), holds);
            bool isBegun = File.Exists(run.PathTo("run/run.json"));
            using ToolProcess process = ToolProcess.Start([.. Arguments(run), .. isBegun ? ["--resume"] : Array.Empty<string>()]);
            await Task.WhenAny(gate.Reached, process.ExitedAsync());
            if (!gate.Reached.IsCompleted)
            {
                ToolResult early = await process.ResultAsync();
                Assert.Fail($"The run ended after {kill} kills: {early.Code} {early.Error}");
            }

            await process.KillAsync();
            heldKills += holds ? 1 : 0;
        }

        return heldKills;
    }

    private static async Task<ToolRun> StartAsync(KillGate gate)
    {
        ToolRun run = await ToolRun.StartAsync(request => StandInJudge.IsAsked(request)
            ? StandInJudge.Answer(request) with { ChunkChars = 200, BeforeEvent = _ => gate.PassAsync() }
            : StandInAuthor.Answer(request) with { ChunkChars = 400, BeforeEvent = _ => gate.PassAsync() });
        run.Write("suite.jsonl", Suite);
        return run;
    }

    private static string[] Arguments(ToolRun run) =>
    [
        "bench", run.PathTo("suite.jsonl"), "--subject", "both", "--model", "openai:stand-in", "--judge", "openai:judge", "--endpoint", run.Server.Endpoint.ToString(),
        "--seed", "3", "--out", run.PathTo("run"),
    ];

    /// <summary>Everything that the report says, without times and without the places that differ between two runs.</summary>
    private static string Report(ToolRun run)
    {
        JsonNode report = JsonNode.Parse(run.Read("run/report.json"))!;
        RemoveTimes(report);
        return report.ToJsonString()
            .Replace(run.Folder, "DIR", StringComparison.Ordinal)
            .Replace(run.Server.Endpoint.ToString(), "SERVER", StringComparison.Ordinal);
    }

    private static void RemoveTimes(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            fields.Remove("started");
            fields.Remove("seconds");
            foreach (JsonNode? value in fields.Select(field => field.Value))
            {
                RemoveTimes(value);
            }
        }
        else if (node is JsonArray entries)
        {
            foreach (JsonNode? value in entries)
            {
                RemoveTimes(value);
            }
        }
    }
}
