namespace LongWriter.Benchmarking;

/// <summary>What a suite is run against: something that writes a text for a prompt.</summary>
/// <remarks>Safe for concurrent use where the run's concurrency is above 1.</remarks>
public interface IBenchmarkSubject
{
    /// <summary>Name, kind, model and options, as the run's manifest records them. The same whenever it is asked.</summary>
    SubjectManifest Manifest { get; }

    /// <summary>Writes a text. What goes wrong may be told in the reply or thrown; both become the item's result.</summary>
    /// <param name="item">The prompt.</param>
    /// <param name="seed">Seed for everything that is drawn, 0 to 1073741823.</param>
    /// <param name="cancellationToken">Ends the writing; thrown as <see cref="OperationCanceledException"/>.</param>
    /// <returns>The text and how it ended.</returns>
    Task<SubjectReply> WriteAsync(BenchmarkItem item, long seed, CancellationToken cancellationToken);
}

/// <summary>What a subject made of a prompt. Immutable.</summary>
public sealed record SubjectReply
{
    /// <summary>The text; empty when nothing came.</summary>
    public required string Text { get; init; }

    /// <summary>Why it ended.</summary>
    public required EndCause End { get; init; }

    /// <summary>Why this is no usable text; null for a text that stands, a cut one included.</summary>
    public string? Failure { get; init; }

    /// <summary>Tokens and calls.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>Of the tokens that were generated, those that are not in the text; 0 where a subject discards nothing.</summary>
    public long DiscardedTokens { get; init; }

    /// <summary>Lengths of the sections as asked and as written, in order; empty where there are none.</summary>
    public IReadOnlyList<SectionLength> Sections { get; init; } = [];
}
