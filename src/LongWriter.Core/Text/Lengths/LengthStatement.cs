namespace LongWriter.Text.Lengths;

/// <summary>What a stated length is about.</summary>
internal enum StatementRole
{
    /// <summary>The document, said plainly: "Write 500 words".</summary>
    Plain,

    /// <summary>The document, behind a label: "字数要求：2000左右".</summary>
    Label,

    /// <summary>The document, as a total: "12,000 words in total".</summary>
    Total,

    /// <summary>Each of several items: "5 letters of 300 words each".</summary>
    PerItem,

    /// <summary>One part of the document: "Introduction: 200 words".</summary>
    Part,

    /// <summary>A text the document is about: "the outline of a 10,000-word novel". Counts only where nothing else is stated.</summary>
    Mentioned,

    /// <summary>A text that is already there, or quoted: "this 5,000-word report".</summary>
    Source,

    /// <summary>No length of a text: "3 words that describe", "130 words per minute".</summary>
    Other,
}

/// <summary>A length as an instruction states it, in range or not.</summary>
/// <param name="Start">First character in the instruction.</param>
/// <param name="Length">Characters in the instruction.</param>
/// <param name="Kind">How it is meant.</param>
/// <param name="Minimum">Lower edge; the value for Equal; 0 for AtMost.</param>
/// <param name="Maximum">Upper edge; the value for Equal; the minimum for AtLeast.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="Role">What it is about.</param>
internal sealed record LengthStatement(int Start, int Length, LengthKind Kind, decimal Minimum, decimal Maximum, LengthUnit Unit, StatementRole Role)
{
    /// <summary>Items the length is for each of: "5 letters of 300 words each"; null where the instruction does not say, 1 for other roles.</summary>
    public int? Count { get; init; } = 1;

    /// <summary>The number a score uses: the upper edge, except of "at least".</summary>
    public decimal Value => Maximum;

    /// <summary>Whether a <see cref="LengthTarget"/> can hold it.</summary>
    public bool IsInRange => Value is >= 1 and <= LengthTarget.MaxValue && (Kind is not LengthKind.Range || Minimum >= 1);

    /// <summary>Past the last character in the instruction.</summary>
    public int End => Start + Length;
}

/// <summary>What an instruction says about length.</summary>
/// <param name="Whole">The length of the document; null where none is stated or it cannot be known.</param>
/// <param name="Parts">Demands on parts and items, in the order stated; the whole may be their sum.</param>
/// <param name="Statements">Everything that reads like a length, in the order stated, also what was not meant.</param>
internal sealed record LengthReading(LengthStatement? Whole, IReadOnlyList<LengthStatement> Parts, IReadOnlyList<LengthStatement> Statements);
