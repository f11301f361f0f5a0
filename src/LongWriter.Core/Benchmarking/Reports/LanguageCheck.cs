namespace LongWriter.Benchmarking.Reports;

/// <summary>Tells Chinese from alphabetic text, which is all that the two languages of the suites need.</summary>
internal static class LanguageCheck
{
    private const int FewestWords = 20;

    /// <returns>Null for a text of fewer than 20 words or 字, and for languages other than "en" and "zh".</returns>
    public static bool? IsMismatch(string language, string text)
    {
        int words = WordCounter.Compatible.Count(text);
        if (words < FewestWords || language is not ("en" or "zh"))
        {
            return null;
        }

        int ideographs = text.Count(unit => unit is >= '\u4E00' and <= '\u9FFF');
        bool isChinese = ideographs * 2 > words;
        return isChinese != (language == "zh");
    }
}
