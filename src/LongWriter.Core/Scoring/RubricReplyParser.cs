using System.Globalization;

namespace LongWriter.Scoring;

/// <summary>Criteria as a judge gave them.</summary>
internal sealed record RubricReply(IReadOnlyList<RubricCriterion> Criteria);

/// <summary>Reads criteria from a judge's reply. Never throws.</summary>
internal static class RubricReplyParser
{
    private static readonly string[] NameNames = ["name", "criterion", "title", "名称", "标准"];
    private static readonly string[] DescriptionNames = ["description", "criteriadescription", "detail", "details", "explanation", "描述", "说明"];

    /// <summary>Reads a reply that should hold <paramref name="count"/> criteria; more are cut, fewer are a problem.</summary>
    public static JudgeReply<RubricReply> Parse(string reply, int count)
    {
        LooseJsonResult json = LooseJson.ReadAll(reply);
        List<RubricCriterion> criteria = [];
        foreach (LooseFind find in json.Finds)
        {
            // Of several lists the last one counts, but an entry of a list of its own does not push out the others.
            List<RubricCriterion> found = [.. Entries(find.Value)];
            if (found.Count > 1)
            {
                criteria.Clear();
            }

            criteria.AddRange(found);
        }

        if (criteria.Count >= count)
        {
            return new JudgeReply<RubricReply>(new RubricReply([.. criteria.Take(count)]), []);
        }

        string problem = json.Failure is { IsCut: true } ? JudgeText.CutOff
            : criteria.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"The JSON object must hold {count} criteria, each with a different name and a description, but holds {criteria.Count}.")
            : json.Failure is { } failure ? JudgeText.Unreadable(failure)
            : json.Finds.Count > 0 ? "The JSON object holds no criterion with a name and a description."
            : string.IsNullOrWhiteSpace(reply) ? "The reply is empty."
            : JudgeText.NoJson;
        return new JudgeReply<RubricReply>(null, [problem]);
    }

    private static IEnumerable<RubricCriterion> Entries(LooseValue value) =>
        All(value).DistinctBy(static criterion => criterion.Name, StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<RubricCriterion> All(LooseValue value) => value switch
    {
        LooseList list => list.Items.SelectMany(All),
        LooseObject entry when Text(entry, NameNames) is { } name && Text(entry, DescriptionNames) is { } description =>
            [new RubricCriterion(name, description)],
        LooseObject { Members: var members } => members.SelectMany(static member => All(member.Value)),
        _ => [],
    };

    private static string? Text(LooseObject entry, string[] names) => entry.Members
        .Where(member => names.Contains(LooseName.Fold(member.Key)))
        .Select(static member => (member.Value as LooseText)?.Text.Trim())
        .LastOrDefault(static text => !string.IsNullOrEmpty(text));
}
