using Microsoft.Extensions.AI;

namespace LongWriter;

/// <summary>Tokens used, and the calls that used them. Sums; a client that reports nothing leaves 0, and so does a call
/// that the writer stopped (a loop, a section beyond its budget), since clients report usage at the end of a reply.</summary>
/// <param name="InputTokens">Tokens read, cached ones included.</param>
/// <param name="CachedInputTokens">Of those, tokens that the provider or engine did not compute again.</param>
/// <param name="OutputTokens">Tokens generated, reasoning included.</param>
/// <param name="Calls">Completed calls to the model, failed tries not counted.</param>
public readonly record struct TokenUsage(long InputTokens, long CachedInputTokens, long OutputTokens, int Calls)
{
    /// <summary>Adds two usages.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => left.Add(right);

    /// <summary>Adds <paramref name="other"/>.</summary>
    /// <param name="other">What to add.</param>
    /// <returns>The sum.</returns>
    public TokenUsage Add(TokenUsage other) => new(
        InputTokens + other.InputTokens,
        CachedInputTokens + other.CachedInputTokens,
        OutputTokens + other.OutputTokens,
        Calls + other.Calls);

    /// <summary>The usage as Microsoft.Extensions.AI expresses it.</summary>
    /// <returns>A new instance.</returns>
    public UsageDetails ToUsageDetails() => new()
    {
        InputTokenCount = InputTokens,
        CachedInputTokenCount = CachedInputTokens,
        OutputTokenCount = OutputTokens,
        TotalTokenCount = InputTokens + OutputTokens,
    };
}
