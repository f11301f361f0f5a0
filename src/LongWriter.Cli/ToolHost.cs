using Spectre.Console;

namespace LongWriter.Cli;

/// <summary>Where the tool writes; a test gives it writers of its own.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error: progress, notes, errors.</param>
/// <param name="Terminal">The terminal for the live view, or null where there is none.</param>
internal sealed record ToolConsole(TextWriter Out, TextWriter Error, IAnsiConsole? Terminal)
{
    public static ToolConsole System { get; } = new(Console.Out, Console.Error, OpenTerminal());

    private static IAnsiConsole? OpenTerminal()
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected)
        {
            return null;
        }

        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings());
        return terminal.Profile.Capabilities.Interactive && terminal.Profile.Capabilities.Ansi ? terminal : null;
    }
}
