using System.CommandLine;

namespace LongWriter.Cli;

/// <summary>The tool's entry point: parses, runs one command, turns errors into a line and an exit code.</summary>
internal static class Tool
{
    public static async Task<int> RunAsync(string[] args, ToolConsole console, CancellationToken cancellationToken)
    {
        var root = new RootCommand("Writes long documents with any language model, at the length that was asked for.");
        root.Subcommands.Add(WriteCommand.Build(console));

        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(error => error.Message).Distinct())
            {
                await console.Error.WriteLineAsync($"longwriter: {message}").ConfigureAwait(false);
            }

            await console.Error.WriteLineAsync("See longwriter write --help.").ConfigureAwait(false);
            return ExitCode.BadInput;
        }

        var configuration = new InvocationConfiguration
        {
            Output = console.Out,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,

            // The interrupt is ours: a run that is stopped still prints the command that resumes it.
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (ExitCode.For(e) is { } code)
        {
            await console.Error.WriteLineAsync($"longwriter: {e.Message}").ConfigureAwait(false);
            return code;
        }
    }
}
