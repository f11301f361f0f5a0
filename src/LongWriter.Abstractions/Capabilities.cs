namespace LongWriter;

/// <summary>A capability of a chat client, found by <c>client.GetService&lt;ITokenCounter&gt;()</c>: counts tokens and knows its context window.</summary>
public interface ITokenCounter
{
    /// <summary>Tokens that prompt and reply may take together.</summary>
    int ContextWindowTokens { get; }

    /// <summary>Tokens of <paramref name="text"/> inside a prompt, template tokens not counted.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The count, 0 or more.</returns>
    int CountTokens(string text);
}

/// <summary>A capability of a chat client, found by <c>client.GetService&lt;IStructuredOutput&gt;()</c>: honours a JSON schema as response format.</summary>
public interface IStructuredOutput
{
    /// <summary>True when a reply to a request with a JSON schema keeps to it.</summary>
    bool SupportsJsonSchema { get; }
}

/// <summary>A capability of a chat client, found by <c>client.GetService&lt;ITokenLogProbabilities&gt;()</c>: says how likely the model finds a text.</summary>
public interface ITokenLogProbabilities
{
    /// <summary>The tokens of <paramref name="text"/> with their probabilities, the text taken by itself: no template, no token before it.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="cancellationToken">Ends the computation.</param>
    /// <returns>One element for each token, in order; none for an empty text.</returns>
    /// <exception cref="ContextBudgetException">The text has more tokens than the context.</exception>
    Task<IReadOnlyList<TokenLogProbability>> GetLogProbabilitiesAsync(string text, CancellationToken cancellationToken = default);
}

/// <summary>How likely a token was.</summary>
/// <param name="Text">Its text; that of a character of several tokens is the last one's.</param>
/// <param name="Id">Its id.</param>
/// <param name="LogProbability">Natural logarithm of its probability given the tokens before it; null for the first, which has none before it.</param>
public readonly record struct TokenLogProbability(string Text, int Id, double? LogProbability);
