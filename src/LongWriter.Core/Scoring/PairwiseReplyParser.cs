namespace LongWriter.Scoring;

/// <summary>A verdict as the judge gave it, about A and B.</summary>
internal sealed record PairwiseReply(char Winner, string? Analysis);

/// <summary>Reads A, B or Tie from a judge's reply. Never throws.</summary>
internal static class PairwiseReplyParser
{
    public const char Tie = '=';

    private static readonly string[] WinnerNames = ["winner", "verdict", "better", "preferred", "result", "choice", "胜者", "结论"];

    /// <summary>Reads a reply; of several objects with a winner the last one counts.</summary>
    public static JudgeReply<PairwiseReply> Parse(string reply)
    {
        if (string.IsNullOrWhiteSpace(reply))
        {
            return Problem("The reply is empty.");
        }

        LooseJsonResult json = LooseJson.ReadAll(reply);
        (LooseFind Find, LooseValue Value)[] winners = [.. json.Finds.SelectMany(static find => Winners(find.Value).Select(value => (find, value)))];
        if (winners.Length == 0)
        {
            return Problem(json.Failure is { } failure ? JudgeText.Unreadable(failure)
                : json.Finds.Any(static find => find.Value is LooseObject) ? "Winner must be A, B or Tie but is missing."
                : JudgeText.NoJson);
        }

        (LooseFind found, LooseValue winner) = winners[^1];
        return winner is LooseText text && Read(text.Text) is { } side
            ? new JudgeReply<PairwiseReply>(new PairwiseReply(side, JudgeText.Analysis(found.Value) ?? JudgeText.Before(reply, found.Start)), [])
            : Problem($"Winner must be A, B or Tie but is {(winner is LooseText other ? $"\"{Clip(other.Text)}\"" : "not a text")}.");
    }

    private static IEnumerable<LooseValue> Winners(LooseValue value) => value is LooseObject { Members: var members }
        ? members.SelectMany(static member => WinnerNames.Contains(LooseName.Fold(member.Key)) && member.Value is not LooseObject
            ? [member.Value]
            : Winners(member.Value))
        : [];

    private static char? Read(string text) => LooseName.Fold(text) switch
    {
        "a" or "answera" or "responsea" or "texta" or "aisbetter" or "答案a" => 'A',
        "b" or "answerb" or "responseb" or "textb" or "bisbetter" or "答案b" => 'B',
        "tie" or "draw" or "equal" or "both" or "neither" or "平局" or "平手" => Tie,
        _ => null,
    };

    private static string Clip(string text) => text.Length <= 40 ? text : $"{text[..40]}…";

    private static JudgeReply<PairwiseReply> Problem(string problem) => new(null, [problem]);
}
