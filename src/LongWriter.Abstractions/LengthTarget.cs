using System.Globalization;

namespace LongWriter;

/// <summary>How a length is meant.</summary>
public enum LengthKind
{
    /// <summary>As close as possible to the value.</summary>
    Equal,

    /// <summary>The value or more.</summary>
    AtLeast,

    /// <summary>The value or less.</summary>
    AtMost,

    /// <summary>Between two values.</summary>
    Range,
}

/// <summary>What is counted.</summary>
public enum LengthUnit
{
    /// <summary>Words.</summary>
    Words,

    /// <summary>字: one per CJK character plus one per word of other scripts.</summary>
    Characters,
}

/// <summary>A length to write to: value or range, kind, unit, and the one counter that decides. Immutable.</summary>
public sealed record LengthTarget
{
    /// <summary>The largest length that can be asked for.</summary>
    public const int MaxValue = 1_000_000;

    private LengthTarget(LengthKind kind, int minimum, int maximum, LengthUnit unit, WordCounter? counter)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximum, MaxValue);
        Kind = kind;
        Minimum = minimum;
        Maximum = maximum;
        Unit = unit;
        Counter = counter ?? WordCounter.Unicode;
    }

    /// <summary>How the length is meant.</summary>
    public LengthKind Kind { get; }

    /// <summary>Lower edge, inclusive; 0 for <see cref="LengthKind.AtMost"/>, the value itself for <see cref="LengthKind.Equal"/>.</summary>
    public int Minimum { get; }

    /// <summary>Upper edge, inclusive; <see cref="MaxValue"/> for <see cref="LengthKind.AtLeast"/>, the value itself for <see cref="LengthKind.Equal"/>.</summary>
    public int Maximum { get; }

    /// <summary>What is counted.</summary>
    public LengthUnit Unit { get; init; }

    /// <summary>Counts it, in the loop, in the result and in reports. The default is <see cref="WordCounter.Unicode"/>.</summary>
    public WordCounter Counter { get; init; }

    /// <summary>
    /// The single number a score or a prompt uses: the value; of a range its upper edge, as LongBench-Write labels ranges.
    /// </summary>
    public int Value => Kind == LengthKind.AtLeast ? Minimum : Maximum;

    /// <summary>As close as possible to <paramref name="value"/>.</summary>
    /// <param name="value">Words or 字, 1 to <see cref="MaxValue"/>.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="counter">The counter; null selects <see cref="WordCounter.Unicode"/>.</param>
    /// <returns>The target.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public static LengthTarget Equal(int value, LengthUnit unit = LengthUnit.Words, WordCounter? counter = null) =>
        new(LengthKind.Equal, Positive(value), value, unit, counter);

    /// <summary><paramref name="value"/> or more.</summary>
    /// <inheritdoc cref="Equal(int, LengthUnit, WordCounter?)"/>
    public static LengthTarget AtLeast(int value, LengthUnit unit = LengthUnit.Words, WordCounter? counter = null) =>
        new(LengthKind.AtLeast, Positive(value), MaxValue, unit, counter);

    /// <summary><paramref name="value"/> or less.</summary>
    /// <inheritdoc cref="Equal(int, LengthUnit, WordCounter?)"/>
    public static LengthTarget AtMost(int value, LengthUnit unit = LengthUnit.Words, WordCounter? counter = null) =>
        new(LengthKind.AtMost, 0, Positive(value), unit, counter);

    /// <summary>Between <paramref name="minimum"/> and <paramref name="maximum"/>, both included.</summary>
    /// <param name="minimum">Lower edge, 1 to <paramref name="maximum"/>.</param>
    /// <param name="maximum">Upper edge, to <see cref="MaxValue"/>.</param>
    /// <param name="unit">What is counted.</param>
    /// <param name="counter">The counter; null selects <see cref="WordCounter.Unicode"/>.</param>
    /// <returns>The target.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An edge is out of range.</exception>
    public static LengthTarget Between(int minimum, int maximum, LengthUnit unit = LengthUnit.Words, WordCounter? counter = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minimum, maximum);
        return minimum == maximum
            ? Equal(minimum, unit, counter)
            : new LengthTarget(LengthKind.Range, Positive(minimum), Positive(maximum), unit, counter);
    }

    /// <summary>Such as "10000 words", "at least 500 words", "300 to 400 字".</summary>
    /// <returns>The target in words, invariant culture.</returns>
    public override string ToString()
    {
        string unit = Unit == LengthUnit.Characters ? "字" : "words";
        return Kind switch
        {
            LengthKind.AtLeast => string.Create(CultureInfo.InvariantCulture, $"at least {Minimum} {unit}"),
            LengthKind.AtMost => string.Create(CultureInfo.InvariantCulture, $"at most {Maximum} {unit}"),
            LengthKind.Range => string.Create(CultureInfo.InvariantCulture, $"{Minimum} to {Maximum} {unit}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Maximum} {unit}"),
        };
    }

    private static int Positive(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        return value;
    }
}
