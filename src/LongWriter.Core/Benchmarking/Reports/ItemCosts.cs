using static LongWriter.Benchmarking.Reports.ReportNumbers;

namespace LongWriter.Benchmarking.Reports;

/// <summary>What each item cost each subject, and how much more that is than what it cost the last one.</summary>
internal static class ItemCosts
{
    /// <summary>Empty with fewer than two subjects that have an item in common.</summary>
    public static ReportTable Of(BenchmarkReport report)
    {
        Dictionary<string, ItemCost>[] costs = [.. report.Subjects.Select(CostsOf)];
        string[] items = [.. costs.SelectMany(cost => cost.Keys).Distinct(StringComparer.Ordinal).Where(id => costs.Count(cost => cost.ContainsKey(id)) > 1)];
        return new ReportTable(
            "item-costs",
            report.Subjects.Count > 1 ? $"Calls and tokens by item, and what they are more than those of {report.Subjects[^1].Label}" : "Calls and tokens by item",
            [new("Item", CellKind.Name), new("Required"), .. report.Subjects.SelectMany((subject, index) => Columns(subject.Label, index < report.Subjects.Count - 1))],
            items.Length == 0 ? [] : [.. items.Select(id => Row(id, costs)), Mean(items, costs)],
            Folded: true);
    }

    private static IEnumerable<ReportColumn> Columns(string label, bool compared) => compared
        ? [new($"{label}: calls"), new("more"), new($"{label}: output tokens"), new("more"), new("discarded")]
        : [new($"{label}: calls"), new($"{label}: output tokens"), new("discarded")];

    private static IReadOnlyList<string> Row(string id, Dictionary<string, ItemCost>[] costs)
    {
        ItemCost?[] row = [.. costs.Select(cost => cost.GetValueOrDefault(id))];
        return [id, Count(row.First(cost => cost is not null)!.Required), .. Cells(row)];
    }

    // Over the items that every subject has, so that the columns can be compared.
    private static IReadOnlyList<string> Mean(string[] items, Dictionary<string, ItemCost>[] costs)
    {
        string[] common = [.. items.Where(id => costs.All(cost => cost.ContainsKey(id)))];
        if (common.Length == 0)
        {
            return ["Mean", Unknown, .. Cells(new ItemCost?[costs.Length])];
        }

        ItemCost[] means = [.. costs.Select(cost => ItemCost.Mean(common.Select(id => cost[id])))];
        return [$"Mean of the {Count(common.Length)} that all have", Count(means[0].Required), .. Cells(means)];
    }

    private static IEnumerable<string> Cells(ItemCost?[] row)
    {
        ItemCost? last = row[^1];
        for (int i = 0; i < row.Length - 1; i++)
        {
            yield return Score(row[i]?.Calls);
            yield return More(row[i]?.Calls - last?.Calls, Score);
            yield return Count(row[i]?.OutputTokens);
            yield return More(row[i]?.OutputTokens - last?.OutputTokens, Count);
            yield return Count(row[i]?.Discarded);
        }

        yield return Score(last?.Calls);
        yield return Count(last?.OutputTokens);
        yield return Count(last?.Discarded);
    }

    private static string More(double? difference, Func<double?, string> text) => difference > 0 ? $"+{text(difference)}" : text(difference);

    private static Dictionary<string, ItemCost> CostsOf(SubjectReport subject) => subject.TextReports
        .GroupBy(text => text.Id, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => ItemCost.Mean(group.Select(ItemCost.Of)), StringComparer.Ordinal);

    /// <summary>Means over the repeats of an item; null where no client reported any.</summary>
    private sealed record ItemCost(double Required, double? Calls, double? OutputTokens, double Discarded)
    {
        public static ItemCost Of(TextReport text) => new(text.Required, text.Usage.Calls, text.Usage.OutputTokens, text.DiscardedTokens);

        public static ItemCost Mean(IEnumerable<ItemCost> costs)
        {
            ItemCost[] all = [.. costs];
            return new ItemCost(
                all.Average(cost => cost.Required), all.Average(cost => cost.Calls), all.Average(cost => cost.OutputTokens), all.Average(cost => cost.Discarded));
        }
    }
}
