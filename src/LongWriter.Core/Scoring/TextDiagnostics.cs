using LongWriter.Text;

namespace LongWriter.Scoring;

/// <summary>Measures what goes wrong in long texts without asking a judge. Pure, linear in the length of the text, safe for concurrent use.</summary>
public static class TextDiagnostics
{
    /// <summary>A sentence shorter than this may come back: a refrain, an answer, a sign-off.</summary>
    public const int MinSentenceWords = 6;

    /// <summary>A section with this share of its distinct 4-grams in one earlier section is a duplicate of it.</summary>
    public const double DuplicateSectionShare = 0.8;

    /// <summary>Below this share of Chinese characters among its words a text is not Chinese.</summary>
    public const double LeastChineseShare = 0.5;

    /// <summary>Above this share of Chinese characters among its words a text is not English.</summary>
    public const double MostChineseShareOfEnglish = 0.2;

    /// <summary>Measures a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="sections">Its sections, in order; null when it has none. Repetition is measured in them; a 4-gram does not cross their borders.</param>
    /// <param name="expectedLanguage">Such as "en" or "zh-CN"; null when nothing is expected.</param>
    /// <param name="end">Why the text ended; null when unknown.</param>
    /// <returns>The measurements.</returns>
    public static TextDiagnosticsResult Measure(
        string text, IReadOnlyList<string>? sections = null, string? expectedLanguage = null, EndCause? end = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<TextWord> words = TextWords.Read(text);
        FourGrams grams = FourGrams.Count(sections is null ? [words] : sections.Select(static section => TextWords.Read(section)));
        SentenceCounts sentences = SentenceCounts.Count(text, words);
        double? chinese = ChineseShare(words);
        return new TextDiagnosticsResult
        {
            Words = words.Count,
            RepeatedFourGrams = Share(grams.Within + grams.Across, grams.Total),
            RepeatedWithinSections = Share(grams.Within, grams.Total),
            RepeatedAcrossSections = sections is null ? null : Share(grams.Across, grams.Total),
            Sentences = sentences.All,
            SummarySentenceRate = Share(sentences.Summaries, sentences.All),
            DuplicateSentences = Share(sentences.Duplicates, sentences.Comparable),
            DuplicateSections = sections is null ? null : grams.DuplicateSections,
            Truncated = end is EndCause.Length or EndCause.ContextLimit || EndsEarly(text),
            ChineseShare = chinese,
            LanguageMismatch = IsMismatch(chinese, expectedLanguage),
        };
    }

    private static double? Share(int part, int whole) => whole == 0 ? null : (double)part / whole;

    private static double? ChineseShare(List<TextWord> words) =>
        Share(words.Count(static word => word.IsChinese), words.Count(static word => !word.IsNumber));

    private static bool? IsMismatch(double? chineseShare, string? expectedLanguage)
    {
        if (chineseShare is not { } share || expectedLanguage?.Split('-', '_')[0] is not { } language)
        {
            return null;
        }

        return language.Equals("zh", StringComparison.OrdinalIgnoreCase) ? share < LeastChineseShare
            : language.Equals("en", StringComparison.OrdinalIgnoreCase) ? share > MostChineseShareOfEnglish
            : null;
    }

    /// <summary>A text that ends with a closed code block, or within a list or a table, has no stop there and need not have one.</summary>
    private static bool EndsEarly(string text)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().TrimEnd();
        if (trimmed.IsEmpty || TextBorders.IsInsideCodeBlock(trimmed))
        {
            return !trimmed.IsEmpty;
        }

        bool isFence = trimmed.EndsWith("```", StringComparison.Ordinal) || trimmed.EndsWith("~~~", StringComparison.Ordinal);
        return !(isFence || trimmed[^1] == '|' || TextBorders.IsInsideList(trimmed) || TextBorders.EndsSentence(trimmed));
    }
}
