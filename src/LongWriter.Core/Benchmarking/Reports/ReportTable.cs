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
/// <param name="IsNumeric">Whether its cells are numbers and stand right.</param>
internal readonly record struct ReportColumn(string Header, bool IsNumeric = true);
