namespace LongWriter.Writing;

/// <summary>The length that a section may have, in the unit of the target.</summary>
/// <param name="Floor">Below it the section is continued.</param>
/// <param name="Aim">What is best; 1 or more.</param>
/// <param name="Ceiling">Beyond it the section is cut at a border.</param>
/// <param name="IsFinal">True for the section that makes its part of the document whole, whose window is narrow.</param>
internal readonly record struct SectionWindow(int Floor, int Aim, int Ceiling, bool IsFinal)
{
    /// <summary>Where the model ended the section by itself, it may have so few words: an ending of its own is worth more than a word count.</summary>
    public int NaturalFloor { get; private init; } = Floor;

    /// <summary>Where the model ended the section by itself, it may have so many words.</summary>
    public int NaturalCeiling { get; private init; } = Ceiling;

    /// <summary>A window that is in order and positive, whatever it is made from.</summary>
    public static SectionWindow Around(int aim, int floor, int ceiling, bool isFinal)
    {
        int best = Math.Max(1, aim);
        return new SectionWindow(Math.Clamp(floor, 0, best), best, Math.Max(best, ceiling), isFinal);
    }

    /// <summary>The same window, wider for what the model ends by itself; never narrower.</summary>
    public SectionWindow WithNatural(int floor, int ceiling) => this with
    {
        NaturalFloor = Math.Clamp(floor, 0, Floor),
        NaturalCeiling = Math.Max(Ceiling, ceiling),
    };

    public bool Contains(int words) => words >= Floor && words <= Ceiling;

    /// <summary>How far a length is from the best one; what is outside the window counts as farther than all that is inside.</summary>
    public int Distance(int words) => Math.Abs(words - Aim) + (Contains(words) ? 0 : LengthTarget.MaxValue);
}
