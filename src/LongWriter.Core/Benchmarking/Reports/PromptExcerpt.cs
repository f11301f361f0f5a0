using System.Text;

namespace LongWriter.Benchmarking.Reports;

/// <summary>The beginning of a prompt on one line.</summary>
internal static class PromptExcerpt
{
    private const int MaxRunes = 100;

    public static string Of(string prompt)
    {
        StringBuilder excerpt = new();
        int runes = 0;
        bool space = false;
        foreach (Rune rune in prompt.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                space = excerpt.Length > 0;
                continue;
            }

            if (runes + (space ? 1 : 0) >= MaxRunes)
            {
                return excerpt.Append('…').ToString();
            }

            runes += space ? 2 : 1;
            excerpt.Append(space ? " " : string.Empty).Append(rune.ToString());
            space = false;
        }

        return excerpt.ToString();
    }
}
