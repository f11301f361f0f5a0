namespace LongWriter;

/// <summary>A document as it was written: the fold of a run's updates. Immutable.</summary>
public sealed record WrittenDocument
{
    /// <summary>The accepted sections joined as <see cref="DocumentText.Join(IEnumerable{string})"/> does.</summary>
    public required string Text { get; init; }

    /// <summary>The plan with its provenance; null when the run ended before there was one.</summary>
    public PlanningResult? Planning { get; init; }

    /// <summary>The accepted sections, in document order.</summary>
    public required IReadOnlyList<WrittenSection> Sections { get; init; }

    /// <summary>Count of <see cref="Text"/> by the target's counter; by <see cref="WordCounter.Unicode"/> without a plan.</summary>
    public required int Words { get; init; }

    /// <summary><see cref="EndCause.Stop"/> when every planned section was accepted; otherwise what ended the run.</summary>
    public required EndCause End { get; init; }

    /// <summary>What went wrong, or null.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether the document has the length that was asked for, and if not why. Null when the run ended before there was a plan.</summary>
    public LengthOutcome? Length { get; init; }

    /// <summary>Tokens that were generated for sections and are not in the document. Estimated where the client cannot count.</summary>
    public long DiscardedTokens => Sections.Sum(static section => section.DiscardedTokens);

    /// <summary>Tokens of the whole run, planning and discarded tries included.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>What happened on the way, in order.</summary>
    public required IReadOnlyList<WritingNoted> Notes { get; init; }
}

/// <summary>An accepted section. Immutable.</summary>
public sealed record WrittenSection
{
    /// <summary>Place in the plan, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its step of the plan.</summary>
    public required PlannedSection Planned { get; init; }

    /// <summary>The text, cleaned, without surrounding white space.</summary>
    public required string Text { get; init; }

    /// <summary>Count of <see cref="Text"/> by the target's counter.</summary>
    public required int Words { get; init; }

    /// <summary>Why the text ended.</summary>
    public required EndCause End { get; init; }

    /// <summary>Tokens of every call made for this section.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>Words that the section should have when it was written: its budget, with what sections before it had over or under. In the unit of the target.</summary>
    public int AimedWords { get; init; }

    /// <summary>Tokens that were generated for the section and are not in it: retracted tries, text that was cut. Estimated where the client cannot count.</summary>
    public long DiscardedTokens { get; init; }

    /// <summary>True when the section came from the journal without any call.</summary>
    public bool Restored { get; init; }
}

/// <summary>The rule by which sections become one text.</summary>
public static class DocumentText
{
    /// <summary>What stands between two sections: one blank line.</summary>
    public const string Separator = "\n\n";

    /// <summary>Joins section texts: each trimmed of surrounding white space, empty ones left out, one blank line between.</summary>
    /// <param name="sections">The texts, in order.</param>
    /// <returns>The document's text, without a final line break.</returns>
    public static string Join(IEnumerable<string> sections) =>
        string.Join(Separator, sections.Select(text => text.Trim()).Where(text => text.Length > 0));
}
