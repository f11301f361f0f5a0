namespace LongWriter.Scoring;

/// <summary>Which of two responses is better.</summary>
public enum PairwiseVerdict
{
    /// <summary>Neither.</summary>
    Tie,

    /// <summary>The first one given.</summary>
    First,

    /// <summary>The second one given.</summary>
    Second,
}

/// <summary>One comparison in one order. Immutable.</summary>
/// <param name="Verdict">The better response as the caller numbers them, whichever was shown first; null when no reply could be read.</param>
/// <param name="Failure">Why there is no verdict; null when there is one.</param>
/// <param name="Analysis">What the judge wrote about them; null when nothing. It calls the response shown first A.</param>
/// <param name="Replies">Every raw reply, re-asked ones in order.</param>
/// <param name="Seed">The seed that was sent; null when none.</param>
public sealed record PairwiseRound(PairwiseVerdict? Verdict, string? Failure, string? Analysis, IReadOnlyList<string> Replies, long? Seed);

/// <summary>A comparison in both orders with all that is needed to repeat it. Immutable.</summary>
public sealed record PairwiseResult
{
    /// <summary>The comparison with the first response shown first.</summary>
    public required PairwiseRound FirstShownFirst { get; init; }

    /// <summary>The comparison with the second response shown first.</summary>
    public required PairwiseRound SecondShownFirst { get; init; }

    /// <summary>Name of the judge model; null when the client does not say.</summary>
    public string? Model { get; init; }

    /// <summary>Name and version of the prompt, such as "pairwise-v1".</summary>
    public required string PromptVersion { get; init; }

    /// <summary>Temperature that was sent.</summary>
    public required float Temperature { get; init; }

    /// <summary>Tokens of all calls.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>Null when both orders have a verdict; otherwise why one has none.</summary>
    public string? Failure => FirstShownFirst.Failure ?? SecondShownFirst.Failure;

    /// <summary>True when both orders have a verdict and the verdicts differ: the judge went by position, at least in part.</summary>
    public bool Disagree => Failure is null && FirstShownFirst.Verdict != SecondShownFirst.Verdict;

    /// <summary>The verdict that both orders share, a tie when they differ; null when one of them has none.</summary>
    public PairwiseVerdict? Verdict => Failure is not null ? null : Disagree ? PairwiseVerdict.Tie : FirstShownFirst.Verdict;
}
