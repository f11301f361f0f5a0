using System.Text.RegularExpressions;

namespace LongWriter.Writing;

/// <summary>Reads one line: takes off its mark, its word count and its labels, and keeps what is left.</summary>
internal static partial class PlanLineParser
{
    private const int MaxIndent = 32;
    private const int MaxPlainStepChars = 300;

    // Ranks: Markdown headings 1-6, bold lines 7, keywords from 10, table rows 18, plain steps 19, lists by indentation from 40.
    private const int BoldRank = 7;
    private const int KeywordRank = 10;
    private const int PlainRank = 19;
    private const int ListRank = 40;
    private const int RanksPerIndent = 16;

    /// <summary>Reads a line that is not blank.</summary>
    /// <param name="source">The line as it stands.</param>
    /// <param name="text">The line, collapsed.</param>
    /// <param name="reading">How freely it may be taken for a step.</param>
    public static PlanLine Parse(SourceLine source, string text, PlanReading reading)
    {
        text = text.TrimStart('>', ' ');
        (int hashes, text) = StripHashes(text);
        int bulletLength = hashes == 0 ? Bullet().Match(text).Length : 0;
        (string plain, int boldStart, int boldEnd) = StripEmphasis(text[bulletLength..]);
        string folded = PlanPhrase.Fold(plain);
        if (hashes == 0 && bulletLength == 0 && PlanLabels.Title(plain, folded) is string title)
        {
            return new PlanLine(source, PlanLineRole.Title) { Text = PlanPhrase.Clean(title) };
        }

        PlanMarker? marker = PlanMarkers.Find(folded);
        int markLength = marker?.Length ?? 0;
        bool isMarked = marker is not null || bulletLength > 0 || hashes > 0;
        string rest = plain[markLength..];
        WordCountMatch? count = WordCountText.Find(folded[markLength..])
            ?? (reading == PlanReading.BareNumbers && isMarked ? WordCountText.FindBare(folded[markLength..]) : null);
        string said = (count is { } found ? Without(rest, found) : rest).TrimStart();
        PlanLabelled labelled = PlanLabels.Split(said, PlanPhrase.Fold(said));
        PlanLine line = new(source, PlanLineRole.Step)
        {
            Text = PlanPhrase.Clean(labelled.Rest),
            Ordinal = marker?.Ordinal,
            Words = count?.Words,
            Heading = NonEmpty(labelled.Heading),
            MainPoint = NonEmpty(labelled.MainPoint),
        };

        if (count is not null && line.MainPoint is null && PlanChatter.IsTotal(PlanPhrase.Fold(line.Text), isNumbered: marker is not null))
        {
            return line with { Role = PlanLineRole.Total };
        }

        bool isBold = boldStart == 0 && IsOnlyCount(plain[boldEnd..]);
        bool hasBoldStart = !isBold && boldStart >= 0 && boldStart <= markLength + 1 && boldEnd > markLength;
        if (hasBoldStart && line.MainPoint is null && line.Heading is null)
        {
            line = WithHeading(line, plain[markLength..boldEnd]);
        }

        if (hashes > 0)
        {
            return AsHeading(line, hashes);
        }

        if (marker is { } mark)
        {
            int rank = mark.Kind == PlanMarkerKind.Keyword ? KeywordRank + mark.Level : ListRank + Indent(source.Text) + mark.Level;
            return line with { Kind = mark.Kind, Rank = rank };
        }

        bool hasOnlyFields = line.Text.Length == 0 && (line.MainPoint ?? line.Heading) is not null | line.Words is not null;
        bool hasBoth = line.MainPoint is not null && line.Words is not null;
        if (bulletLength > 0)
        {
            PlanLineRole role = hasOnlyFields && !hasBoth ? PlanLineRole.Field : PlanLineRole.Step;
            return line with { Kind = PlanMarkerKind.Bullet, Rank = ListRank + Indent(source.Text) + RanksPerIndent - 1, Role = role };
        }

        if (hasOnlyFields && !(hasBoth && reading == PlanReading.Plain))
        {
            return line with { Role = PlanLineRole.Field };
        }

        if (isBold || (hasBoldStart && count is not null))
        {
            return AsHeading(line, BoldRank);
        }

        bool isPlainStep = reading == PlanReading.Plain && count is { EndsLine: true } && plain.Length <= MaxPlainStepChars && !PlanChatter.Is(folded);
        return isPlainStep
            ? line with { Kind = PlanMarkerKind.Plain, Rank = PlainRank }
            : new PlanLine(source, PlanLineRole.Text) { Text = PlanPhrase.Clean(plain), Words = count?.Words };
    }

    private static (int Level, string Text) StripHashes(string text)
    {
        int level = text.AsSpan().IndexOfAnyExcept('#');
        return level is > 0 and <= 6 && text[level] == ' ' ? (level, text[(level + 1)..].TrimEnd('#', ' ')) : (0, text);
    }

    /// <summary>Drops bold marks, and emphasis that opens the line; says where the first bold run then stands, (-1, -1) without one.</summary>
    private static (string Text, int BoldStart, int BoldEnd) StripEmphasis(string text)
    {
        if (text.StartsWith("__", StringComparison.Ordinal))
        {
            text = text.Replace("__", "**", StringComparison.Ordinal);
        }

        if (text.Length > 1 && text[0] is '*' or '_' && text[1] != text[0] && text.IndexOf(text[0], 1) is int end and > 0)
        {
            text = text[1..end] + text[(end + 1)..];
        }

        int open = text.IndexOf("**", StringComparison.Ordinal);
        int close = open < 0 ? -1 : text.IndexOf("**", open + 2, StringComparison.Ordinal);
        string plain = text.Replace("**", "", StringComparison.Ordinal);
        return close < 0 ? (plain, -1, -1) : (plain, open, close - 2);
    }

    private static string Without(string text, WordCountMatch count)
    {
        string before = text[..count.Start];
        string after = text[(count.Start + count.Length)..];
        if (PlanPhrase.Clean(after).Trim('.', '。', ')', ']').Length == 0)
        {
            return before;
        }

        bool joins = after[0] is ' ' or ':' or '：' or ',' or '，' or '.' or '。';
        return before.Length == 0 ? after.TrimStart(',', ';', '，', '；') : before + (joins ? "" : " ") + after;
    }

    private static bool IsOnlyCount(string tail)
    {
        WordCountMatch? count = WordCountText.Find(PlanPhrase.Fold(tail));
        return PlanPhrase.Clean(count is { } found ? Without(tail, found) : tail).Length == 0;
    }

    private static PlanLine WithHeading(PlanLine line, string bold)
    {
        WordCountMatch? count = WordCountText.Find(PlanPhrase.Fold(bold));
        string heading = PlanPhrase.Clean(count is { } found ? Without(bold, found) : bold);
        string text = line.Text.StartsWith(heading, StringComparison.Ordinal) ? PlanPhrase.Clean(line.Text[heading.Length..]) : "";
        return heading.Length > 0 && text.Length > 0 ? line with { Heading = heading, Text = text } : line;
    }

    private static PlanLine AsHeading(PlanLine line, int rank) => line with
    {
        Kind = PlanMarkerKind.Heading,
        Rank = rank,
        Heading = line.Heading ?? NonEmpty(line.Text),
        Text = line.Heading is null ? "" : line.Text,
    };

    private static string? NonEmpty(string? text) => text is not null && PlanPhrase.Clean(text) is { Length: > 0 } cleaned ? cleaned : null;

    /// <summary>The part of a list line's rank that its indentation gives: two columns make a level, a tab is four.</summary>
    private static int Indent(string text)
    {
        int columns = 0;
        foreach (char c in text)
        {
            int width = c switch { ' ' or '>' => 1, '\t' => 4, '\u3000' => 2, _ => 0 };
            if (width == 0 || columns >= MaxIndent)
            {
                break;
            }

            columns += width;
        }

        return columns / 2 * RanksPerIndent;
    }

    // A bullet, and the box of a task list behind it. A lone dash may touch its word; a star or plus may not (emphasis, numbers).
    [GeneratedRegex(@"^(?:[-*+–—] |-(?=\p{L})|[•·●○▪■◆◦‣] ?)(?:\[[ xX]\] )?")]
    private static partial Regex Bullet();
}
