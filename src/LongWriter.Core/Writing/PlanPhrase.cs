using System.Text;

namespace LongWriter.Writing;

/// <summary>Texts inside a plan: the form they are matched in, and the form they are kept in.</summary>
internal static class PlanPhrase
{
    private const string TrailingSeparators = " -–—－:;,|｜、：；，";
    private const string LeadingSeparators = " :;,|｜、：；，";
    private const string Dashes = "-–—－";

    /// <summary>Each run of white space and control characters becomes one blank; none at the ends.</summary>
    public static string Collapse(ReadOnlySpan<char> text)
    {
        StringBuilder collapsed = new(text.Length);
        bool blank = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c is '\u200B' or '\uFEFF')
            {
                blank = collapsed.Length > 0;
                continue;
            }

            if (blank)
            {
                collapsed.Append(' ');
                blank = false;
            }

            collapsed.Append(c);
        }

        return collapsed.ToString();
    }

    /// <summary>
    /// Lower case, with full-width forms, dashes and corner brackets as their ASCII forms. Character by character, so that a
    /// place in the folded text is the same place in the text. (Unicode normalization is not length-preserving, nor available with invariant globalization.)
    /// </summary>
    public static string Fold(string text) => string.Create(text.Length, text, static (folded, source) =>
    {
        for (int i = 0; i < folded.Length; i++)
        {
            folded[i] = Fold(source[i]);
        }
    });

    /// <summary>
    /// The form in which a plan keeps a text: one line, no bold marks, no separators at the ends, no brackets, quotes or emphasis around the whole.
    /// Cleaning twice changes nothing.
    /// </summary>
    public static string Clean(string text)
    {
        string cleaned = Trim(Collapse(text.Replace("**", "", StringComparison.Ordinal)));
        while (Unwrap(cleaned) is string inner)
        {
            cleaned = inner;
        }

        return cleaned;
    }

    /// <summary>True when the text has a Chinese character.</summary>
    public static bool IsChinese(string text) => text.AsSpan().ContainsAnyInRange('\u4E00', '\u9FFF');

    private static char Fold(char c) => c switch
    {
        >= 'A' and <= 'Z' => (char)(c | 0x20),
        >= '\uFF21' and <= '\uFF3A' => (char)(c - 0xFEE0 + 0x20),
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
        >= '\u2010' and <= '\u2015' or '\u2212' => '-',
        '【' or '〔' => '[',
        '】' or '〕' => ']',
        '≈' => '~',
        _ => c,
    };

    private static string Trim(string text)
    {
        ReadOnlySpan<char> rest = text;
        int before;
        do
        {
            before = rest.Length;
            rest = rest.TrimEnd(TrailingSeparators).TrimStart(LeadingSeparators);
            int dashes = rest.IndexOfAnyExcept(Dashes);
            if (dashes > 0 && rest[dashes] == ' ')
            {
                rest = rest[dashes..];
            }
        }
        while (rest.Length != before);

        return rest.Length == text.Length ? text : rest.ToString();
    }

    /// <summary>The text without the marks around it, or null when there are none. Marks that recur inside do not belong together.</summary>
    private static string? Unwrap(string text)
    {
        if (text.Length < 3)
        {
            return null;
        }

        (char open, char close) = (text[0], text[^1]);
        bool pair = (open, close) is ('[', ']') or ('<', '>') or ('【', '】') or ('"', '"') or ('“', '”') or ('*', '*') or ('_', '_') or ('`', '`');
        ReadOnlySpan<char> inner = text.AsSpan(1, text.Length - 2);
        return pair && inner.IndexOfAny(open, close) < 0 && Trim(inner.ToString()) is { Length: > 0 } kept ? kept : null;
    }
}
