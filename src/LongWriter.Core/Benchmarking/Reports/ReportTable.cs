namespace LongWriter.Benchmarking.Reports;

/// <summary>A table of either form of the report.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Headers, first column first.</param>
/// <param name="Rows">Cells, as many as columns in each row.</param>
/// <param name="Folded">Whether it is too long to lie open.</param>
internal sealed record ReportTable(string Id, string Title, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, bool Folded = false);

/// <summary>A column.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Kind">What its cells are.</param>
internal readonly record struct ReportColumn(string Header, CellKind Kind = CellKind.Number);

/// <summary>What the cells of a column are.</summary>
internal enum CellKind
{
    /// <summary>Numbers, which stand right.</summary>
    Number,

    /// <summary>A name or a few words.</summary>
    Name,

    /// <summary>A sentence or an excerpt, which needs room.</summary>
    Prose,
}
