namespace LongWriter;

/// <summary>
/// One piece of a document being written. Text arrives drafted, may be retracted, and is final once accepted.
/// Updates come in document order, also when sections are written in parallel.
/// </summary>
/// <remarks>
/// Invariant: when a section is accepted, what was drafted for it minus what was retracted equals its text, so a
/// reader that appends and retracts needs nothing else. <see cref="SectionAccepted.Section"/> is the authority.
/// </remarks>
public abstract record WritingUpdate
{
    private protected WritingUpdate()
    {
    }
}

/// <summary>The plan is known. Once per run, before any text; see <see cref="PlanRevised"/> for what may come later.</summary>
/// <param name="Planning">The plan with its provenance and cost.</param>
/// <param name="Restored">True when it came from the journal.</param>
public sealed record PlanReady(PlanningResult Planning, bool Restored) : WritingUpdate;

/// <summary>What remains of the plan was changed, since the sections that remained could no longer hold what remains to be written. Between sections.</summary>
/// <param name="Planning">The plan as it is now, accepted sections included and unchanged.</param>
/// <param name="Reason">One sentence.</param>
public sealed record PlanRevised(PlanningResult Planning, string Reason) : WritingUpdate;

/// <summary>A section begins.</summary>
/// <param name="SectionIndex">Place in the plan, from 0.</param>
/// <param name="Planned">Its step of the plan.</param>
public sealed record SectionStarted(int SectionIndex, PlannedSection Planned) : WritingUpdate;

/// <summary>Text that may still be retracted.</summary>
/// <param name="SectionIndex">The section it belongs to.</param>
/// <param name="Text">Text to append to the section's draft.</param>
public sealed record TextDrafted(int SectionIndex, string Text) : WritingUpdate;

/// <summary>The end of the section's draft is taken back.</summary>
/// <param name="SectionIndex">The section it belongs to.</param>
/// <param name="CharCount">How many UTF-16 code units to remove from the draft's end; at least 1.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record TextRetracted(int SectionIndex, int CharCount, string Reason) : WritingUpdate;

/// <summary>A section is final.</summary>
/// <param name="Section">The section.</param>
public sealed record SectionAccepted(WrittenSection Section) : WritingUpdate;

/// <summary>Something happened that a person may want to know: a retry, a repair, a drop.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="SectionIndex">The section it concerns, or null for the plan or the document.</param>
/// <param name="Message">One sentence.</param>
public sealed record WritingNoted(WritingNoteKind Kind, int? SectionIndex, string Message) : WritingUpdate;

/// <summary>The run is over; the last update.</summary>
/// <param name="End">How the document ended.</param>
/// <param name="Usage">Tokens of the whole run, planning included; calls answered from the journal count as they did then.</param>
/// <param name="Failure">What went wrong, or null.</param>
public sealed record DocumentEnded(EndCause End, TokenUsage Usage, string? Failure) : WritingUpdate
{
    /// <summary>What became of the length. Null when the run ended before there was a plan.</summary>
    public LengthOutcome? Length { get; init; }
}

/// <summary>Kinds of <see cref="WritingNoted"/>.</summary>
public enum WritingNoteKind
{
    /// <summary>A call failed and is tried again.</summary>
    CallRetried,

    /// <summary>The plan could not be read and the model was asked to repair it.</summary>
    PlanRepair,

    /// <summary>The plan was changed: rescaled, split, merged or made evenly.</summary>
    PlanAdjusted,

    /// <summary>Something was left out of what a section's call sees, because it did not fit.</summary>
    ContextDropped,

    /// <summary>A section that was cut is being continued.</summary>
    Continuation,

    /// <summary>A section that could not be used is being written again.</summary>
    Rewrite,

    /// <summary>Text was removed from a section: an identifier, a restated passage, a heading.</summary>
    Cleaned,

    /// <summary>Earlier text was summarised by the model.</summary>
    Summarised,
}
