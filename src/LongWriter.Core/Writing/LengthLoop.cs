using System.Globalization;

namespace LongWriter.Writing;

/// <summary>
/// The closed loop over a document's length: says what each section may have, from what the sections before it turned out to have, so
/// that every part of the document comes to its sum. Pure arithmetic over words; deterministic, so a resumed run takes the same
/// decisions. Not safe for concurrent use.
/// </summary>
internal sealed class LengthLoop(PlanningResult planning, AgentWriterOptions options, bool steersDecoding)
{
    /// <summary>Shares of its budget between which a section that is not the last of its part may end.</summary>
    private const double LowestShare = 0.9, HighestShare = 1.15;

    /// <summary>How far beyond the planner's bounds the budgets of remaining sections may go before they are planned anew.</summary>
    private const double ReplanFactor = 1.25;

    /// <summary>How far a whole may be from its aim for the sake of an ending that the model found by itself.</summary>
    private const double NaturalTolerance = 0.04;

    /// <summary>A model is asked for at most so many times, or this part, of what is needed.</summary>
    private const double LargestCorrection = 2;

    private readonly List<int> produced = [];
    private readonly LengthTarget target = planning.Target;
    private readonly bool keepsSections = planning.Origin is PlanOrigin.User or PlanOrigin.SingleSection or PlanOrigin.Stated;
    private IReadOnlyList<PlannedSection> sections = planning.Plan.Sections;
    private double? yield;

    /// <summary>Words of the sections that were accepted.</summary>
    public int Produced => produced.Sum();

    /// <summary>What the next section, or one behind it, may have.</summary>
    /// <param name="index">The section, from 0, not accepted yet; sections between are taken to have their budgets.</param>
    public SectionWindow WindowOf(int index)
    {
        (int first, int last) = PartAround(index);
        int remaining = PartAim(first, last) - Enumerable.Range(first, index - first).Sum(WordsOf);
        if (index == last)
        {
            int tolerance = Tolerance(PartAim(first, last), remaining);
            (int floor, int ceiling) = Limits(index, remaining - tolerance, remaining + tolerance);
            SectionWindow window = SectionWindow.Around(remaining, floor, ceiling, isFinal: true);
            int wide = steersDecoding ? 0 : (int)Math.Min(NaturalTolerance * PartAim(first, last), remaining / 4.0);
            (int naturalFloor, int naturalCeiling) = Limits(index, remaining - wide, remaining + wide);
            return window.WithNatural(naturalFloor, naturalCeiling);
        }

        int budget = Budgets(index, last, remaining)[0];
        return SectionWindow.Around(budget, (int)(LowestShare * budget), (int)Math.Ceiling(HighestShare * budget), isFinal: false);
    }

    /// <summary>How many words to ask for to get <paramref name="needed"/>, by what the model made of earlier requests.</summary>
    public int Ask(int needed) => steersDecoding || yield is not { } share
        ? needed
        : (int)Math.Round(needed * Math.Clamp(1 / share, 1 / LargestCorrection, LargestCorrection));

    /// <summary>Takes into account what the model made of a request.</summary>
    /// <param name="asked">Words asked for.</param>
    /// <param name="given">Words that came.</param>
    /// <param name="stopped">True when the writer ended the reply, so that more would have come.</param>
    public void Observe(int asked, int given, bool stopped)
    {
        const int TooFewToTell = 50;
        double share = Math.Clamp(given / (double)Math.Max(1, asked), 0.25, 4);
        if (asked >= TooFewToTell && given > 0 && (!stopped || share > (yield ?? 1)))
        {
            yield = yield is { } known ? (known + share) / 2 : share;
        }
    }

    /// <summary>Takes an accepted section into account.</summary>
    public void Accept(int words) => produced.Add(words);

    /// <summary>
    /// A plan for what remains, where the sections that remain can no longer hold it: fewer sections for less, more for more, none for
    /// nothing. Null while they can, and where the plan is the user's.
    /// </summary>
    /// <param name="plan">The plan so far.</param>
    /// <param name="reason">What was done, one sentence.</param>
    public WritingPlan? Replan(WritingPlan plan, out string reason)
    {
        reason = "";
        int next = produced.Count, left = sections.Count - next;
        int aim = PlanBudget.Aim(target), remaining = aim - Produced;
        if (keepsSections || left == 0 || sections.Any(section => section.Part is not null))
        {
            return null;
        }

        if (remaining <= Tolerance(aim, sections.Skip(next).Sum(section => section.Words)))
        {
            reason = string.Create(CultureInfo.InvariantCulture, $"The length is reached, so the last {left} of {sections.Count} sections are left out.");
            sections = [.. sections.Take(next)];
        }
        else if (remaining > ReplanFactor * left * options.MaxSectionWords || (left > 1 && remaining * 2 < left * options.MinSectionWords / ReplanFactor))
        {
            var rest = new WritingPlan([.. sections.Skip(next)]);
            WritingPlan fitted = PlanBudget.Rescale(rest, LengthTarget.Equal(remaining, target.Unit), PlanBounds.Of(options)).Plan;
            if (fitted.Sections.Count == left)
            {
                return null;
            }

            reason = string.Create(CultureInfo.InvariantCulture, $"The {left} sections that remained became {fitted.Sections.Count}, for {remaining} of {aim} are still to be written.");
            sections = [.. sections.Take(next), .. fitted.Sections];
        }
        else
        {
            return null;
        }

        return plan with { Sections = sections };
    }

    /// <summary>
    /// How far a whole may be from its aim: a percent, or half of a short sentence, and never a large part of its last section. Who can only
    /// ask gets twice that.
    /// </summary>
    private int Tolerance(int aim, int lastSection)
    {
        int strict = Math.Max(5, Math.Min(aim / 100, lastSection / 8));
        return steersDecoding ? strict : 2 * strict;
    }

    /// <summary>Budgets of sections that share what remains, in proportion to their plan, within what a section may hold where that is possible.</summary>
    private int[] Budgets(int first, int last, int remaining)
    {
        int count = last - first + 1, total = Math.Max(remaining, count);
        int even = total / count;
        return BudgetAllocation.Allocate(
            [.. Enumerable.Range(first, count).Select(section => sections[section].Words)],
            total,
            Math.Clamp(options.MinSectionWords / 2, 1, Math.Max(1, even)),
            Math.Max((int)(options.MaxSectionWords * ReplanFactor), even + 1));
    }

    /// <summary>The last section of the document also keeps the document inside what the target allows.</summary>
    private (int Floor, int Ceiling) Limits(int index, int floor, int ceiling)
    {
        if (index < sections.Count - 1)
        {
            return (floor, ceiling);
        }

        int before = Enumerable.Range(0, index).Sum(WordsOf);
        return target.Kind switch
        {
            LengthKind.AtLeast => (Math.Max(floor, target.Minimum - before), ceiling),
            LengthKind.AtMost => (floor, Math.Min(ceiling, target.Maximum - before)),
            LengthKind.Range => (Math.Max(floor, target.Minimum - before), Math.Min(ceiling, target.Maximum - before)),
            _ => (floor, ceiling),
        };
    }

    private int WordsOf(int section) => section < produced.Count ? produced[section] : sections[section].Words;

    /// <summary>Sections whose lengths are stated together; all of them where the instruction states one for the whole.</summary>
    private (int First, int Last) PartAround(int index)
    {
        int first = index, last = index;
        while (first > 0 && sections[first - 1].Part == sections[index].Part)
        {
            first--;
        }

        while (last < sections.Count - 1 && sections[last + 1].Part == sections[index].Part)
        {
            last++;
        }

        return (first, last);
    }

    private int PartAim(int first, int last) => first == 0 && last == sections.Count - 1
        ? Math.Max(1, PlanBudget.Aim(target))
        : Enumerable.Range(first, last - first + 1).Sum(section => sections[section].Words);
}
