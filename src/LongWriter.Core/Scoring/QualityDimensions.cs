namespace LongWriter.Scoring;

/// <summary>How the six dimensions are called in prompts and replies.</summary>
internal static class QualityDimensions
{
    /// <summary>All six, in the order of the paper.</summary>
    public static IReadOnlyList<QualityDimension> All { get; } = Enum.GetValues<QualityDimension>();

    /// <summary>The name in the judge's JSON object, such as "Breadth and Depth".</summary>
    public static string Name(QualityDimension dimension) => dimension switch
    {
        QualityDimension.BreadthAndDepth => "Breadth and Depth",
        QualityDimension.ReadingExperience => "Reading Experience",
        _ => dimension.ToString(),
    };

    /// <summary>The dimension that a judge means by a name; null when it means none.</summary>
    public static QualityDimension? Find(string name)
    {
        string folded = LooseName.Fold(name);
        foreach (string suffix in (ReadOnlySpan<string>)["score", "rating", "mark", "评分", "得分"])
        {
            folded = folded.Length > suffix.Length && folded.EndsWith(suffix, StringComparison.Ordinal) ? folded[..^suffix.Length] : folded;
        }

        return folded switch
        {
            "relevance" or "相关性" => QualityDimension.Relevance,
            "accuracy" or "准确性" => QualityDimension.Accuracy,
            "coherence" or "连贯性" => QualityDimension.Coherence,
            "clarity" or "清晰度" or "清晰性" => QualityDimension.Clarity,
            "breadthanddepth" or "breadthdepth" or "depthandbreadth" or "广度与深度" or "广度和深度" => QualityDimension.BreadthAndDepth,
            "readingexperience" or "阅读体验" => QualityDimension.ReadingExperience,
            _ => null,
        };
    }
}
