namespace LongWriter.Scoring;

/// <summary>What a judge's reply says.</summary>
/// <param name="Value">The content; null when there are problems.</param>
/// <param name="Problems">One sentence for each thing wrong; empty when there is a value.</param>
internal sealed record JudgeReply<T>(T? Value, IReadOnlyList<string> Problems)
    where T : class;

/// <summary>The marks of a reply and the words beside them.</summary>
internal sealed record MarkedReply(QualityMarks Marks, string? Analysis);

/// <summary>
/// Reads the six marks from a judge's reply, however it wrapped them. Of several objects the last one that names all six counts: judges
/// repeat the form they were shown, or correct themselves. Never throws.
/// </summary>
internal static class JudgeReplyParser
{
    public const int LeastMark = 1;
    public const int MostMark = 5;

    /// <summary>Reads a reply: marks, or all problems at once.</summary>
    public static JudgeReply<MarkedReply> Parse(string reply)
    {
        if (string.IsNullOrWhiteSpace(reply))
        {
            return Unreadable("The reply is empty.");
        }

        LooseJsonResult json = LooseJson.ReadAll(reply);
        MarkTable[] tables = [.. json.Finds.Select(MarkTable.Of).Where(static table => table.Marks.Count > 0)];
        MarkTable? table = tables.LastOrDefault(static table => table.Marks.Count == QualityDimensions.All.Count) ?? tables.LastOrDefault();
        bool isCutLater = json.Failure is { IsCut: true } cut && (table is null || cut.Start > table.Find.Start || cut.Reached > table.Find.End);
        if (table is null || (isCutLater && table.Marks.Count < QualityDimensions.All.Count))
        {
            return Unreadable(Explain(json, isCutLater));
        }

        List<string> problems = [];
        int[] marks = new int[QualityDimensions.All.Count];
        foreach (QualityDimension dimension in QualityDimensions.All)
        {
            LooseValue? value = table.Marks.GetValueOrDefault(dimension);
            if (LooseMark.Read(value, QualityDimensions.Name(dimension), LeastMark, MostMark, out marks[(int)dimension]) is { } problem)
            {
                problems.Add(problem);
            }
        }

        return problems.Count > 0
            ? new JudgeReply<MarkedReply>(null, problems)
            : new JudgeReply<MarkedReply>(
                new MarkedReply(
                    new QualityMarks(marks[0], marks[1], marks[2], marks[3], marks[4], marks[5]),
                    JudgeText.Analysis(table.Find.Value) ?? JudgeText.Before(reply, table.Find.Start)),
                []);
    }

    private static string Explain(LooseJsonResult json, bool isCut) =>
        isCut ? JudgeText.CutOff
        : json.Finds.Any(static find => find.Value is LooseObject)
            ? $"The JSON object holds none of the six marks; expected {string.Join(", ", QualityDimensions.All.Select(QualityDimensions.Name))}."
        : json.Failure is { } failure ? JudgeText.Unreadable(failure)
        : JudgeText.NoJson;

    private static JudgeReply<MarkedReply> Unreadable(string problem) => new(null, [problem]);
}
