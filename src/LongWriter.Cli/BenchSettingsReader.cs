using System.CommandLine;
using LongWriter.Benchmarking;
using LongWriter.Writing;

namespace LongWriter.Cli;

/// <summary>Makes settings of a parsed bench command; refuses what does not go together, and suites that cannot be used.</summary>
internal sealed class BenchSettingsReader(ParseResult parsed, ToolHost host)
{
    /// <exception cref="ArgumentException">The arguments do not go together, or one of them cannot be used.</exception>
    /// <exception cref="BenchmarkSuiteException">The suite's file cannot be used.</exception>
    /// <exception cref="IOException">A file that an option names is missing.</exception>
    public BenchSettings Read()
    {
        RefuseContradictions();
        string subject = parsed.GetValue(BenchCommand.Subject) ?? "agent";
        string[] arguments = Arguments();
        return new BenchSettings
        {
            Suite = new BenchSuite(parsed).Read(),
            WithChat = subject is "chat" or "both",
            WithAgent = subject is "agent" or "both",
            Model = ReadModel(),
            Temperature = parsed.GetValue(BenchCommand.Temperature),
            MaxTokens = parsed.GetValue(BenchCommand.MaxTokens),
            ContextTokens = parsed.GetValue(BenchCommand.ContextTokens),
            LengthControl = parsed.GetValue(BenchCommand.LengthControl) == "open" ? LengthControl.Open : LengthControl.Closed,
            Judge = ReadJudge(),
            FailedJudgements = ReportCalls.ReadFailedJudgements(parsed.GetValue(BenchCommand.FailedJudgements)),
            WithNll = parsed.GetValue(BenchCommand.Nll),
            Folder = Path.GetFullPath(parsed.GetValue(BenchCommand.Out)!),
            Runner = new BenchmarkRunnerOptions
            {
                Repeats = parsed.GetValue(BenchCommand.Repeat) ?? 1,
                Seed = parsed.GetValue(BenchCommand.Seed) ?? 0,
                Concurrency = parsed.GetValue(BenchCommand.Concurrency) ?? 1,
                Resume = parsed.GetValue(BenchCommand.Resume),
                RetryFailed = parsed.GetValue(BenchCommand.RetryFailed),
                Prices = ReadPrices(),
                Command = $"{host.Invocation} {ShellLine.Join(arguments)}",
            },
            ResumeCommand = $"{host.Invocation} {ShellLine.Join([.. arguments, BenchCommand.Resume.Name])}",
        };
    }

    private void RefuseContradictions()
    {
        if (parsed.GetValue(BenchCommand.RetryFailed) && !parsed.GetValue(BenchCommand.Resume))
        {
            throw new ArgumentException("--retry-failed needs --resume.");
        }

        foreach (Option option in new Option[] { BenchCommand.JudgeEndpoint, BenchCommand.JudgeSamples, BenchCommand.JudgePrompt, BenchCommand.FailedJudgements })
        {
            if (parsed.GetResult(option) is not null && parsed.GetValue(BenchCommand.Judge) is null)
            {
                throw new ArgumentException($"{option.Name} needs --judge.");
            }
        }
    }

    private ModelChoice ReadModel()
    {
        var choice = new ModelChoice(parsed.GetValue(BenchCommand.Model), parsed.GetValue(BenchCommand.Endpoint));

        // An endpoint without a model may be meant for the judge alone.
        bool isForJudge = parsed.GetValue(BenchCommand.Judge) is not null && parsed.GetValue(BenchCommand.JudgeEndpoint) is null;
        choice = choice.Name is null && isForJudge ? choice with { Endpoint = null } : choice;
        choice = choice with { Compute = new LocalCompute(parsed.GetValue(BenchCommand.Threads), parsed.GetValue(BenchCommand.Device)) };
        return choice.Name is null && choice.Endpoint is null && host.DefaultModel is { } standard ? standard : choice;
    }

    private JudgeSettings? ReadJudge() => parsed.GetValue(BenchCommand.Judge) is not { } judge
        ? null
        : new JudgeSettings(
            new ModelChoice(judge, parsed.GetValue(BenchCommand.JudgeEndpoint) ?? parsed.GetValue(BenchCommand.Endpoint)) { Option = BenchCommand.Judge.Name },
            parsed.GetValue(BenchCommand.JudgeSamples),
            Temperature: null,
            Seed: parsed.GetValue(BenchCommand.Seed),
            parsed.GetValue(BenchCommand.JudgePrompt) is { } path ? InputFile.Read(BenchCommand.JudgePrompt.Name, path) : null);

    private TokenPrices? ReadPrices() => (parsed.GetValue(BenchCommand.PriceIn), parsed.GetValue(BenchCommand.PriceOut)) switch
    {
        ({ } input, { } output) => new TokenPrices((decimal)input, (decimal)output),
        (null, null) => null,
        _ => throw new ArgumentException("--price-in and --price-out go together."),
    };

    /// <summary>The command line as it was given, without what only a resumed run has.</summary>
    private string[] Arguments() =>
    [
        .. parsed.Tokens.Select(token => token.Value)
            .SkipWhile(token => token != parsed.CommandResult.Command.Name)
            .Where(token => token != BenchCommand.Resume.Name && token != BenchCommand.RetryFailed.Name),
    ];
}
