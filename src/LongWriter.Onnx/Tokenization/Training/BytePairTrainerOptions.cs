namespace LongWriter.Onnx.Tokenization.Training;

/// <summary>What a byte-level vocabulary is trained to.</summary>
public sealed record BytePairTrainerOptions
{
    /// <summary>Tokens altogether: special tokens, 256 bytes and merged tokens. Range [256 + special tokens, 1000000]; the default is 4096.</summary>
    public int VocabularySize { get; set; } = 4096;

    /// <summary>How often a pair must occur to be merged. Range [1, 2147483647]; the default is 2.</summary>
    public int MinCount { get; set; } = 2;

    /// <summary>
    /// Regular expression that cuts text into the pieces within which merges stay; what it does not match is a piece too. The default is
    /// <see cref="SplitPatternNames.LongWriter"/>; see <see cref="SplitPatternNames.PatternOf"/> for the others by name.
    /// </summary>
    public string Pattern { get; set; } = SplitPatternNames.PatternOf(SplitPatternNames.LongWriter)!;

    /// <summary>Tokens with the first ids, in this order. They are not looked for in the text, and no merge spells one.</summary>
    public IReadOnlyList<string> SpecialTokens { get; set; } = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>"];
}
