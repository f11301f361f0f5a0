using System.CommandLine;

namespace LongWriter.Cli;

/// <summary>The score command: length and quality of a text that is there.</summary>
internal static class ScoreCommand
{
    public static Command Build(ToolHost host) => new("score", "Scores a text: its length, or its quality with a model as judge.")
    {
        ScoreLengthCommand.Build(host),
        ScoreQualityCommand.Build(host),
    };
}
