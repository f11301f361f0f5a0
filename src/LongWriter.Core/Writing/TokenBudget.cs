namespace LongWriter.Writing;

/// <summary>Counts tokens and says how many a prompt may take. Not safe for concurrent use while <see cref="Learn"/> is called.</summary>
internal sealed class TokenBudget
{
    /// <summary>What a chat template adds around a message, generously.</summary>
    public const int TokensPerMessage = 8;

    private readonly ITokenCounter counter;
    private readonly bool isExact;
    private long seenTokens;
    private long seenWords;

    /// <param name="counter">The client's own counter, or null.</param>
    /// <param name="fallbackWindowTokens">The window where the client has no counter.</param>
    public TokenBudget(ITokenCounter? counter, int fallbackWindowTokens)
    {
        isExact = counter is not null;
        this.counter = counter ?? new EstimatedTokens(fallbackWindowTokens);
    }

    /// <summary>What a call used that the writer stopped: clients report usage at the end of a reply, so it is known only where the client counts.</summary>
    public TokenUsage UsageOfStopped(int promptTokens, string text) => isExact ? new TokenUsage(promptTokens, 0, Count(text), 1) : new TokenUsage(0, 0, 0, 1);

    public int WindowTokens => counter.ContextWindowTokens;

    public int Count(string text) => text.Length == 0 ? 0 : counter.CountTokens(text);

    /// <summary>Tokens that a reply of <paramref name="words"/> takes, from what the text so far took.</summary>
    public int ReplyTokens(int words)
    {
        // 1.6 tokens a word is what a vocabulary of 4,096 needs for English; 500 words outweigh the guess.
        double tokensPerWord = (seenTokens + 800.0) / (seenWords + 500.0);
        return (int)Math.Min(int.MaxValue / 2, (words * tokensPerWord * 1.25) + 32);
    }

    /// <summary>Tokens a prompt may take when its reply shall have <paramref name="replyWords"/>: at least half of the window.</summary>
    public int PromptTokens(int replyWords) => WindowTokens - Math.Min(ReplyTokens(replyWords), WindowTokens / 2);

    /// <summary>Takes an accepted section into account.</summary>
    public void Learn(int tokens, int words)
    {
        seenTokens += tokens;
        seenWords += words;
    }

    /// <summary>An estimate for clients that cannot count: a token for 3.5 characters of alphabetic text, one for each other character.</summary>
    private sealed class EstimatedTokens(int windowTokens) : ITokenCounter
    {
        public int ContextWindowTokens => windowTokens;

        public int CountTokens(string text)
        {
            int dense = 0;
            foreach (char c in text)
            {
                dense += c >= 0x2E80 ? 1 : 0;
            }

            return dense + (int)Math.Ceiling((text.Length - dense) / 3.5);
        }
    }
}
