using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace LongWriter.Scoring;

/// <summary>Reads a mark, a whole number, in the forms in which judges give it: 4, "4", 4.0, "4/5", "4 out of 5", 4分, "4 (good)", {"score": 4}.</summary>
internal static partial class LooseMark
{
    private const int MaxShownChars = 40;
    private const int MaxDigits = 9;

    private static readonly string[] ScoreNames = ["score", "mark", "rating", "value", "points", "grade", "分数", "评分", "得分", "打分"];

    /// <summary>
    /// Null and the mark, or one sentence that says what is wrong: "Clarity must be an integer from 1 to 5 but is 7."
    /// </summary>
    /// <param name="value">What stands at the mark's place; null for nothing.</param>
    /// <param name="name">What is marked, for the message.</param>
    /// <param name="least">The lowest mark.</param>
    /// <param name="most">The highest mark.</param>
    /// <param name="mark">The mark.</param>
    public static string? Read(LooseValue? value, string name, int least, int most, out int mark)
    {
        mark = 0;
        LooseValue? plain = value is LooseObject detail ? Score(detail) ?? value : value;
        string shown = Shown(plain);
        if (plain is LooseText text && TryRead(text.Text, most, out double number))
        {
            if (number == Math.Floor(number) && number >= least && number <= most)
            {
                mark = (int)number;
                return null;
            }

            shown = number.ToString(CultureInfo.InvariantCulture);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{name} must be an integer from {least} to {most} but is {shown}.");
    }

    /// <summary>The member of an object that holds the mark, or null.</summary>
    public static LooseValue? Score(LooseObject value)
    {
        LooseValue? found = null;
        foreach ((string name, LooseValue member) in value.Members)
        {
            found = ScoreNames.Contains(LooseName.Fold(name)) ? member : found;
        }

        return found;
    }

    private static bool TryRead(string text, int most, out double number)
    {
        number = 0;
        Match match = Form.Match(Narrow(text));
        if (!match.Success || match.Groups["whole"].Length > MaxDigits)
        {
            return false;
        }

        // "4/10" is no mark out of 5.
        if (match.Groups["of"] is { Success: true, Value: string of } && int.Parse(of, CultureInfo.InvariantCulture) != most)
        {
            return false;
        }

        string digits = match.Groups["number"].Value;
        number = digits is [>= '一' and <= '龥'] ? 1 + "一二三四五六七八九十".IndexOf(digits[0], StringComparison.Ordinal) : double.Parse(digits, CultureInfo.InvariantCulture);
        return true;
    }

    private static string Shown(LooseValue? value) => value switch
    {
        LooseText { IsQuoted: false, Text.Length: > 0 } text => Clip(text.Text),
        LooseText { IsQuoted: true } text => $"\"{Clip(text.Text)}\"",
        LooseList => "a list",
        LooseObject => "an object",
        _ => "missing",
    };

    private static string Clip(string text) => text.Length <= MaxShownChars ? text : $"{text[..MaxShownChars]}…";

    /// <summary>Full-width digits and signs as plain ones, emphasis taken off, white space one blank wide: the pattern then takes linear time.</summary>
    private static string Narrow(string text)
    {
        var narrow = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            char plain = char.IsWhiteSpace(c) ? ' ' : c is >= '！' and <= '～' ? (char)(c - 0xFEE0) : c;
            bool isDropped = plain is '*' or '_' || (plain == ' ' && (narrow.Length == 0 || narrow[^1] == ' '));
            _ = isDropped ? narrow : narrow.Append(plain);
        }

        return narrow.ToString().TrimEnd();
    }

    // The number, what it is out of, a unit, and a remark that cannot be taken for another number.
    [GeneratedRegex(
        @"^(?<number>[+-]?(?<whole>[0-9]+)(?:\.[0-9]{1,9})?|[一二三四五六七八九十])(?: *(?:/|out of|of) *(?<of>[0-9]{1,4}))? *(?:分|points?|stars?)?(?: *[(:\[].*| +[-–—] .*)?\.?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Form { get; }
}
