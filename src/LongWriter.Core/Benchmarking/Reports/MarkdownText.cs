using System.Text;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Untrusted text as Markdown that shows it and does nothing else.</summary>
internal static class MarkdownText
{
    /// <summary>On one line, with everything escaped that Markdown or HTML reads.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char unit in text)
        {
            if (char.IsControl(unit))
            {
                escaped.Append(' ');
            }
            else if (unit == '&')
            {
                escaped.Append("&amp;");
            }
            else if (unit == '<')
            {
                escaped.Append("&lt;");
            }
            else if (IsMarkup(unit))
            {
                escaped.Append('\\').Append(unit);
            }
            else
            {
                escaped.Append(unit);
            }
        }

        return escaped.ToString();
    }

    /// <summary>A fence longer than any run of backticks in <paramref name="code"/>, which could close it.</summary>
    public static string FenceFor(string code)
    {
        int longest = 2;
        int run = 0;
        foreach (char unit in code)
        {
            run = unit == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return new string('`', longest + 1);
    }

    private static bool IsMarkup(char unit) => unit is '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '>' or '#' or '$';
}
