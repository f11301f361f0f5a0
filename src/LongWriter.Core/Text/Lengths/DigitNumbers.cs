namespace LongWriter.Text.Lengths;

/// <summary>Numbers in digits: 10,000 and 10 000 and 10'000, 1.5k, 2w字, 1.5万, "2 thousand".</summary>
internal static class DigitNumbers
{
    /// <summary>Reads the number that starts at <paramref name="start"/>; <paramref name="end"/> is where reading goes on.</summary>
    public static NumberToken? Read(FoldedText text, int start, out int end)
    {
        end = SkipDigits(text, start);
        decimal value = Digits(text, start, end);
        bool isListMarker = end - start <= 2 && text[end] == '.' && IsLineStart(text, start);
        if (isListMarker && char.IsAsciiDigit(text[end + 1]))
        {
            end++; // "2.800字" at the start of a line is item 2
            return null;
        }

        value = ReadGroups(text, start, value, ref end);
        value = ReadFraction(text, value, ref end);
        if (ChineseNumbers.IsScale(text[end]))
        {
            return ChineseNumbers.Continue(text, start, value, ref end);
        }

        decimal scale = ReadScale(text, ref end);
        value = NumberToken.Saturate(value * scale);
        return new NumberToken(start, end, value, value, scale);
    }

    private static decimal ReadGroups(FoldedText text, int start, decimal value, ref int end)
    {
        char separator = text[end];
        bool canSeparate = separator is ',' or '\'' or ' ' or '，';
        if (end - start > 3 || value == 0 || !canSeparate || (separator == ' ' && FollowsPartName(text, start)))
        {
            return value;
        }

        while (text[end] == separator && SkipDigits(text, end + 1) == end + 4)
        {
            value = NumberToken.Saturate((value * 1000) + Digits(text, end + 1, end + 4));
            end += 4;
        }

        return value;
    }

    private static decimal ReadFraction(FoldedText text, decimal value, ref int end)
    {
        int fractionEnd = SkipDigits(text, end + 1);
        int digits = fractionEnd - end - 1;
        if (text[end] != '.' || digits <= 0)
        {
            return value;
        }

        int fractionStart = end + 1;
        end = fractionEnd;
        bool isScaled = text[end] is 'k' or 'w' || ChineseNumbers.IsScale(text[end]);
        if (digits == 3 && value != 0 && !isScaled)
        {
            return NumberToken.Saturate((value * 1000) + Digits(text, fractionStart, end)); // words have no thousandths: 1.500 is 1500
        }

        decimal unit = 1m;
        for (int index = fractionStart; index < Math.Min(end, fractionStart + 9); index++)
        {
            unit /= 10;
            value += unit * (text[index] - '0');
        }

        return value;
    }

    private static decimal ReadScale(FoldedText text, ref int end)
    {
        if (text[end] == 'k' && (!char.IsAsciiLetterOrDigit(text[end + 1]) || text.Span[(end + 1)..].StartsWith("word")))
        {
            end++;
            return 1000;
        }

        if (text[end] == 'w' && text[text.SkipBlanks(end + 1)] is '字' or '个' or '多' or '余')
        {
            end++;
            return 10_000; // 2w: how 万 is typed in a hurry
        }

        return EnglishNumbers.ReadScale(text, ref end);
    }

    private static int SkipDigits(FoldedText text, int index)
    {
        while (char.IsAsciiDigit(text[index]))
        {
            index++;
        }

        return index;
    }

    private static decimal Digits(FoldedText text, int start, int end)
    {
        decimal value = 0;
        for (int index = start; index < end; index++)
        {
            value = NumberToken.Saturate((value * 10) + (text[index] - '0'));
        }

        return value;
    }

    private static bool IsLineStart(FoldedText text, int index)
    {
        while (text[index - 1] is ' ' or '\t')
        {
            index--;
        }

        return text[index - 1] is '\n' or '\r' or '\0';
    }

    private static bool FollowsPartName(FoldedText text, int start)
    {
        int index = start;
        return Vocabulary.NumberedParts.Contains(text.PreviousWord(ref index));
    }
}
