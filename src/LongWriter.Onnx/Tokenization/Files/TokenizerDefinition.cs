using LongWriter.Onnx.Tokenization.Joining;
using LongWriter.Onnx.Tokenization.Normalization;

namespace LongWriter.Onnx.Tokenization.Files;

/// <summary>What a tokenizer.json says, checked and ready to build a tokenizer from.</summary>
internal sealed record TokenizerDefinition(
    ModelDefinition Model,
    IReadOnlyList<AddedToken> AddedTokens,
    TextNormalizer Normalizer,
    PreTokenization PreTokenization,
    JoiningPlan Joining,
    IReadOnlyList<int> Prefix,
    IReadOnlyList<int> Suffix)
{
    /// <summary>
    /// The largest id that is believed. Published vocabularies stay below 300,000; without a limit one number in a damaged
    /// file would decide how much memory the tables take.
    /// </summary>
    public const int MaxTokenId = (1 << 22) - 1;
}

/// <summary>
/// The byte-pair model: merges as ids, and symbols as the file writes them: one character per byte where the pre-tokenizer
/// ends in ByteLevel, else one per character of the text.
/// </summary>
internal sealed record ModelDefinition(
    Dictionary<string, int> Vocabulary,
    IReadOnlyList<Merge> Merges,
    int? UnknownId,
    bool FusesUnknown,
    bool FallsBackToBytes,
    bool IgnoresMerges);

/// <summary>Two neighbouring symbols and the one that replaces them; the earlier in the list, the sooner.</summary>
internal readonly record struct Merge(int Left, int Right, int Result);

/// <summary>A token that is found in the text before the model sees it.</summary>
internal sealed record AddedToken(string Content, int Id, bool IsSpecial, bool SingleWord, bool StripsLeft, bool StripsRight, bool IsNormalized)
{
    /// <summary>What is looked for in text, and what the token leaves in one: <see cref="Content"/>, normalized where <see cref="IsNormalized"/>.</summary>
    public string Text { get; init; } = Content;
}
