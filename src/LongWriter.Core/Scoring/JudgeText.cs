namespace LongWriter.Scoring;

/// <summary>The words around the marks in a judge's reply, and the sentences about replies that cannot be read.</summary>
internal static class JudgeText
{
    public const string CutOff = "The JSON object is cut off: the reply ends before its closing brace.";

    public const string NoJson = "The reply holds no JSON object.";

    private static readonly string[] AnalysisNames = ["analysis", "分析", "explanation", "reasoning", "comment", "comments"];

    /// <summary>Says where reading failed.</summary>
    public static string Unreadable(LooseFailure failure) => failure.IsCut ? CutOff : $"The JSON object cannot be read; {failure.Problem}.";

    /// <summary>What stands under "Analysis" in an object; null when nothing does.</summary>
    public static string? Analysis(LooseValue value)
    {
        IEnumerable<LooseText> texts = value is LooseObject { Members: var members }
            ? members.Where(static member => AnalysisNames.Contains(LooseName.Fold(member.Key))).Select(static member => member.Value).OfType<LooseText>()
            : [];
        return NullIfBlank(texts.LastOrDefault()?.Text ?? "");
    }

    /// <summary>What was written before the object, without the fence that opens it; null when nothing was.</summary>
    public static string? Before(string reply, int start)
    {
        string before = reply[..start].TrimEnd();
        int fence = before.LastIndexOf("```", StringComparison.Ordinal);
        bool opensHere = fence >= 0 && !before.AsSpan(fence).Contains('\n');
        return NullIfBlank(opensHere ? before[..fence] : before);
    }

    private static string? NullIfBlank(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
