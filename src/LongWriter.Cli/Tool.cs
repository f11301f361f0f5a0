using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace LongWriter.Cli;

/// <summary>The tool's entry point: parses, runs one command, turns errors into a line and an exit code.</summary>
internal static class Tool
{
    public static async Task<int> RunAsync(string[] args, ToolHost host, CancellationToken cancellationToken)
    {
        ParseResult parsed = BuildRoot(host).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
            {
                await host.Error.WriteLineAsync($"longwriter: {message}").ConfigureAwait(false);
            }

            await host.Error.WriteLineAsync($"See {PathOf(parsed.CommandResult)} --help.").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        var configuration = new InvocationConfiguration
        {
            Output = host.Out,
            Error = host.Error,
            EnableDefaultExceptionHandler = false,

            // The interrupt is ours: a run that is stopped still prints the command that resumes it.
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            int? code = ExitCode.For(e);
            await host.Error.WriteLineAsync($"longwriter: {(code is null ? e.ToString() : ErrorText.Of(e))}").ConfigureAwait(false);
            return code ?? ExitCode.Unexpected;
        }
    }

    /// <summary>A plain command, since a RootCommand would call itself after its executable.</summary>
    private static Command BuildRoot(ToolHost host) =>
        new("longwriter", "Writes long documents with any language model, at the length that was asked for.")
        {
            new HelpOption(),
            new VersionOption(),
            WriteCommand.Build(host),
            ExportCommand.Build(host),
            CalibrateCommand.Build(host),
            new Command("data", "Prepares data for training.") { TrainTokenizerCommand.Build(host) },
            BenchCommand.Build(host),
            ReportCommand.Build(host),
            ScoreCommand.Build(host),
        };

    /// <summary>The command as it is called, such as "longwriter score length"; where none was named, the one that most people look for.</summary>
    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{(parent.Parent is null ? parent.Command.Name : PathOf(parent))} {result.Command.Name}" : $"{result.Command.Name} write";
}
