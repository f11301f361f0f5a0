using System.CommandLine;
using System.Text.Json;

namespace LongWriter.Cli;

/// <summary>The score length command: how well a text meets a required length.</summary>
internal static class ScoreLengthCommand
{
    private static readonly Argument<string> TextFile = new("file") { Description = "File with the text; - reads standard input." };
    private static readonly Option<int?> Required = ToolOption.Number("--required", 1, LengthTarget.MaxValue, "The required length in words (字 for Chinese).");
    private static readonly Option<string?> Kind = ToolOption.Choice(
        "--kind", "How the length is meant. The default is equal, scored as S_l of the paper.", "equal", "at-least", "at-most", "range");
    private static readonly Option<int?> Maximum = ToolOption.Number("--max", 1, LengthTarget.MaxValue, "The upper edge, for --kind range; --required is the lower one.");
    private static readonly Option<string?> Counter = ToolOption.Choice(
        "--counter", "What counts the words. The default is compatible, the paper's.", "compatible", "unicode");
    private static readonly Option<bool> Json = new("--json") { Description = "Print a JSON object." };

    public static Command Build(ToolHost host)
    {
        Required.Required = true;
        var command = new Command("length", "Scores the length of a text, 0 to 100.") { TextFile, Required, Kind, Maximum, Counter, Json };
        command.SetAction(parsed => Run(parsed, host));
        return command;
    }

    private static int Run(ParseResult parsed, ToolHost host)
    {
        string kind = parsed.GetValue(Kind) ?? "equal";
        LengthTarget target = ReadTarget(kind, parsed.GetValue(Required)!.Value, parsed.GetValue(Maximum), WordCounter.FromName(parsed.GetValue(Counter) ?? "compatible"));
        string text = InputFile.Read("file", parsed.GetValue(TextFile)!, host);
        LengthScore score = ScoringCalls.ScorerFor(target.Kind).Score(target, text);
        host.Out.WriteLine(parsed.GetValue(Json)
            ? JsonSerializer.Serialize(
                new LengthScoreLine(score.Score, parsed.GetValue(Required)!.Value, parsed.GetValue(Maximum), score.ProducedWords, score.Scorer, kind, target.Counter.Name),
                ScoreJson.Default.LengthScoreLine)
            : FormattableString.Invariant($"{score.Scorer} {score.Score:0.0}: {score.ProducedWords} of {target}, by the {target.Counter.Name} counter"));
        return ExitCode.Done;
    }

    private static LengthTarget ReadTarget(string kind, int required, int? maximum, WordCounter counter)
    {
        if ((maximum is null) != (kind != "range"))
        {
            throw new ArgumentException(kind == "range" ? "--kind range needs --max." : $"--max is for --kind range, not for --kind {kind}.");
        }

        if (maximum < required)
        {
            throw new ArgumentException(FormattableString.Invariant($"--max must be --required ({required}) or more but is {maximum}."));
        }

        return kind switch
        {
            "at-least" => LengthTarget.AtLeast(required, counter: counter),
            "at-most" => LengthTarget.AtMost(required, counter: counter),
            "range" => LengthTarget.Between(required, maximum!.Value, counter: counter),
            _ => LengthTarget.Equal(required, counter: counter),
        };
    }
}
