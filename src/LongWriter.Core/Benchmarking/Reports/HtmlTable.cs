namespace LongWriter.Benchmarking.Reports;

/// <summary>A table of the page; a long one is folded away until it is opened.</summary>
internal static class HtmlTable
{
    public static void Write(Markup markup, ReportTable table)
    {
        markup.Open("section", ("id", Anchor(table.Id)));
        if (table.Folded)
        {
            markup.Open("details").Element("summary", $"{table.Title} ({ReportNumbers.Count(table.Rows.Count)} rows)");
            WriteTable(markup, table);
            markup.Close();
        }
        else
        {
            markup.Element("h2", table.Title);
            WriteTable(markup, table);
        }

        markup.Close().Line();
    }

    public static string Anchor(string id) => "table-" + id;

    // The box around it scrolls, so that a wide table does not widen the page; the keyboard reaches it by its tabindex.
    private static void WriteTable(Markup markup, ReportTable table)
    {
        markup.Open("div", ("class", "wide"), ("role", "region"), ("tabindex", "0"), ("aria-label", table.Title)).Open("table").Open("thead").Open("tr");
        foreach (ReportColumn column in table.Columns)
        {
            markup.Element("th", column.Header, ("scope", "col"), ("class", ClassOf(column)));
        }

        markup.Close().Close().Line().Open("tbody").Line();
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            markup.Open("tr").Element("th", row[0], ("scope", "row"), ("class", ClassOf(table.Columns[0])));
            for (int cell = 1; cell < row.Count; cell++)
            {
                markup.Element("td", row[cell], ("class", ClassOf(table.Columns[cell])));
            }

            markup.Close().Line();
        }

        markup.Close().Close().Close();
    }

    private static string ClassOf(ReportColumn column) => column.Kind switch
    {
        CellKind.Number => "n",
        CellKind.Name => "t",
        _ => "p",
    };
}
