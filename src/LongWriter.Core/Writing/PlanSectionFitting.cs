using System.Globalization;

namespace LongWriter.Writing;

/// <summary>Merges and splits the sections of one plan until every budget can keep the bounds.</summary>
/// <param name="options">The bounds.</param>
/// <param name="aim">The sum.</param>
/// <param name="unit">"words" or "字", for sentences.</param>
/// <param name="adjustments">Receives what was done.</param>
internal sealed class PlanSectionFitting(PlanBudgetOptions options, int aim, string unit, List<string> adjustments)
{
    /// <summary>The sections as they will be written.</summary>
    public IReadOnlyList<PlannedSection> Fit(IReadOnlyList<PlannedSection> given)
    {
        List<Run> runs = MergeTiny(given);
        int most = Math.Max(1, aim / options.MinSectionWords);
        if (runs.Count > most)
        {
            runs = MergeEvenly(runs, most);
        }

        foreach (Run run in runs.Where(static run => run.Count > 1))
        {
            adjustments.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"Sections {run.First + 1} to {run.First + run.Count} were merged because sections of fewer than {options.MinSectionWords:#,0} {unit} are too small."));
        }

        return Split(given, runs);
    }

    /// <summary>A run of sections that become one.</summary>
    private readonly record struct Run(int First, int Count, long Words);

    /// <summary>Runs that stay below half the minimum take in the next section; a last one of that kind joins the one before.</summary>
    private List<Run> MergeTiny(IReadOnlyList<PlannedSection> given)
    {
        double scale = aim / (double)given.Sum(static section => (long)section.Words);
        double tiny = options.MinSectionWords / 2.0;
        List<Run> runs = [];
        Run open = default;
        for (int i = 0; i < given.Count; i++)
        {
            open = open.Count == 0 ? new Run(i, 1, given[i].Words) : open with { Count = open.Count + 1, Words = open.Words + given[i].Words };
            if (open.Words * scale >= tiny)
            {
                runs.Add(open);
                open = default;
            }
        }

        if (open.Count > 0)
        {
            int last = runs.Count - 1;
            if (last < 0)
            {
                return [open];
            }

            runs[last] = Join(runs[last], open);
        }

        return runs;
    }

    /// <summary>At most so many runs of neighbours, by where the middle of each stands in the document.</summary>
    private static List<Run> MergeEvenly(List<Run> runs, int most)
    {
        double total = runs.Sum(static run => (double)run.Words);
        List<Run> merged = [];
        double before = 0;
        int group = -1;
        foreach (Run run in runs)
        {
            int place = Math.Min(most - 1, (int)((before + (run.Words / 2.0)) / total * most));
            before += run.Words;
            if (place == group)
            {
                merged[^1] = Join(merged[^1], run);
            }
            else
            {
                merged.Add(run);
                group = place;
            }
        }

        return merged;
    }

    private static Run Join(Run first, Run second) => first with { Count = first.Count + second.Count, Words = first.Words + second.Words };

    /// <summary>Budgets with the lower bound alone say what has to be split; the parts then get theirs within both bounds.</summary>
    private List<PlannedSection> Split(IReadOnlyList<PlannedSection> given, List<Run> runs)
    {
        int minimum = Math.Min(aim, options.MinSectionWords);
        int[] whole = BudgetAllocation.Allocate([.. runs.Select(static run => (int)Math.Min(run.Words, int.MaxValue))], aim, minimum, aim);
        List<PlannedSection> sections = [];
        for (int i = 0; i < runs.Count; i++)
        {
            PlannedSection section = Merged(given, runs[i]);
            int parts = (whole[i] + options.MaxSectionWords - 1) / options.MaxSectionWords;
            if (parts > 1)
            {
                adjustments.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Section {runs[i].First + 1} was split into {parts} parts because {whole[i]:#,0} {unit} are more than {options.MaxSectionWords:#,0}."));
            }

            for (int part = 1; part <= parts; part++)
            {
                sections.Add(new PlannedSection(parts == 1 ? section.MainPoint : Part(section.MainPoint, part, parts), (whole[i] + part - 1) / parts)
                {
                    Heading = part == 1 ? section.Heading : null,
                });
            }
        }

        int[] words = BudgetAllocation.Allocate([.. sections.Select(static section => section.Words)], aim, minimum, options.MaxSectionWords);
        return [.. sections.Select((section, i) => section with { Words = words[i] })];
    }

    private static PlannedSection Merged(IReadOnlyList<PlannedSection> given, Run run)
    {
        PlannedSection[] sections = [.. given.Skip(run.First).Take(run.Count)];
        string separator = sections.Any(static section => PlanPhrase.IsChinese(section.MainPoint)) ? "；" : "; ";
        return sections[0] with
        {
            MainPoint = string.Join(separator, sections.Select(static section => section.MainPoint)),
            Heading = sections.Select(static section => section.Heading).FirstOrDefault(static heading => heading is not null),
        };
    }

    private static string Part(string mainPoint, int part, int parts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{mainPoint}{(PlanPhrase.IsChinese(mainPoint) ? $"（第{part}部分，共{parts}部分）" : $" (part {part} of {parts})")}");
}
