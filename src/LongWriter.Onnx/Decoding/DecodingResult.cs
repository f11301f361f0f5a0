namespace LongWriter.Onnx.Decoding;

/// <summary>How a request ended and what it cost.</summary>
/// <param name="End">Why it ended.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedPromptTokens">Tokens of the prompt whose keys and values were still there, so that they were not computed again.</param>
/// <param name="GeneratedTokens">Tokens generated, the stop token included.</param>
internal sealed record DecodingResult(DecodingEnd End, int PromptTokens, int CachedPromptTokens, int GeneratedTokens)
{
    /// <summary>Tokens that were guessed and computed on trial.</summary>
    public int DraftedTokens { get; init; }

    /// <summary>Of those, the ones that turned out to be what the model drew: a step less for each.</summary>
    public int AcceptedTokens { get; init; }

    /// <summary>Tokens that the sliding window left behind: at the end the model no longer saw them.</summary>
    public int DroppedTokens { get; init; }
}
