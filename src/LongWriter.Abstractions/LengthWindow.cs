using System.Globalization;

namespace LongWriter;

/// <summary>
/// The length that one reply may have, for clients that steer it while they decode (<see cref="ILengthWindow"/>). The reply's own text is counted, not
/// the conversation before it. Immutable.
/// </summary>
public sealed record LengthWindow
{
    /// <summary>A window.</summary>
    /// <param name="minimumWords">The reply does not end below it. From 0 to <paramref name="targetWords"/>.</param>
    /// <param name="targetWords">The reply ends at the sentence border next to it. From <paramref name="minimumWords"/> to <paramref name="maximumWords"/>.</param>
    /// <param name="maximumWords">The first sentence border from here on ends the reply. From <paramref name="targetWords"/> up.</param>
    /// <param name="counter">Counts the words of all three.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt;= minimum &lt;= target &lt;= maximum.</exception>
    public LengthWindow(int minimumWords, int targetWords, int maximumWords, WordCounter counter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minimumWords);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetWords, minimumWords);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumWords, targetWords);
        ArgumentNullException.ThrowIfNull(counter);
        (MinimumWords, TargetWords, MaximumWords, Counter) = (minimumWords, targetWords, maximumWords, counter);
    }

    /// <summary>Words below which the reply does not end. 0 or more.</summary>
    public int MinimumWords { get; }

    /// <summary>Words that the reply should have: it ends at the sentence border next to it. At least <see cref="MinimumWords"/>.</summary>
    public int TargetWords { get; }

    /// <summary>Words from which on the first sentence border ends the reply. At least <see cref="TargetWords"/>.</summary>
    public int MaximumWords { get; }

    /// <summary>Counts the words. What it counts as one word decides what a "word" is here, so a Chinese reply is counted in 字.</summary>
    public WordCounter Counter { get; }

    /// <summary>Such as "180 to 260 words, best 220, by unicode". Stable and complete: equal windows and no others have the same text.</summary>
    /// <returns>The window in words, invariant culture.</returns>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{MinimumWords} to {MaximumWords} words, best {TargetWords}, by {Counter.Name}");
}
