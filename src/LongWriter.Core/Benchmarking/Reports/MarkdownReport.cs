using System.Text;

namespace LongWriter.Benchmarking.Reports;

/// <summary>report.md: notes, tables, and how to repeat the runs.</summary>
internal static class MarkdownReport
{
    public static string Write(BenchmarkReport report)
    {
        StringBuilder text = new();
        text.Append("# ").Append(MarkdownText.Escape(report.Title)).Append("\n\n");
        foreach (string note in report.Notes)
        {
            text.Append("- ").Append(MarkdownText.Escape(note)).Append('\n');
        }

        text.Append('\n').Append(MarkdownText.Escape(ReportWording.Measure(report))).Append('\n');
        foreach (ReportTable table in ReportTables.Of(report))
        {
            Append(text, table);
        }

        AppendProvenance(text, report);
        return text.ToString();
    }

    private static void AppendProvenance(StringBuilder text, BenchmarkReport report)
    {
        foreach (ReportTable table in ProvenanceTables.Of(report))
        {
            Append(text, table);
        }

        foreach (RunReport run in report.Runs.Where(run => run.Manifest.Command is not null))
        {
            string fence = MarkdownText.FenceFor(run.Manifest.Command!);
            text.Append("\nThe command of ").Append(MarkdownText.Escape(run.Name)).Append(":\n\n");
            text.Append(fence).Append('\n').Append(run.Manifest.Command).Append('\n').Append(fence).Append('\n');
        }

        text.Append($"\nEvery text's numbers are in {ReportWriter.JsonFileName}.\n");
    }

    private static void Append(StringBuilder text, ReportTable table)
    {
        text.Append("\n## ").Append(MarkdownText.Escape(table.Title)).Append("\n\n");
        AppendRow(text, table.Columns.Select(column => MarkdownText.Escape(column.Header)));
        AppendRow(text, table.Columns.Select(column => column.Kind == CellKind.Number ? "--:" : "---"));
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            AppendRow(text, row.Select(MarkdownText.Escape));
        }
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
