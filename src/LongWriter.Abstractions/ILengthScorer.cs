namespace LongWriter;

/// <summary>Scores how well a produced length meets the length that was asked for. Pure, stateless, safe for concurrent use.</summary>
public interface ILengthScorer
{
    /// <summary>Stable name, written to reports, such as "S_l".</summary>
    string Name { get; }

    /// <summary>Where the formula comes from, and how this implementation differs from it.</summary>
    string Source { get; }

    /// <summary>Scores a length that is already counted.</summary>
    /// <param name="target">What was asked for.</param>
    /// <param name="producedWords">What came, in the target's unit by the target's counter; 0 or more.</param>
    /// <returns>The score.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="producedWords"/> is negative.</exception>
    LengthScore Score(LengthTarget target, int producedWords);

    /// <summary>Counts a text by the target's counter and scores the count.</summary>
    /// <param name="target">What was asked for.</param>
    /// <param name="text">The text.</param>
    /// <returns>The score.</returns>
    LengthScore Score(LengthTarget target, string text)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(text);
        return Score(target, target.Counter.Count(text));
    }
}

/// <summary>A length score with what it was computed from. Immutable.</summary>
/// <param name="Score">0 (useless) to 100 (met).</param>
/// <param name="RequiredWords">The single number that was asked for, <see cref="LengthTarget.Value"/>.</param>
/// <param name="ProducedWords">What came, in the target's unit.</param>
/// <param name="Scorer">Name of the scorer.</param>
public sealed record LengthScore(double Score, int RequiredWords, int ProducedWords, string Scorer)
{
    /// <summary>Produced over required; 1 is exact.</summary>
    public double Ratio => (double)ProducedWords / RequiredWords;
}
