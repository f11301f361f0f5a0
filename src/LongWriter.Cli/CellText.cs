using Spectre.Console;

namespace LongWriter.Cli;

/// <summary>Cuts text to a width in terminal cells; a Chinese character takes two. White space of any kind becomes one space.</summary>
internal static class CellText
{
    /// <summary>The beginning, with an ellipsis where something is cut off.</summary>
    public static string Head(string text, int cells)
    {
        string line = OneLine(text);
        if (line.GetCellWidth() <= cells)
        {
            return line;
        }

        return Fit(line, cells - 1).TrimEnd() + "…";
    }

    /// <summary>Lines of at most <paramref name="cells"/>, broken at spaces where there are any.</summary>
    public static List<string> Wrap(string text, int cells)
    {
        var lines = new List<string>();
        string line = "";
        int used = 0;
        foreach (string word in OneLine(text).Split(' '))
        {
            int width = word.GetCellWidth();
            if (used > 0 && used + 1 + width > cells)
            {
                lines.Add(line);
                (line, used) = ("", 0);
            }

            (line, used) = used == 0 ? (word, width) : ($"{line} {word}", used + 1 + width);
            while (used > cells)
            {
                string head = Fit(line, cells);
                lines.Add(head);
                line = line[head.Length..];
                used = line.GetCellWidth();
            }
        }

        lines.Add(line);
        return lines;
    }

    /// <summary>As many characters as fit, and at least one.</summary>
    private static string Fit(string text, int cells)
    {
        int end = 0;
        int used = 0;
        while (end < text.Length)
        {
            int length = end + 1 < text.Length && char.IsSurrogatePair(text, end) ? 2 : 1;
            used += text.Substring(end, length).GetCellWidth();
            if (used > cells && end > 0)
            {
                break;
            }

            end += length;
        }

        return text[..end];
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
