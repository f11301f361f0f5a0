using System.Globalization;

namespace LongWriter.Writing;

/// <summary>How the budgets of a plan may be changed. Immutable; checked when it is used.</summary>
public sealed record PlanBudgetOptions
{
    /// <summary>
    /// Smallest budget of a section, in the unit of the target, 1 or more; the default is 200. A target below it makes one section of its own size.
    /// Source: "200-1,000 words" of agentwrite/prompts/plan.txt, THUDM/LongWriter 3fcfdff.
    /// </summary>
    public int MinSectionWords { get; init; } = 200;

    /// <summary>Largest budget of a section, at least twice <see cref="MinSectionWords"/> so that every target can be met; the default is 1,000.</summary>
    public int MaxSectionWords { get; init; } = 1_000;

    /// <summary>Size of a section in an even plan, between the two bounds; the default is 500.</summary>
    public int PreferredSectionWords { get; init; } = 500;

    /// <summary>True to leave the sections as they are and only scale their budgets, whatever the bounds say: the plan is the user's.</summary>
    public bool KeepSections { get; init; }

    internal void Validate()
    {
        List<string> wrong = [];
        if (MinSectionWords is < 1 or > LengthTarget.MaxValue)
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"MinSectionWords must be 1 to {LengthTarget.MaxValue} but is {MinSectionWords}."));
        }

        if (MaxSectionWords < 2L * MinSectionWords)
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"MaxSectionWords must be at least twice MinSectionWords ({MinSectionWords}) but is {MaxSectionWords}."));
        }

        if (PreferredSectionWords < MinSectionWords || PreferredSectionWords > MaxSectionWords)
        {
            wrong.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"PreferredSectionWords must be between MinSectionWords ({MinSectionWords}) and MaxSectionWords ({MaxSectionWords}) but is {PreferredSectionWords}."));
        }

        if (wrong.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', wrong));
        }
    }
}
