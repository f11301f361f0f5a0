using System.Globalization;

namespace LongWriter.Cli;

/// <summary>A row of the table on the console.</summary>
/// <param name="Subject">Who wrote.</param>
/// <param name="Bin">Required lengths, or "all".</param>
/// <param name="Texts">How many texts.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="MeanProduced">Mean length; null without texts.</param>
/// <param name="LengthScore">Mean S_l; null without texts.</param>
/// <param name="Quality">S_q; null where it is not known.</param>
internal sealed record BenchTableRow(string Subject, string Bin, int Texts, int Failed, double? MeanProduced, double? LengthScore, double? Quality);

/// <summary>Prints what a run came to: mean length and S_l by required length, S_q of the whole, failed texts counted.</summary>
internal static class BenchTable
{
    public static void Print(IReadOnlyList<BenchTableRow> rows, TextWriter output)
    {
        int subjectWidth = Width("subject", rows.Select(row => row.Subject));
        int binWidth = Width("required", rows.Select(row => row.Bin));
        Line("subject", "required", "texts", "failed", "mean length", "S_l", "S_q");
        foreach (BenchTableRow row in rows)
        {
            Line(row.Subject, row.Bin, Text(row.Texts), Text(row.Failed), Text(row.MeanProduced, "0"), Text(row.LengthScore, "0.0"), Text(row.Quality, "0.0"));
        }

        void Line(string subject, string bin, string texts, string failed, string length, string score, string quality) =>
            output.WriteLine($"{subject.PadRight(subjectWidth)}  {bin.PadRight(binWidth)}  {texts,5}  {failed,6}  {length,11}  {score,5}  {quality,5}");
    }

    private static int Width(string heading, IEnumerable<string> cells) => cells.Append(heading).Max(cell => cell.Length);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
