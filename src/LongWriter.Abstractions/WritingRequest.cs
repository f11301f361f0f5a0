namespace LongWriter;

/// <summary>What to write. Immutable.</summary>
public sealed record WritingRequest
{
    /// <summary>The user's instruction, in the user's words. Must hold a character that is not white space.</summary>
    public required string Instruction { get; init; }

    /// <summary>The length asked for. Null: read it from the instruction; where it states none, the planner decides.</summary>
    public LengthTarget? Length { get; init; }

    /// <summary>A plan to follow. Null: the model makes one.</summary>
    public WritingPlan? Plan { get; init; }

    /// <summary>Source notes the document must be based on, as plain text. Null: none.</summary>
    public string? SourceNotes { get; init; }

    /// <summary>Style to write in, such as "dry, precise, present tense". Null: the model's choice.</summary>
    public string? Style { get; init; }

    /// <summary>
    /// Language of the document as a BCP 47 tag or name, such as "en", "zh" or "Portuguese". Null: the language of the instruction.
    /// It also selects the prompts: Chinese ones where it starts with "zh" or names Chinese, English ones otherwise.
    /// </summary>
    public string? Language { get; init; }

    /// <summary>Who reads it, such as "first-year students". Null: not said.</summary>
    public string? Audience { get; init; }

    /// <summary>Whether sections carry headings. The default is <see cref="HeadingRule.Model"/>.</summary>
    public HeadingRule Headings { get; init; } = HeadingRule.Model;

    /// <summary>Seed passed to the client in every call, offset by the call's number. Null: the client's default.</summary>
    public long? Seed { get; init; }
}

/// <summary>Who decides about headings.</summary>
public enum HeadingRule
{
    /// <summary>The model may put a short heading at the start of a section.</summary>
    Model,

    /// <summary>Continuous text: the model is told to write none, and a heading line at a section's start is removed.</summary>
    None,

    /// <summary>Each section starts with its plan heading as a Markdown heading of level 2, put there by the writer.</summary>
    FromPlan,
}
