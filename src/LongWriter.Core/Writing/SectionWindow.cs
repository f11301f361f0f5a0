namespace LongWriter.Writing;

/// <summary>The length that a section may have, in the unit of the target.</summary>
/// <param name="Floor">Below it the section is continued.</param>
/// <param name="Aim">What is best; 1 or more.</param>
/// <param name="Ceiling">Beyond it the section is cut at a border.</param>
/// <param name="IsFinal">True for the section that makes its part of the document whole, whose window is narrow.</param>
internal readonly record struct SectionWindow(int Floor, int Aim, int Ceiling, bool IsFinal)
{
    /// <summary>A window that is in order and positive, whatever it is made from.</summary>
    public static SectionWindow Around(int aim, int floor, int ceiling, bool isFinal)
    {
        int best = Math.Max(1, aim);
        return new SectionWindow(Math.Clamp(floor, 0, best), best, Math.Max(best, ceiling), isFinal);
    }

    public bool Contains(int words) => words >= Floor && words <= Ceiling;

    /// <summary>How far a length is from the best one; what is outside the window counts as farther than all that is inside.</summary>
    public int Distance(int words) => Math.Abs(words - Aim) + (Contains(words) ? 0 : LengthTarget.MaxValue);
}
