using System.Text;

namespace LongWriter.Benchmarking.Reports;

/// <summary>A piece of a text on one line, with an ellipsis where it was cut.</summary>
internal static class Excerpt
{
    private const int MaxRunes = 100;

    /// <summary>The beginning.</summary>
    public static string Beginning(string text)
    {
        List<Rune> runes = OneLine(text.EnumerateRunes());
        return runes.Count > MaxRunes ? Join(runes.Take(MaxRunes)).TrimEnd() + "…" : Join(runes);
    }

    /// <summary>The end.</summary>
    public static string Ending(string text)
    {
        List<Rune> runes = OneLine(text.EnumerateRunes().Reverse());
        return runes.Count > MaxRunes ? "…" + Join(runes.Take(MaxRunes).Reverse()).TrimStart() : Join(runes.AsEnumerable().Reverse());
    }

    /// <summary>One rune more than an excerpt has, so that the caller sees whether there is more; runs of white space are one space.</summary>
    private static List<Rune> OneLine(IEnumerable<Rune> text)
    {
        List<Rune> line = [];
        bool hasGap = false;
        foreach (Rune rune in text)
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                hasGap = line.Count > 0;
                continue;
            }

            if (hasGap)
            {
                line.Add(new Rune(' '));
                hasGap = false;
            }

            line.Add(rune);
            if (line.Count > MaxRunes)
            {
                break;
            }
        }

        return line;
    }

    private static string Join(IEnumerable<Rune> runes) => string.Concat(runes.Select(rune => rune.ToString()));
}
