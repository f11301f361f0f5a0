namespace LongWriter.Scoring;

/// <summary>What can be said about a text without a judge. Immutable. Shares are 0 to 1.</summary>
public sealed record TextDiagnosticsResult
{
    /// <summary>Words, one per Chinese character, numbers included.</summary>
    public required int Words { get; init; }

    /// <summary>
    /// Share of 4-grams (four words in a row, case and punctuation aside) that occurred before; null below four words. It grows with the length of
    /// a text, and Chinese, where a word is a character, has higher values: compare texts of one language and of similar length.
    /// </summary>
    public required double? RepeatedFourGrams { get; init; }

    /// <summary>The part of <see cref="RepeatedFourGrams"/> that occurred before in the same section. All of it without sections.</summary>
    public required double? RepeatedWithinSections { get; init; }

    /// <summary>The part of <see cref="RepeatedFourGrams"/> that occurred in an earlier section and not before in its own. Null without sections.</summary>
    public required double? RepeatedAcrossSections { get; init; }

    /// <summary>Sentences, by sentence ends and blank lines.</summary>
    public required int Sentences { get; init; }

    /// <summary>Share of sentences that begin by summing up ("In conclusion", 综上所述); null without a sentence.</summary>
    public required double? SummarySentenceRate { get; init; }

    /// <summary>
    /// Share of sentences that occurred before word for word, among those of <see cref="TextDiagnostics.MinSentenceWords"/> words and more; null
    /// where there is none.
    /// </summary>
    public required double? DuplicateSentences { get; init; }

    /// <summary>
    /// Sections of which at least <see cref="TextDiagnostics.DuplicateSectionShare"/> of the distinct 4-grams stand in one earlier section. Null
    /// without sections.
    /// </summary>
    public required int? DuplicateSections { get; init; }

    /// <summary>True when the text was cut: by its end cause, or because it does not end where a sentence ends. False for an empty text, and
    /// for one that ends with a list item, a row of a table or a closed code block, which need no stop.</summary>
    public required bool Truncated { get; init; }

    /// <summary>Share of Chinese characters among the words, numbers aside; null without a word.</summary>
    public required double? ChineseShare { get; init; }

    /// <summary>
    /// True when <see cref="ChineseShare"/> contradicts the language that was expected. Null when none was, when it is neither en nor zh, or when
    /// the text has no word.
    /// </summary>
    public required bool? LanguageMismatch { get; init; }
}
