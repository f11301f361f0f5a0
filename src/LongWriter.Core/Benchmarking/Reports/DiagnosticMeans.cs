using LongWriter.Scoring;

namespace LongWriter.Benchmarking.Reports;

/// <summary>Means of the diagnostics that are shares. Each is over the texts for which it is known.</summary>
internal static class DiagnosticMeans
{
    private static readonly (string Name, Func<TextDiagnosticsResult, double?> Share)[] Shares =
    [
        ("Repeated 4-grams", text => text.RepeatedFourGrams),
        ("Duplicate sentences", text => text.DuplicateSentences),
        ("Summing-up sentences", text => text.SummarySentenceRate),
        ("Cut off", text => text.Words == 0 ? null : text.Truncated ? 1 : 0),
    ];

    /// <summary>In the order above, without those that no text has.</summary>
    public static IReadOnlyList<DiagnosticMean> Of(IReadOnlyList<TextReport> texts) =>
    [
        .. from share in Shares
           let known = texts.Select(text => share.Share(text.Diagnostics)).OfType<double>().ToArray()
           where known.Length > 0
           select new DiagnosticMean(share.Name, known.Length, known.Average()),
    ];
}
