using System.Buffers;

namespace LongWriter.Writing;

/// <summary>Turns a text into lines, and each line into what it is to a plan as far as the line and its table tell.</summary>
internal static class PlanLineReader
{
    private static readonly SearchValues<char> RuleMarks = SearchValues.Create("-*_=—─ ");

    /// <summary>Lines of the text, numbered from 1.</summary>
    public static IReadOnlyList<SourceLine> Split(string text)
    {
        List<SourceLine> lines = [];
        int start = 0;
        while (start <= text.Length)
        {
            int length = text.AsSpan(start).IndexOfAny('\r', '\n');
            int end = length < 0 ? text.Length : start + length;
            lines.Add(new SourceLine(lines.Count + 1, text[start..end]));
            bool crlf = end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n';
            start = end + (crlf ? 2 : 1);
        }

        return lines;
    }

    /// <summary>Reads every line.</summary>
    public static IReadOnlyList<PlanLine> Read(IReadOnlyList<SourceLine> source, PlanReading reading)
    {
        List<PlanLine> lines = new(source.Count);
        PlanTable? table = null;
        foreach (SourceLine line in source)
        {
            string text = PlanPhrase.Collapse(line.Text);
            bool row = text.StartsWith('|') || (table is not null && text.Contains('|', StringComparison.Ordinal));
            if (row)
            {
                table ??= new PlanTable();
                lines.Add(table.ReadRow(line, text));
            }
            else if (PlanTable.IsRule(text) && lines.Count > 0)
            {
                // A table without outer pipes: only its rule tells that the line before was the header.
                table = new PlanTable();
                lines[^1] = table.ReadRow(lines[^1].Source, lines[^1].Source.Text);
                lines.Add(new PlanLine(line, PlanLineRole.Blank));
            }
            else
            {
                table = null;
                lines.Add(IsBlank(text) ? new PlanLine(line, PlanLineRole.Blank) : PlanLineParser.Parse(line, text, reading));
            }
        }

        return lines;
    }

    /// <summary>Nothing, a code fence, or a rule of at least three marks.</summary>
    private static bool IsBlank(string text) =>
        text.Length == 0
        || text.StartsWith("```", StringComparison.Ordinal)
        || text.StartsWith("~~~", StringComparison.Ordinal)
        || (text.Length >= 3 && text.AsSpan().IndexOfAnyExcept(RuleMarks) < 0);
}
