using System.Text.RegularExpressions;

namespace LongWriter.Writing;

/// <summary>A word count found in a line: its value and the place it takes, brackets and separators around it included.</summary>
/// <param name="Words">The count, rounded; a range's rounded middle.</param>
/// <param name="Start">Where the count with its surroundings begins.</param>
/// <param name="Length">How many characters the count with its surroundings takes.</param>
/// <param name="IsLabelled">True for "Word Count: 300", false for "300 words".</param>
/// <param name="EndsLine">True when nothing but closing punctuation follows.</param>
internal readonly record struct WordCountMatch(decimal Words, int Start, int Length, bool IsLabelled, bool EndsLine);

/// <summary>Finds the word count of a folded line. Every repetition in the patterns is bounded, so time is linear.</summary>
internal static partial class WordCountText
{
    private const string Number = @"(?:\d{1,3}(?:[,.]\d{3}){1,4}(?![\d])|\d{1,15}(?:\.\d{1,3})?(?!\d))";
    private const string ChineseNumber = "[〇零一二两三四五六七八九十百千万]{1,10}";
    private const string Scale = "(?: ?(?:k(?![a-z])|thousand(?![a-z])|千|万))";
    private const string Unit = "(?: |-)?(?:words?(?![a-z])|chars?(?![a-z])|characters?(?![a-z])|个?(?:汉字|单词|字|词)(?:左右|上下|以内|以上)?)";
    private const string Hedge = "(?:(?:approximately|approx\\.?|about|around|roughly|circa|ca\\.|up to|at least|at most|max\\.?|min\\.?|~|大约|约为|约|至少|不少于|不超过) ?){0,2}";
    private const string Label =
        "(?:(?:(?:approximate|approx\\.|target|estimated|suggested|expected) )?(?:word ?-?counts?|word (?:budget|target|limit)|target words|words|length|budget)" +
        "(?: \\((?:words|approx\\.?)\\))? ?[:=-] ?|(?:目标|预计|建议|预估)?(?:字数|篇幅|长度)(?:要求|预算|目标)? ?[:=-]? ?)";

    /// <summary>The count that governs the line: one at its end before one in its midst, a labelled one before a bare one, a later one before an earlier.</summary>
    public static WordCountMatch? Find(string folded)
    {
        WordCountMatch? best = null;
        int bestRank = -1;
        foreach (Match match in Counts().Matches(folded))
        {
            if (Read(folded, match) is { } found)
            {
                int rank = (found.EndsLine ? 2 : 0) + (found.IsLabelled ? 1 : 0);
                if (rank >= bestRank)
                {
                    (best, bestRank) = (found, rank);
                }
            }
        }

        return best;
    }

    /// <summary>A number without unit or label at the end of a line, such as "Introduction - 300".</summary>
    public static WordCountMatch? FindBare(string folded)
    {
        Match match = TrailingNumber().Match(folded);
        return match.Success && PlanNumber.Quantity(match.Groups["a"].Value, "") is { } words
            ? new WordCountMatch(words, match.Index, match.Length, IsLabelled: false, EndsLine: true)
            : null;
    }

    /// <summary>A cell that holds a count and nothing else: "300", "~300 words", "300-500".</summary>
    public static decimal? Whole(string folded)
    {
        Match match = Cell().Match(folded);
        return match.Success ? Value(match) : null;
    }

    private static WordCountMatch? Read(string folded, Match match)
    {
        bool labelled = match.Groups["label"].Success;
        string first = match.Groups["a"].Value;

        // Of Chinese numerals before 字, only the likes of 五百字 are counts: 十字路口 and 千字文 are not.
        bool numerals = !char.IsAsciiDigit(first[0]);
        if (numerals && !labelled && (first.Length < 2 || !first.AsSpan().ContainsAny("百千万")))
        {
            return null;
        }

        if (Value(match) is not { } words)
        {
            return null;
        }

        int start = match.Index;
        int end = match.Index + match.Length;
        if (folded[end - 1] is ')' or ']' or '>' && match.ValueSpan.IndexOfAny("([<") < 0)
        {
            end--;
        }

        while (start > 0 && folded[start - 1] == ' ')
        {
            start--;
        }

        if (start > 0 && end < folded.Length && (folded[start - 1], folded[end]) is ('(', ')') or ('[', ']'))
        {
            (start, end) = (start - 1, end + 1);
        }

        bool endsLine = folded.AsSpan(end).TrimStart(" .;,。)]>").IsEmpty;
        return new WordCountMatch(words, start, end - start, labelled, endsLine);
    }

    private static decimal? Value(Match match)
    {
        Group second = match.Groups["b"];
        string scale = match.Groups["s"].Value.Trim();
        string firstScale = match.Groups["r"].Value.Trim();
        decimal? low = PlanNumber.Quantity(match.Groups["a"].Value, second.Success && firstScale.Length > 0 ? firstScale : scale);
        decimal? high = second.Success ? PlanNumber.Quantity(second.Value, scale) : low;
        return low is null || high is null ? null : decimal.Round((low.Value + high.Value) / 2, MidpointRounding.AwayFromZero);
    }

    // "300 words", "Word Count: [~300 words]", "300-500 words", "字数：约1.2千". Without a label there is a unit, or else it is any number.
    [GeneratedRegex(
        "(?<![a-z\\d])(?<!\\d[.,])(?:(?<label>" + Label + ")[\\[(<]? ?" + Hedge + "(?<a>" + Number + "|" + ChineseNumber + ")(?:(?<r>" + Scale + ")? ?(?:-|~|to|至|到) ?(?<b>" + Number +
        "))?(?<s>" + Scale + ")?(?:\\+ ?)?(?:" + Unit + "|(?![\\w%]))(?: each)?[\\])>]?" +
        "|" + Hedge + "(?<!\\d)(?<!\\d[.,])(?<![〇零一二两三四五六七八九十百千万])(?<a>" + Number + "|" + ChineseNumber + ")(?:(?<r>" + Scale + ")? ?(?:-|~|to|至|到) ?(?<b>" + Number +
        "))?(?<s>" + Scale + ")?(?:\\+ ?)?" + Unit + ")",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Counts();

    [GeneratedRegex("(?:-|:|\\(|\\[|,) ?(?<a>\\d{2,7})[)\\]]?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex TrailingNumber();

    [GeneratedRegex(
        "^" + Hedge + "(?<a>" + Number + ")(?:(?<r>" + Scale + ")? ?(?:-|~|to|至|到) ?(?<b>" + Number + "))?(?<s>" + Scale + ")?(?:\\+ ?)?(?:" + Unit + ")?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Cell();
}
