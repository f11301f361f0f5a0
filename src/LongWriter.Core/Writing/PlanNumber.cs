using System.Globalization;

namespace LongWriter.Writing;

/// <summary>Numbers as plans write them: 1,200, 1.2k, 1.5万, 五百, IV, One, ③. Folded text in; null for what is no number.</summary>
internal static class PlanNumber
{
    private static readonly string[] Words =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ];

    /// <summary>A quantity: digits with grouping, a fraction and k, 千 or 万 behind it, or Chinese numerals. A point before three digits groups.</summary>
    public static decimal? Quantity(string text, string scale)
    {
        decimal? number = char.IsAsciiDigit(text[0]) ? Digits(text, scale.Length > 0) : Chinese(text);
        return scale switch
        {
            "k" or "千" or "thousand" => number * 1_000,
            "万" => number * 10_000,
            _ => number,
        };
    }

    /// <summary>The number of a step: digits, an English word to twenty, Roman numerals, Chinese numerals, or a circled digit.</summary>
    public static int? Ordinal(string text)
    {
        if (char.IsAsciiDigit(text[0]))
        {
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        }

        if (text[0] is >= '①' and <= '⑳')
        {
            return text[0] - '①' + 1;
        }

        int word = Array.IndexOf(Words, text);
        return word >= 0 ? word : Roman(text) ?? Chinese(text);
    }

    private static decimal? Digits(string text, bool scaled)
    {
        int point = text.LastIndexOf('.');
        bool fraction = point >= 0 && (scaled || text.Length - point - 1 != 3);
        string whole = (fraction ? text[..point] : text).Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        string number = fraction ? whole + text[point..] : whole;
        return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) ? value : null;
    }

    private static int? Roman(string text)
    {
        int total = 0;
        int previous = 0;
        foreach (char c in text)
        {
            int value = c switch { 'i' => 1, 'v' => 5, 'x' => 10, 'l' => 50, 'c' => 100, _ => 0 };
            if (value == 0)
            {
                return null;
            }

            total += value > previous ? value - (2 * previous) : value;
            previous = value;
        }

        return total;
    }

    /// <summary>Place-value Chinese numerals below 100 million: 一千二百, 两千五 (the last digit counts in the next place), 二〇.</summary>
    private static int? Chinese(string text)
    {
        const string Digit = "〇一二三四五六七八九";
        int total = 0;
        int part = 0;
        int digit = 0;
        int place = 1;
        bool counted = false;
        foreach (char c in text)
        {
            int value = c == '零' ? 0 : c == '两' ? 2 : Digit.IndexOf(c, StringComparison.Ordinal);
            int unit = c switch { '十' => 10, '百' => 100, '千' => 1_000, '万' => 10_000, _ => 0 };
            if (value >= 0)
            {
                // 二〇二四 reads as digits; 一千二百 reads by place.
                digit = counted && place == 1 ? Math.Min((digit * 10) + value, 99_999_999) : value;
                counted = true;
                place = value == 0 && place != 1 ? 10 : place;
            }
            else if (unit == 10_000)
            {
                total = Math.Min(total + part + digit, 9_999) * unit;
                (part, digit, place, counted) = (0, 0, unit, false);
            }
            else if (unit > 0)
            {
                part = Math.Min(part + (Math.Max(digit, 1) * unit), 99_999_999);
                (digit, place, counted) = (0, unit, false);
            }
            else
            {
                return null;
            }
        }

        return total + part + (digit * (place > 10 ? place / 10 : 1));
    }
}
