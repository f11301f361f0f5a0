namespace LongWriter.Writing;

/// <summary>
/// How much a plan may hold before it is taken for one that does not end. It is exceeded only by a plan that keeps neither the length nor
/// the smallest section that were asked for.
/// </summary>
/// <param name="Words">Sum of the budgets, in words or 字.</param>
/// <param name="Lines">Sections.</param>
internal sealed record PlanLimit(long Words, int Lines)
{
    // A plan that goes on for more is no list of main points, whatever else it is.
    private const long CharsPerLine = 800;
    private const long ExtraChars = 4_000;

    /// <summary>A length that nobody stated may be this many times the default.</summary>
    private const int TimesDefault = 10;

    /// <summary>Characters of the whole reply.</summary>
    public long Chars => (CharsPerLine * Lines) + ExtraChars;

    /// <summary>Twice the words, and more sections than the length has room for at their smallest.</summary>
    /// <param name="target">The length, or null where nobody stated one.</param>
    /// <param name="options">Bounds, and the length that stands for none.</param>
    public static PlanLimit Of(LengthTarget? target, AgentWriterOptions options)
    {
        int most = target?.Maximum ?? (int)Math.Min(LengthTarget.MaxValue, (long)TimesDefault * options.DefaultWords);
        return new PlanLimit(2L * most, Math.Max(1, most / options.MinSectionWords));
    }
}
