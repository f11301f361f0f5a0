namespace LongWriter.Benchmarking.Reports;

/// <summary>Sentences that both forms of the report use.</summary>
internal static class ReportWording
{
    public static string Measure(BenchmarkReport report) =>
        $"Lengths are in words (English) or 字 (Chinese) by the compatible counter. {report.LengthScorer} is 0 (useless) to 100 (met), its means and standard errors are over items; "
        + $"an item that was written several times counts once. Its source: {report.LengthScorerSource}";
}
