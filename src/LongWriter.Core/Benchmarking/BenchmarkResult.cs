namespace LongWriter.Benchmarking;

/// <summary>What a subject made of a prompt: one line of results.jsonl. Immutable.</summary>
public sealed record BenchmarkResult
{
    /// <summary>Id of the item.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the subject, such as "agent".</summary>
    public required string Subject { get; init; }

    /// <summary>Which repetition, from 0.</summary>
    public required int Repeat { get; init; }

    /// <summary>The seed that was used.</summary>
    public required long Seed { get; init; }

    /// <summary>What was asked.</summary>
    public required string Prompt { get; init; }

    /// <summary>"en" or "zh".</summary>
    public required string Language { get; init; }

    /// <summary>Label of the item.</summary>
    public required string Type { get; init; }

    /// <summary>Required length, words or 字.</summary>
    public required int Required { get; init; }

    /// <summary>Produced length by the compatible counter, 0 or more; what a failed item left counts, too.</summary>
    public required int Produced { get; init; }

    /// <summary>The text; empty when nothing came.</summary>
    public required string Text { get; init; }

    /// <summary>Why the text ended.</summary>
    public required EndCause End { get; init; }

    /// <summary>What went wrong; null when nothing.</summary>
    public string? Failure { get; init; }

    /// <summary>Wall time, seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Tokens and calls.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>Of the tokens that were generated for sections, those that are not in the text. Estimated where the client cannot count.</summary>
    public long DiscardedTokens { get; init; }

    /// <summary>Lengths of the sections as asked and as written, in order; empty for a bare chat client.</summary>
    public IReadOnlyList<SectionLength> Sections { get; init; } = [];

    /// <summary>The judgement; null when no judge was asked, so that no score is invented.</summary>
    public QualityJudgement? Judgement { get; init; }

    /// <summary>Cumulative mean negative log-likelihood under a local model; null when none was asked.</summary>
    public IReadOnlyList<NllPoint>? Nll { get; init; }

    /// <summary>Why there is no curve although one was asked for; null when there is one, or none was asked.</summary>
    public string? NllFailure { get; init; }
}

/// <summary>A section as planned and as written.</summary>
/// <param name="Asked">Words of its budget.</param>
/// <param name="Written">Words that it has.</param>
public readonly record struct SectionLength(int Asked, int Written);
