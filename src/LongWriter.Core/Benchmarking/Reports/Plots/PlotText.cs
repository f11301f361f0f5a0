using System.Globalization;
using System.Text;

namespace LongWriter.Benchmarking.Reports.Plots;

/// <summary>Numbers and widths of text in a plot.</summary>
internal static class PlotText
{
    // The widest of the usual sans-serif faces at 12 px; a narrower one only leaves more room.
    private const double NarrowWidth = 7.3;
    private const double WideWidth = 12;

    public static string Coordinate(double value) => double.IsFinite(value)
        ? Math.Round(value, 2, MidpointRounding.AwayFromZero).ToString("0.##", CultureInfo.InvariantCulture)
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A coordinate must be finite.");

    /// <summary>A tick's label: 500, 2k, 10k, 1.5M.</summary>
    public static string Compact(double value) => Math.Abs(value) switch
    {
        >= 1e6 => (value / 1e6).ToString("0.###", CultureInfo.InvariantCulture) + "M",
        >= 1e3 => (value / 1e3).ToString("0.###", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.######", CultureInfo.InvariantCulture),
    };

    public static double Width(string text)
    {
        double width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += rune.Value < 0x1100 ? NarrowWidth : WideWidth;
        }

        return width;
    }

    /// <summary>Both ends of <paramref name="text"/> as far as they fit: in "run/subject" either may tell it from another.</summary>
    public static string FitMiddle(string text, double width)
    {
        if (Width(text) <= width)
        {
            return text;
        }

        Rune[] runes = [.. text.EnumerateRunes()];
        int kept = runes.Length - 1;
        while (kept > 0 && Width(Joined(kept)) > width)
        {
            kept--;
        }

        return Joined(kept);

        string Joined(int count) => string.Concat([.. runes[..(count / 2)].Select(rune => rune.ToString()), "…", .. runes[^(count - (count / 2))..].Select(rune => rune.ToString())]);
    }

    /// <summary>As much of <paramref name="text"/> as fits, with an ellipsis where it was cut.</summary>
    public static string Fit(string text, double width)
    {
        if (Width(text) <= width)
        {
            return text;
        }

        StringBuilder fitting = new();
        double left = width - NarrowWidth;
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= rune.Value < 0x1100 ? NarrowWidth : WideWidth;
            if (left < 0)
            {
                break;
            }

            fitting.Append(rune.ToString());
        }

        return fitting.Append('…').ToString();
    }
}
