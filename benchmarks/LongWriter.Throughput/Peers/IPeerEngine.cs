namespace LongWriter.Throughput.Peers;

/// <summary>An engine that can be made to write a given text, so that several do the same work: ours, and those that users would take in its place. One call at a time.</summary>
internal interface IPeerEngine : IDisposable
{
    /// <summary>Of the software.</summary>
    string Name { get; }

    /// <summary>What it calls the weights' precision.</summary>
    string Weights { get; }

    /// <summary>Of our export; null for others.</summary>
    string? Profile { get; }

    /// <summary>Forgets what was computed.</summary>
    Task ForgetAsync();

    /// <summary>Writes what follows the first tokens of a text, using what was computed for the beginning that it shares with the last one.</summary>
    /// <param name="text">The prompt and what is to be generated, one token or more.</param>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    Task<ForcedTimes> ForceAsync(int[] text, int promptTokens);

    /// <summary>The likeliest token before each of a text's tokens from one on, each found behind the text's own.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Range [1, its length - 1].</param>
    Task<int[]> FindLikeliestAsync(int[] text, int from);
}

/// <summary>How long it took to write.</summary>
/// <param name="ToFirst">Seconds until the first token, the prompt's reading included.</param>
/// <param name="FromFirst">Seconds from there to the last.</param>
/// <param name="KeptTokens">Tokens of the prompt that were not read again.</param>
internal readonly record struct ForcedTimes(double ToFirst, double FromFirst, int KeptTokens);
