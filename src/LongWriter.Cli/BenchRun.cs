using LongWriter.Benchmarking;
using LongWriter.Writing;
using Microsoft.Extensions.AI;

namespace LongWriter.Cli;

/// <summary>Runs the bench command: opens the models, runs the suite, reports.</summary>
internal sealed class BenchRun(BenchSettings settings, ToolHost host)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int texts = settings.Runner.Concurrency;
        using IChatClient client = settings.Model.Open(host, texts, cancellationToken);
        using IChatClient? judge = settings.Judge?.Model.Open(host, texts, cancellationToken);
        using IChatClient? meter = settings.WithNll && client.GetService<ITokenLogProbabilities>() is null
            ? LocalModel.Open(EmbeddedModel.Folder, texts, settings.Model.Compute with { Device = null }, host, cancellationToken)
            : null;
        BenchmarkRunnerOptions options = settings.Runner with
        {
            Judge = settings.Judge is null ? null : ScoringCalls.JudgeFor(judge!, settings.Judge, host.Time),
            Nll = settings.WithNll ? ScoringCalls.NllFor(meter ?? client, meter is null ? settings.ModelName : EmbeddedModel.Name) : null,
        };
        var runner = new BenchmarkRunner(settings.Suite, Subjects(client), options, host.Time);
        BenchmarkRun run;
        try
        {
            run = await runner.RunAsync(settings.Folder, new BenchView(host.Error), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ExitCode.For(e) is not null && BenchmarkRunFolder.Holds(settings.Folder))
        {
            await host.Error.WriteLineAsync($"longwriter: {ErrorText.Of(e)}").ConfigureAwait(false);
            if (e is not BenchmarkRunException || !settings.Runner.Resume)
            {
                await host.Error.WriteLineAsync($"Resume with: {settings.ResumeCommand}").ConfigureAwait(false);
            }

            return ExitCode.For(e)!.Value;
        }

        return await ReportAsync(run, cancellationToken).ConfigureAwait(false);
    }

    private List<IBenchmarkSubject> Subjects(IChatClient client)
    {
        var subjects = new List<IBenchmarkSubject>();
        if (settings.WithAgent)
        {
            var writer = new AgentWriterOptions
            {
                Length = settings.LengthControl,
                Counter = WordCounter.Compatible, // the one that the report counts with
                ChatOptions = settings.Temperature is { } temperature ? new ChatOptions { Temperature = temperature } : null,
            };
            writer.ContextWindowTokens = settings.ContextTokens ?? writer.ContextWindowTokens;
            subjects.Add(AgentSubject.Create(client, settings.Model.Suit(writer), new AgentSubjectOptions { Model = settings.ModelName }, host.Time));
        }

        if (settings.WithChat)
        {
            var options = new ChatSubjectOptions
            {
                Model = settings.ModelName,
                ChatOptions = new ChatOptions { Temperature = settings.Temperature, MaxOutputTokens = settings.MaxTokens },
            };
            subjects.Add(new ChatSubject(client, options, timeProvider: host.Time));
        }

        return subjects;
    }

    private async Task<int> ReportAsync(BenchmarkRun run, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(settings.Folder));
        BenchTable.Print(await ReportCalls.WriteAsync([run], [name], settings.Folder, settings.FailedJudgements, cancellationToken).ConfigureAwait(false), host.Out);
        await host.Error.WriteLineAsync($"Wrote results and report to {settings.Folder}").ConfigureAwait(false);
        int failed = run.Results.Count(result => result.Failure is not null);
        if (failed == 0)
        {
            return ExitCode.Done;
        }

        await host.Error.WriteLineAsync(FormattableString.Invariant($"longwriter: {failed} of {run.Results.Count} texts failed.")).ConfigureAwait(false);
        await host.Error.WriteLineAsync($"Try them again with: {settings.ResumeCommand} {BenchCommand.RetryFailed.Name}").ConfigureAwait(false);
        return failed == run.Results.Count ? ExitCode.ModelFailed : ExitCode.Unfinished;
    }
}
