using Spectre.Console;

namespace LongWriter.Cli;

/// <summary>What the tool runs in. A test brings writers and a clock of its own.</summary>
/// <param name="Out">Standard output: plans, estimates, JSON lines.</param>
/// <param name="Error">Standard error: progress, notes, errors.</param>
/// <param name="Terminal">The terminal for the live view, or null where there is none.</param>
internal sealed record ToolHost(TextWriter Out, TextWriter Error, IAnsiConsole? Terminal)
{
    /// <summary>Standard input, where a file is named "-".</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>The clock of progress, retries and time-outs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How a shell calls the tool; the command that resumes a run begins with it.</summary>
    public string Invocation { get; init; } = "longwriter";

    /// <summary>The model where --model names none; null is the embedded one.</summary>
    public ModelChoice? DefaultModel { get; init; }

    /// <summary>Where exports of models are kept; null is the folder for local application data.</summary>
    public string? ModelCacheFolder { get; init; }

    /// <summary>The console of this process.</summary>
    /// <param name="project">Name of the project that was built into this program.</param>
    public static ToolHost OfProcess(string project) => new(Console.Out, Console.Error, OpenTerminal())
    {
        In = new StreamReader(Console.OpenStandardInput()),
        ModelCacheFolder = Environment.GetEnvironmentVariable("LONGWRITER_CACHE") is { Length: > 0 } folder ? folder : null,
        Invocation = Cli.Invocation.Of(project, AppContext.BaseDirectory, Environment.CurrentDirectory),
    };

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
