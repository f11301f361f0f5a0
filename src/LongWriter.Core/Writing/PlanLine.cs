namespace LongWriter.Writing;

/// <summary>A line of the text as it stands.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without line break.</param>
internal readonly record struct SourceLine(int Number, string Text);

/// <summary>How freely lines are taken for steps.</summary>
internal enum PlanReading
{
    /// <summary>Headings, numbers, bullets, table rows.</summary>
    Marked,

    /// <summary>Also lines without mark that end in a word count.</summary>
    Plain,

    /// <summary>Also a number at the end of a marked line, without unit.</summary>
    BareNumbers,
}

/// <summary>What a line is to a plan.</summary>
internal enum PlanLineRole
{
    /// <summary>Empty, a fence or a rule.</summary>
    Blank,

    /// <summary>"Title: ..."; also the heading of a step that is open.</summary>
    Title,

    /// <summary>Opens a step or a sub-step.</summary>
    Step,

    /// <summary>Gives the open step its main point, heading or word count.</summary>
    Field,

    /// <summary>Sums the plan up; not part of it.</summary>
    Total,

    /// <summary>Anything else: belongs to the open step, or to nothing.</summary>
    Text,
}

/// <summary>A line, read.</summary>
/// <param name="Source">The line as it stands.</param>
/// <param name="Role">What it is to the plan.</param>
internal sealed record PlanLine(SourceLine Source, PlanLineRole Role)
{
    /// <summary>The mark that makes it part of an outline.</summary>
    public PlanMarkerKind Kind { get; init; }

    /// <summary>Its place in the hierarchy: a step holds the steps after it that rank higher.</summary>
    public int Rank { get; init; }

    /// <summary>The step's number, or null.</summary>
    public int? Ordinal { get; init; }

    /// <summary>What it says, cleaned, without mark, labels and word count.</summary>
    public string Text { get; init; } = "";

    /// <summary>Its heading, cleaned, or null.</summary>
    public string? Heading { get; init; }

    /// <summary>Its labelled main point, cleaned, or null.</summary>
    public string? MainPoint { get; init; }

    /// <summary>Its word count, or null.</summary>
    public decimal? Words { get; init; }
}
