namespace LongWriter.Scoring;

/// <summary>Names as they compare: letters alone, in lower case, so that "Breadth and Depth", breadth_and_depth and **BreadthAndDepth** are one.</summary>
internal static class LooseName
{
    /// <summary>The letters of a name in lower case; Chinese characters are letters.</summary>
    public static string Fold(string name) => string.Concat(name.Where(char.IsLetter).Select(char.ToLowerInvariant));
}
