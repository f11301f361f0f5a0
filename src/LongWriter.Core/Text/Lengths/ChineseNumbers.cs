namespace LongWriter.Text.Lengths;

/// <summary>Chinese numerals (五千, 一万二千, 两三百, 二〇〇〇, 3千5百) and digits before a Chinese scale (1.5万).</summary>
internal static class ChineseNumbers
{
    private const string Digits = "零一二三四五六七八九";
    private const string FormalDigits = "〇壹贰叁肆伍陆柒捌玖";

    public static bool IsNumeral(char character) => DigitOf(character) >= 0 || IsScale(character);

    public static bool IsScale(char character) => ScaleOf(character) > 0;

    /// <summary>Reads the numeral that starts at <paramref name="start"/>; <paramref name="end"/> is past it in any case.</summary>
    public static NumberToken? Read(FoldedText text, int start, out int end)
    {
        end = SkipRun(text, start);
        bool isVague = text[start - 1] == '几' || text[end] == '几' || (text[start - 1] == '数' && text[start - 2] is not ('字' or '词'));
        if (isVague || (ScaleOf(text[start]) > 10 && !CanStandAlone(text, end)))
        {
            return null; // 几百 and 数千 say no number, and 万一 or 百姓 are words
        }

        int first = DigitOf(text[start]);
        int second = DigitOf(text[start + 1]);
        if (second > 0 && end - start > 2 && first > 0 && first < second && IsScale(text[start + 2]))
        {
            NumberToken low = Evaluate(text, start + 2, first, end);
            NumberToken high = Evaluate(text, start + 2, second, end);
            return new NumberToken(start, end, low.Low, high.High, high.Scale);
        }

        return Evaluate(text, start, null, end) with { Start = start };
    }

    /// <summary>Reads on behind <paramref name="value"/>, which was written in digits: 1.5万, 3千5百.</summary>
    public static NumberToken Continue(FoldedText text, int start, decimal value, ref int end)
    {
        int from = end;
        while (IsNumeral(text[end]) || (char.IsAsciiDigit(text[end]) && end > from))
        {
            end++;
        }

        return Evaluate(text, from, value, end) with { Start = start };
    }

    private static NumberToken Evaluate(FoldedText text, int start, decimal? pending, int end)
    {
        decimal total = 0;
        decimal section = 0;
        decimal lastScale = 1;
        bool isShorthand = false;
        for (int index = start; index < end; index++)
        {
            char character = text[index];
            decimal scale = ScaleOf(character);
            if (scale == 0)
            {
                int digit = char.IsAsciiDigit(character) ? character - '0' : DigitOf(character);
                isShorthand = pending is null && digit > 0 && IsScale(text[index - 1]) && index == end - 1 && index > start;
                pending = NumberToken.Saturate(((pending ?? 0) * 10) + digit);
                continue;
            }

            if (scale >= 10_000)
            {
                decimal below = section + (pending ?? (total + section == 0 ? 1 : 0));
                total = NumberToken.Saturate(scale > 10_000 ? (total + below) * scale : total + (below * scale));
                section = 0;
            }
            else
            {
                section = NumberToken.Saturate(section + ((pending ?? 1) * scale));
            }

            pending = null;
            lastScale = scale;
        }

        decimal rest = (pending ?? 0) * (isShorthand && lastScale >= 100 ? lastScale / 10 : 1); // 两千五 is 2500
        decimal value = NumberToken.Saturate(total + section + rest);
        return new NumberToken(start, end, value, value, lastScale);
    }

    private static bool CanStandAlone(FoldedText text, int end)
    {
        int index = text[end] is '余' or '多' or '来' or '把' ? end + 1 : end;
        return text[index] is '字' or '词';
    }

    private static int SkipRun(FoldedText text, int index)
    {
        while (IsNumeral(text[index]))
        {
            index++;
        }

        return index;
    }

    private static int DigitOf(char character)
    {
        int digit = Digits.IndexOf(character, StringComparison.Ordinal);
        digit = digit >= 0 ? digit : FormalDigits.IndexOf(character, StringComparison.Ordinal);
        return character is '两' or '兩' ? 2 : digit;
    }

    private static decimal ScaleOf(char character) => character switch
    {
        '十' or '拾' => 10,
        '百' or '佰' => 100,
        '千' or '仟' => 1000,
        '万' or '萬' => 10_000,
        '亿' or '億' => 100_000_000,
        _ => 0,
    };
}
