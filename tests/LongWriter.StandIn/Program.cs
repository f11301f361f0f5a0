using LongWriter.Cli;
using LongWriter.StandIn;
using LongWriter.Testing;

await Console.Error.WriteLineAsync("scripted stand-in, not a model");
StandInArguments arguments = StandInArguments.Read(args);
using var interrupt = new InterruptSignal();
await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(
    request => StandInJudge.IsAsked(request) ? StandInJudge.Answer(request)
        : arguments.Pause == TimeSpan.Zero ? StandInAuthor.Answer(request)
        : StandInAuthor.Answer(request) with { BeforeEvent = _ => Task.Delay(arguments.Pause) },
    ["stand-in", .. StandInJudge.Models],
    arguments.ServePort ?? 0);
if (arguments.ServePort is null)
{
    ToolHost host = ToolHost.OfProcess("LongWriter.StandIn");
    return await Tool.RunAsync(
        arguments.Tool,
        host with { Invocation = host.Invocation + arguments.OwnOptions, DefaultModel = new ModelChoice("openai:stand-in", server.Endpoint) },
        interrupt.Token);
}

await Console.Out.WriteLineAsync(server.Endpoint.ToString());
await Task.Delay(Timeout.Infinite, interrupt.Token).ContinueWith(_ => { }, TaskScheduler.Default);
await Console.Out.WriteLineAsync($"{server.Requests.Count} requests");
return ExitCode.Done;
