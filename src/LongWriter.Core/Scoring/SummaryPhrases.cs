namespace LongWriter.Scoring;

/// <summary>
/// The phrases with which a sentence sums up. One at the end of a text is good style; one at the end of every section is the mark of sections
/// that were written as if each were the last. Our own list, English and Chinese.
/// </summary>
internal static class SummaryPhrases
{
    private static readonly string[] English =
    [
        "in conclusion", "to conclude", "in summary", "to summarize", "to summarise", "summarizing", "summarising", "to sum up", "to sum it up", "summing up", "in sum",
        "in short", "in brief", "in a nutshell", "in closing", "in essence", "in the final analysis", "all in all", "all things considered", "taken together", "taken as a whole",
        "to wrap up", "to recap", "to put it briefly", "overall,", "ultimately,", "on the whole", "the bottom line is", "as we have seen", "as this section has shown",
        "as this chapter has shown", "conclusion:", "summary:",
    ];

    private static readonly string[] Chinese =
    [
        "综上所述", "综上", "综合以上", "综合来看", "综合而言", "总而言之", "总之", "总的来说", "总的来看", "总的说来", "总体而言", "总体来说", "总体来看", "总结来说", "总结起来", "总结一下",
        "总结：", "归根结底", "归结起来", "概括来说", "概括而言", "概而言之", "概言之", "简而言之", "简言之", "一言以蔽之", "一句话概括", "由此可见", "说到底", "最后总结", "结论是", "结论：",
    ];

    /// <summary>Whether a sentence begins with such a phrase, markup and opening quotes aside.</summary>
    public static bool Begins(ReadOnlySpan<char> sentence)
    {
        ReadOnlySpan<char> text = sentence.TrimStart(" \t\r\n\u3000#*_>-\"'“‘「『（(");
        foreach (string phrase in English)
        {
            if (text.StartsWith(phrase, StringComparison.OrdinalIgnoreCase) && EndsWord(text, phrase))
            {
                return true;
            }
        }

        foreach (string phrase in Chinese)
        {
            if (text.StartsWith(phrase, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsWord(ReadOnlySpan<char> text, string phrase) =>
        text.Length == phrase.Length || !char.IsLetterOrDigit(phrase[^1]) || !char.IsLetterOrDigit(text[phrase.Length]);
}
