namespace LongWriter.Onnx.Tokenization.Training;

/// <summary>Split patterns by name.</summary>
public static class SplitPatternNames
{
    /// <summary>The pattern of the embedded model: words and punctuation with the space before them, numbers in groups of three digits.</summary>
    public const string LongWriter = "longwriter";

    private const string AnyCaseEndings = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Words = @"[^\r\n\p{L}\p{N}]?\p{L}+";
    private const string Tail = @"\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        [LongWriter] = @"'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        ["gpt2"] = @"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        ["llama3"] = $@"{AnyCaseEndings}|{Words}|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{Tail}",
        ["qwen2"] = $@"{AnyCaseEndings}|{Words}|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{Tail}",
    };

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> All => Patterns.Keys;

    /// <summary>The regular expression called <paramref name="name"/>, or null.</summary>
    /// <param name="name">A name of <see cref="All"/>.</param>
    /// <returns>The regular expression, or null.</returns>
    public static string? PatternOf(string name) => Patterns.GetValueOrDefault(name);
}
