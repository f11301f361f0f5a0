namespace LongWriter.Benchmarking.Reports;

/// <summary>Words that all forms of the report use.</summary>
internal static class ReportWording
{
    public static string Measure(BenchmarkReport report) =>
        $"Lengths are in words (English) or 字 (Chinese) by the compatible counter. {report.LengthScorer} is 0 (useless) to 100 (met), its means and standard errors are over items; "
        + $"an item that was written several times counts once. Its source: {report.LengthScorerSource}";

    public static string NameOf(QualityDimension dimension) => dimension switch
    {
        QualityDimension.BreadthAndDepth => "Breadth and depth",
        QualityDimension.ReadingExperience => "Reading experience",
        _ => dimension.ToString(),
    };

    public static string NameOf(EndCause end) => end switch
    {
        EndCause.Length => "Token limit",
        EndCause.ContextLimit => "Context limit",
        EndCause.ContentFilter => "Content filter",
        _ => end.ToString(),
    };

    public static string NameOf(TextProblem problem) => problem switch
    {
        TextProblem.OtherLanguage => "Other language",
        TextProblem.CutOff => "Cut off",
        TextProblem.TooShort => "Too short",
        TextProblem.TooLong => "Too long",
        TextProblem.LowMark => "Low mark",
        TextProblem.NotJudged => "Not judged",
        _ => problem.ToString(),
    };
}
