namespace LongWriter.Text;

/// <summary>
/// When a repetition is a loop. The defaults let pass what writers repeat on purpose (a refrain three times, "no, no, no", a ruled table)
/// and report a model that cannot stop within a few repeats.
/// </summary>
internal sealed record RepetitionDetectorOptions
{
    /// <summary>Times the same words stand in a row before it is a loop. 2 or more; the default is 4.</summary>
    public int MinRepeats { get; init; } = 4;

    /// <summary>Words (characters, of scripts counted so) that all the repeats hold together. 1 or more; the default is 60.</summary>
    public int MinLoopWords { get; init; } = 60;

    /// <summary>The same for repeats made of punctuation, numbers and symbols alone: rules, matrices, dots. The default is 400.</summary>
    public int MinLoopSymbols { get; init; } = 400;

    /// <summary>White space in a row that is a loop by itself, UTF-16 units. The default is 1,000.</summary>
    public int MaxWhiteSpace { get; init; } = 1_000;

    /// <summary>
    /// Tokens remembered. The longest unit found is this over <see cref="MinRepeats"/>: 1,024 words by default (4,096, about 130 kB).
    /// </summary>
    public int WindowTokens { get; init; } = 4_096;

    /// <summary>Tokens between two looks. A look costs one pass over the window; the default is 64.</summary>
    public int CheckEveryTokens { get; init; } = 64;

    /// <summary>Checks all values at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names each.</exception>
    public void Validate()
    {
        List<string> problems = [];
        Check(nameof(MinRepeats), MinRepeats, 2);
        Check(nameof(MinLoopWords), MinLoopWords, 1);
        Check(nameof(MinLoopSymbols), MinLoopSymbols, 1);
        Check(nameof(MaxWhiteSpace), MaxWhiteSpace, 1);
        Check(nameof(CheckEveryTokens), CheckEveryTokens, 1);
        Check(nameof(WindowTokens), WindowTokens, MinRepeats);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", problems));
        }

        void Check(string name, int value, int least)
        {
            if (value < least)
            {
                problems.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} must be {least} or more but is {value}."));
            }
        }
    }
}
