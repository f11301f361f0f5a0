namespace LongWriter;

/// <summary>The plan of a document: its sections in order, each with a numeric budget. Immutable.</summary>
/// <param name="Sections">The sections, in document order; at least one.</param>
public sealed record WritingPlan(IReadOnlyList<PlannedSection> Sections)
{
    /// <summary>The document's title. Null: none planned.</summary>
    public string? Title { get; init; }

    /// <summary>Sum of the sections' budgets, in the unit of the length target.</summary>
    public int TotalWords
    {
        get
        {
            int total = 0;
            foreach (PlannedSection section in Sections)
            {
                total = checked(total + section.Words);
            }

            return total;
        }
    }

    /// <inheritdoc/>
    public bool Equals(WritingPlan? other) =>
        other is not null && Title == other.Title && Sections.SequenceEqual(other.Sections);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Title, Sections.Count, Sections.Count == 0 ? null : Sections[0]);
}

/// <summary>One step of a plan.</summary>
/// <param name="MainPoint">What the section is about. Not empty.</param>
/// <param name="Words">Budget in the unit of the length target (words, or 字); at least 1.</param>
public sealed record PlannedSection(string MainPoint, int Words)
{
    /// <summary>The section's heading. Null: none planned.</summary>
    public string? Heading { get; init; }

    /// <summary>
    /// Number, from 1, of the part of the document that the section belongs to, where the instruction states a length for each part
    /// ("five letters of 300 words"): what a section has over or under is made up for inside its part only. Null: the whole
    /// document is one part.
    /// </summary>
    public int? Part { get; init; }
}

/// <summary>Where a plan came from.</summary>
public enum PlanOrigin
{
    /// <summary>The model made it at the first try.</summary>
    Model,

    /// <summary>The model made it after it was told what was wrong with its first reply.</summary>
    Repaired,

    /// <summary>The request carried it.</summary>
    User,

    /// <summary>The target fits one section, so no plan was asked for.</summary>
    SingleSection,

    /// <summary>The instruction states the lengths of the document's parts, and the model gave no plan with a section for each.</summary>
    Stated,

    /// <summary>The model gave no usable plan, so an even one was made from the instruction.</summary>
    Even,
}

/// <summary>A plan with its provenance.</summary>
/// <param name="Plan">The plan as it will be written: rescaled to the target.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="Target">The length the document will be held to: asked for, or decided by the plan.</param>
/// <param name="Usage">Tokens that planning cost.</param>
/// <param name="Adjustments">What was changed in the plan and why, one sentence each; empty when nothing was.</param>
public sealed record PlanningResult(
    WritingPlan Plan, PlanOrigin Origin, LengthTarget Target, TokenUsage Usage, IReadOnlyList<string> Adjustments);
