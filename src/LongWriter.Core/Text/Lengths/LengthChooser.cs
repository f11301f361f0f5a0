namespace LongWriter.Text.Lengths;

/// <summary>
/// Chooses the document's length from everything stated: a total, else what a label says, else what is plainly asked for, else the sum of
/// what is asked for the parts.
/// </summary>
internal static class LengthChooser
{
    private const int MostGap = 32;

    public static LengthReading Choose(string instruction, List<LengthStatement> statements)
    {
        List<LengthStatement> parts = [.. statements.Where(statement => statement.Role is StatementRole.Part or StatementRole.PerItem)];
        List<LengthStatement> plain = Of(statements, StatementRole.Plain);
        LengthStatement? whole = Last(statements, StatementRole.Total) ?? Last(statements, StatementRole.Label) ?? Bounds(plain);
        if (whole is null && parts.Count == 0 && plain.Count > 1 && plain.All(statement => IsListItem(instruction, statement.Start)))
        {
            parts = plain;
        }

        whole ??= plain.Count > 0 && !ReferenceEquals(parts, plain) ? plain.MaxBy(statement => statement.Value) : null;
        whole ??= parts.Count > 0 ? Sum(instruction, parts) : Last(statements, StatementRole.Mentioned);
        return new LengthReading(whole, parts, statements);
    }

    private static List<LengthStatement> Of(List<LengthStatement> statements, StatementRole role) => [.. statements.Where(statement => statement.Role == role)];

    private static LengthStatement? Last(List<LengthStatement> statements, StatementRole role)
    {
        List<LengthStatement> found = Of(statements, role);
        return Bounds(found) ?? found.LastOrDefault();
    }

    /// <summary>"At least 800 words, at most 1,000 words" is one range.</summary>
    private static LengthStatement? Bounds(List<LengthStatement> statements)
    {
        for (int index = 1; index < statements.Count; index++)
        {
            (LengthStatement first, LengthStatement second) = (statements[index - 1], statements[index]);
            LengthStatement? low = new[] { first, second }.FirstOrDefault(statement => statement.Kind == LengthKind.AtLeast);
            LengthStatement? high = new[] { first, second }.FirstOrDefault(statement => statement.Kind == LengthKind.AtMost);
            if (low is not null && high is not null && low.Value < high.Value && second.Start - first.End < MostGap && low.Unit == high.Unit)
            {
                return first with { Length = second.End - first.Start, Kind = LengthKind.Range, Minimum = low.Value, Maximum = high.Value };
            }
        }

        return null;
    }

    private static LengthStatement? Sum(string instruction, List<LengthStatement> parts)
    {
        bool isUnknown = parts.Exists(part => part.Count is null);
        bool isAlone = parts is [{ Role: StatementRole.Part }];
        if (isUnknown || (isAlone && IsAskedForBefore(instruction, ClauseOf(instruction, parts[0].Start))))
        {
            return null; // "Write an essay. The conclusion must have 50 words." leaves the essay open
        }

        decimal minimum = parts.Sum(part => part.Minimum * (part.Count ?? 1));
        decimal maximum = parts.Sum(part => part.Maximum * (part.Count ?? 1));
        bool hasFloor = parts.Exists(part => part.Kind == LengthKind.AtLeast);
        bool hasCeiling = parts.Exists(part => part.Kind == LengthKind.AtMost);
        LengthKind kind = (hasFloor, hasCeiling, minimum == maximum) switch
        {
            (true, false, _) => LengthKind.AtLeast,
            (false, true, _) => LengthKind.AtMost,
            (false, false, false) => LengthKind.Range,
            _ => LengthKind.Equal,
        };
        (minimum, maximum) = kind switch
        {
            LengthKind.AtLeast => (minimum, minimum),
            LengthKind.AtMost => (0, maximum),
            LengthKind.Equal => (maximum, maximum),
            _ => (minimum, maximum),
        };
        LengthUnit unit = parts.Exists(part => part.Unit == LengthUnit.Characters) ? LengthUnit.Characters : LengthUnit.Words;
        int start = parts[0].Start;
        return new LengthStatement(start, parts[^1].End - start, kind, minimum, maximum, unit, parts[0].Role);
    }

    /// <summary>In Chinese the clause that names the part may ask for it (写一段结论300字); in English a part is joined to a document ("with a 3-word title").</summary>
    private static int ClauseOf(string instruction, int start) =>
        start > 0 && instruction[start - 1] > '\u3000' ? instruction.AsSpan(0, start).LastIndexOfAny(Vocabulary.ClauseEnds) + 1 : start;

    private static bool IsAskedForBefore(string instruction, int end)
    {
        var text = new FoldedText(instruction[..end]);
        if (text.Span.IndexOfAny("写撰") >= 0 || text.Span.IndexOf("生成") >= 0 || text.Span.IndexOf("创作") >= 0)
        {
            return true;
        }

        int index = 0;
        while (index < text.Length)
        {
            ReadOnlySpan<char> word = text.NextWord(ref index);
            if (Vocabulary.WritingVerbs.Contains(word))
            {
                return true;
            }

            index += word.IsEmpty ? 1 : 0;
        }

        return false;
    }

    private static bool IsListItem(string instruction, int start)
    {
        int line = start == 0 ? 0 : instruction.LastIndexOf('\n', start - 1) + 1;
        ReadOnlySpan<char> text = instruction.AsSpan(line).TrimStart(" \t");
        int digits = 0;
        while (digits < Math.Min(3, text.Length) && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        return text.Length > digits && (digits > 0 ? text[digits] is '.' or ')' or '、' or '．' : text[0] is '-' or '*' or '•');
    }
}
