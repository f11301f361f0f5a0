using System.Globalization;

namespace LongWriter.Cli;

/// <summary>A row of the table on the console.</summary>
/// <param name="Subject">Who wrote.</param>
/// <param name="Bin">Required lengths, or "all".</param>
/// <param name="Texts">How many texts.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="LengthScore">Mean S_l; null without texts.</param>
internal sealed record BenchTableRow(string Subject, string Bin, int Texts, int Failed, double? LengthScore);

/// <summary>Prints what a run came to: mean S_l by required length, failed texts counted.</summary>
internal static class BenchTable
{
    public static void Print(IReadOnlyList<BenchTableRow> rows, TextWriter output)
    {
        int subjectWidth = Width("subject", rows.Select(row => row.Subject));
        int binWidth = Width("required", rows.Select(row => row.Bin));
        Line("subject", "required", "texts", "failed", "S_l");
        foreach (BenchTableRow row in rows)
        {
            Line(row.Subject, row.Bin, Text(row.Texts), Text(row.Failed), row.LengthScore?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-");
        }

        void Line(string subject, string bin, string texts, string failed, string score) =>
            output.WriteLine($"{subject.PadRight(subjectWidth)}  {bin.PadRight(binWidth)}  {texts,6}  {failed,6}  {score,5}");
    }

    private static int Width(string heading, IEnumerable<string> cells) => cells.Append(heading).Max(cell => cell.Length);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
