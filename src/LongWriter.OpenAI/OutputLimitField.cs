namespace LongWriter.OpenAI;

/// <summary>
/// The two names that the limit of a reply has in a request. Which one a server heeds differs, and the wrong one may be ignored in silence:
/// OpenAI's reasoning models refuse max_tokens, while llama.cpp's server before February 2026 (its pull request 19831) and several others
/// read nothing but max_tokens.
/// </summary>
public enum OutputLimitField
{
    /// <summary>max_completion_tokens: OpenAI, Azure, and servers that follow them.</summary>
    MaxCompletionTokens,

    /// <summary>max_tokens: the older name, which self-hosted servers understand.</summary>
    MaxTokens,
}
