using System.Globalization;

namespace LongWriter.Scoring;

/// <summary>Scores as a judge gave them, in the rubric's order.</summary>
internal sealed record RubricScoreReply(IReadOnlyList<RubricScore> Scores);

/// <summary>
/// Reads one score for each criterion from a judge's reply: a list of entries with the criterion's number or name, or an object that maps
/// numbers or names to scores. Never throws.
/// </summary>
internal static class RubricScoreParser
{
    public const int LeastScore = 1;
    public const int MostScore = 10;

    private static readonly string[] CriterionNames = ["criterion", "name", "id", "number", "index", "no", "标准", "序号"];
    private static readonly string[] ReasonNames = ["reason", "analysis", "comment", "explanation", "justification", "理由", "分析"];

    /// <summary>Reads a reply: all scores, or all problems at once.</summary>
    public static JudgeReply<RubricScoreReply> Parse(string reply, Rubric rubric)
    {
        LooseJsonResult json = LooseJson.ReadAll(reply);
        var found = new Dictionary<int, (LooseValue Score, string? Reason)>();
        foreach (LooseFind find in json.Finds)
        {
            Collect(find.Value, rubric, found);
        }

        if (found.Count < rubric.Criteria.Count && json.Failure is { IsCut: true })
        {
            return Problem(JudgeText.CutOff);
        }

        if (found.Count == 0)
        {
            return Problem(
                string.IsNullOrWhiteSpace(reply) ? "The reply is empty."
                : json.Failure is { } failure ? JudgeText.Unreadable(failure)
                : json.Finds.Count > 0 ? "The JSON object holds no score of any criterion."
                : JudgeText.NoJson);
        }

        List<RubricScore> scores = [];
        List<string> problems = [];
        for (int i = 0; i < rubric.Criteria.Count; i++)
        {
            (LooseValue? value, string? reason) = found.TryGetValue(i, out (LooseValue Score, string? Reason) entry) ? (entry.Score, entry.Reason) : (null, null);
            string shown = string.Create(CultureInfo.InvariantCulture, $"The score of criterion {i + 1} ({rubric.Criteria[i].Name})");
            if (LooseMark.Read(value, shown, LeastScore, MostScore, out int score) is { } problem)
            {
                problems.Add(problem);
            }

            scores.Add(new RubricScore(rubric.Criteria[i].Name, score, reason));
        }

        return problems.Count > 0 ? new JudgeReply<RubricScoreReply>(null, problems) : new JudgeReply<RubricScoreReply>(new RubricScoreReply(scores), []);
    }

    private static void Collect(LooseValue value, Rubric rubric, Dictionary<int, (LooseValue Score, string? Reason)> found)
    {
        switch (value)
        {
            case LooseList list:
                foreach (LooseValue item in list.Items)
                {
                    Collect(item, rubric, found);
                }

                break;
            case LooseObject entry when LooseMark.Score(entry) is { } score && Index(entry, rubric) is { } index:
                found[index] = (score, Text(entry, ReasonNames));
                break;
            case LooseObject { Members: var members }:
                foreach ((string name, LooseValue member) in members)
                {
                    if (member is not LooseList && Index(name, rubric) is { } index)
                    {
                        found[index] = (member, member is LooseObject detail ? Text(detail, ReasonNames) : null);
                    }
                    else
                    {
                        Collect(member, rubric, found);
                    }
                }

                break;
        }
    }

    private static int? Index(LooseObject entry, Rubric rubric) =>
        Text(entry, CriterionNames) is { } name ? Index(name, rubric) : null;

    /// <summary>The place of a criterion that is called by number ("2", "Criterion 2") or by name; null when it is none.</summary>
    private static int? Index(string name, Rubric rubric)
    {
        string folded = LooseName.Fold(name);
        string digits = string.Concat(name.Where(char.IsAsciiDigit));
        if (folded is "" or "criterion" or "标准" && digits.Length is > 0 and < 4)
        {
            int number = int.Parse(digits, CultureInfo.InvariantCulture);
            return number >= 1 && number <= rubric.Criteria.Count ? number - 1 : null;
        }

        for (int i = 0; i < rubric.Criteria.Count; i++)
        {
            // With its number in front, as the prompt shows it, or without.
            if (folded.Length > 0 && folded == LooseName.Fold(rubric.Criteria[i].Name))
            {
                return i;
            }
        }

        return null;
    }

    private static string? Text(LooseObject entry, string[] names) => entry.Members
        .Where(member => names.Contains(LooseName.Fold(member.Key)))
        .Select(static member => (member.Value as LooseText)?.Text.Trim())
        .LastOrDefault(static text => !string.IsNullOrEmpty(text));

    private static JudgeReply<RubricScoreReply> Problem(string problem) => new(null, [problem]);
}
