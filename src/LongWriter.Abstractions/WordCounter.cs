namespace LongWriter;

/// <summary>Counts the words of a text. Stateless and safe for concurrent use.</summary>
public abstract class WordCounter
{
    /// <summary>Only this assembly defines counters, so that a name always means one rule.</summary>
    private protected WordCounter()
    {
    }

    /// <summary>The counter of the LongWriter paper's code, quirks included.</summary>
    public static WordCounter Compatible { get; } = new CompatibleWordCounter();

    /// <summary>Unicode word segmentation; one per CJK or kana character. The default.</summary>
    /// <remarks>
    /// A segment of UAX #29 (Unicode 15.0) with a letter or decimal digit counts 1. Thai, Lao, Khmer and Burmese, whose words only a
    /// dictionary finds, are estimated at one word per 3 letters of an unbroken run, rounded up.
    /// </remarks>
    public static WordCounter Unicode { get; } = new UnicodeWordCounter();

    /// <summary>Stable name, written to journals and reports: "compatible" or "unicode".</summary>
    public abstract string Name { get; }

    /// <summary>Counts the words of <paramref name="text"/>. Allocates nothing.</summary>
    /// <param name="text">Any UTF-16 text, unpaired surrogates included.</param>
    /// <returns>The count, 0 or more.</returns>
    public abstract int Count(ReadOnlySpan<char> text);

    /// <summary>Finds a counter by <see cref="Name"/>.</summary>
    /// <param name="name">"compatible" or "unicode".</param>
    /// <returns>The counter.</returns>
    /// <exception cref="ArgumentException">No counter has this name.</exception>
    public static WordCounter FromName(string name) => name switch
    {
        "compatible" => Compatible,
        "unicode" => Unicode,
        _ => throw new ArgumentException($"The word counter must be \"compatible\" or \"unicode\" but is \"{name}\".", nameof(name)),
    };
}
