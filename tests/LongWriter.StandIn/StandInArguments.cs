using System.Globalization;

namespace LongWriter.StandIn;

/// <summary>
/// What the stand-in takes for itself, before the tool's own arguments: <c>--pause MS</c> waits before each piece of a reply, so that there is
/// something to watch; <c>--serve PORT</c> runs the server alone, for another process.
/// </summary>
/// <param name="Tool">The tool's arguments.</param>
internal sealed record StandInArguments(string[] Tool)
{
    public TimeSpan Pause { get; private init; }

    /// <summary>The port to serve on, 0 for any free one; null runs the tool.</summary>
    public int? ServePort { get; private init; }

    /// <summary>The stand-in's own options as they were given, for the command that resumes.</summary>
    public string OwnOptions => Pause == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $" --pause {Pause.TotalMilliseconds}");

    public static StandInArguments Read(string[] args)
    {
        var arguments = new StandInArguments(args);
        while (arguments.Tool is [("--pause" or "--serve") and var name, var value, .. var rest]
            && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            arguments = name == "--pause"
                ? arguments with { Tool = rest, Pause = TimeSpan.FromMilliseconds(number) }
                : arguments with { Tool = rest, ServePort = number };
        }

        return arguments;
    }
}
