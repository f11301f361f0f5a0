using System.Globalization;

namespace LongWriter.Writing;

/// <summary>A plan whose budgets were fitted to a target.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Adjustments">What was changed and why, one sentence each, sections numbered as in the plan that was given; empty when nothing was.</param>
public sealed record PlanBudgetResult(WritingPlan Plan, IReadOnlyList<string> Adjustments);

/// <summary>Fits the budgets of a plan to a length target. Pure functions; safe for concurrent use.</summary>
public static class PlanBudget
{
    private const int MaxSummaryChars = 200;

    /// <summary>
    /// The sum the budgets are brought to: the value of Equal, 3 % above AtLeast and 5 % below AtMost, so that what a sentence more or less
    /// changes stays on the right side, and of a range three quarters up.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <returns>Words or 字, 1 or more.</returns>
    public static int Aim(LengthTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Kind switch
        {
            LengthKind.AtLeast => (int)Math.Min(LengthTarget.MaxValue, Math.Ceiling(target.Minimum * 1.03)),
            LengthKind.AtMost => Math.Max(1, (int)(target.Maximum * 0.95)),
            LengthKind.Range => target.Minimum + (int)((target.Maximum - target.Minimum) * 0.75),
            _ => target.Value,
        };
    }

    /// <summary>
    /// Brings the budgets to the target's sum, in proportion. Sections that come out below half the minimum are merged with the next one (the last
    /// with the one before), as are neighbours while there are more sections than minima fit; a section above the maximum is split into equal parts.
    /// Budgets are multiples of 10 where the bounds allow, the odd words going to the last section with room; a plan that already
    /// has the sum and keeps the bounds comes back as it is. Every main point survives, in order.
    /// </summary>
    /// <param name="plan">The plan, with at least one section and budgets of 1 or more.</param>
    /// <param name="target">The target.</param>
    /// <param name="options">Bounds; null selects the defaults.</param>
    /// <returns>
    /// The plan and what was changed. With KeepSections and more sections than words, every budget is 1 and the sum exceeds the target; a sentence says so.
    /// </returns>
    /// <exception cref="ArgumentException">The plan has no section or a budget below 1, or options contradict each other.</exception>
    public static PlanBudgetResult Rescale(WritingPlan plan, LengthTarget target, PlanBudgetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        options ??= new PlanBudgetOptions();
        options.Validate();
        int aim = Aim(target);
        Check(plan);
        long total = plan.Sections.Sum(static section => (long)section.Words);
        string unit = target.Unit == LengthUnit.Characters ? "字" : "words";
        List<string> adjustments = [];
        if (options.KeepSections)
        {
            return total == aim ? new PlanBudgetResult(plan, []) : Scaled(plan, aim, total, unit);
        }

        if (total == aim && KeepsBounds(plan, aim, options))
        {
            return new PlanBudgetResult(plan, []);
        }

        if (total != aim)
        {
            adjustments.Add(string.Create(CultureInfo.InvariantCulture, $"The budgets summed to {total:#,0} {unit}; they were scaled to {aim:#,0}."));
        }

        PlanSectionFitting fitting = new(options, aim, unit, adjustments);
        return new PlanBudgetResult(plan with { Sections = fitting.Fit(plan.Sections) }, adjustments);
    }

    /// <summary>
    /// A plan of even sections for when there is no other: one that opens, some that develop the subject, one that concludes. As many as the target
    /// has preferred sizes, rounded up, within the bounds.
    /// </summary>
    /// <param name="instructionSummary">What the document is about, in a few words; shortened to 200 characters.</param>
    /// <param name="target">The target.</param>
    /// <param name="options">Bounds; null selects the defaults.</param>
    /// <param name="chinese">True for Chinese main points.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentException">The summary is empty, or options contradict each other.</exception>
    public static WritingPlan Even(string instructionSummary, LengthTarget target, PlanBudgetOptions? options = null, bool chinese = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instructionSummary);
        options ??= new PlanBudgetOptions();
        options.Validate();
        int aim = Aim(target);
        int preferred = (aim + options.PreferredSectionWords - 1) / options.PreferredSectionWords;
        int count = Math.Max(1, Math.Min(preferred, aim / options.MinSectionWords));
        int[] words = BudgetAllocation.Allocate([.. Enumerable.Repeat(1, count)], aim, Math.Min(aim, options.MinSectionWords), options.MaxSectionWords);
        string subject = Shorten(PlanPhrase.Collapse(instructionSummary));
        return new WritingPlan([.. words.Select((budget, i) => new PlannedSection(EvenPlanRoles.MainPoint(i, count, subject, chinese), budget))]);
    }

    private static PlanBudgetResult Scaled(WritingPlan plan, int aim, long total, string unit)
    {
        int count = plan.Sections.Count;
        int[] words = BudgetAllocation.Allocate([.. plan.Sections.Select(static section => section.Words)], Math.Max(aim, count), 1, int.MaxValue);
        string sentence = aim < count
            ? string.Create(CultureInfo.InvariantCulture, $"The plan has {count:#,0} sections for {aim:#,0} {unit}; each got a budget of 1, which exceeds the target.")
            : string.Create(CultureInfo.InvariantCulture, $"The budgets summed to {total:#,0} {unit}; they were scaled to {aim:#,0}.");
        WritingPlan scaled = plan with { Sections = [.. plan.Sections.Select((section, i) => section with { Words = words[i] })] };
        return new PlanBudgetResult(scaled, scaled.Equals(plan) ? [] : [sentence]);
    }

    private static bool KeepsBounds(WritingPlan plan, int aim, PlanBudgetOptions options) =>
        aim < options.MinSectionWords
            ? plan.Sections.Count == 1
            : plan.Sections.All(section => section.Words >= options.MinSectionWords && section.Words <= options.MaxSectionWords);

    private static void Check(WritingPlan plan)
    {
        if (plan.Sections.Count == 0)
        {
            throw new ArgumentException("The plan must have at least one section but has none.", nameof(plan));
        }

        for (int i = 0; i < plan.Sections.Count; i++)
        {
            if (plan.Sections[i].Words < 1)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Words of section {i + 1} must be at least 1 but is {plan.Sections[i].Words}."), nameof(plan));
            }
        }
    }

    /// <summary>Cuts at a character border: never between the halves of a surrogate pair.</summary>
    private static string Shorten(string text)
    {
        if (text.Length <= MaxSummaryChars)
        {
            return text;
        }

        int end = char.IsHighSurrogate(text[MaxSummaryChars - 1]) ? MaxSummaryChars - 1 : MaxSummaryChars;
        return text[..end] + "…";
    }
}
