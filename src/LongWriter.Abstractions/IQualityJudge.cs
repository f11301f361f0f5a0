namespace LongWriter;

/// <summary>Judges the quality of a written text with a language model, leaving its length out of account.</summary>
/// <remarks>Safe for concurrent use when the client is. A judgement that fails is a result with its reason, not an exception.</remarks>
public interface IQualityJudge
{
    /// <summary>Judges <paramref name="response"/> as an answer to <paramref name="instruction"/>.</summary>
    /// <param name="instruction">What the writer was asked for.</param>
    /// <param name="response">What it wrote.</param>
    /// <param name="cancellationToken">Ends the judging; thrown as <see cref="OperationCanceledException"/>.</param>
    /// <returns>The judgement, successful or failed.</returns>
    Task<QualityJudgement> JudgeAsync(string instruction, string response, CancellationToken cancellationToken = default);
}

/// <summary>The six dimensions of S_q. Source: LongWriter (Bai et al., 2025), see docs/fidelity.md.</summary>
public enum QualityDimension
{
    /// <summary>It answers what was asked.</summary>
    Relevance,

    /// <summary>It states no falsehood.</summary>
    Accuracy,

    /// <summary>Its parts hang together.</summary>
    Coherence,

    /// <summary>It is easy to understand.</summary>
    Clarity,

    /// <summary>It covers its matter widely and deeply.</summary>
    BreadthAndDepth,

    /// <summary>It is a pleasure to read.</summary>
    ReadingExperience,
}

/// <summary>Marks of one reply of the judge, integers 1 (worst) to 5 (best). Immutable.</summary>
/// <param name="Relevance">It answers what was asked.</param>
/// <param name="Accuracy">It states no falsehood.</param>
/// <param name="Coherence">Its parts hang together.</param>
/// <param name="Clarity">It is easy to understand.</param>
/// <param name="BreadthAndDepth">It covers its matter widely and deeply.</param>
/// <param name="ReadingExperience">It is a pleasure to read.</param>
public sealed record QualityMarks(int Relevance, int Accuracy, int Coherence, int Clarity, int BreadthAndDepth, int ReadingExperience)
{
    /// <summary>The mark of one dimension.</summary>
    /// <param name="dimension">The dimension.</param>
    /// <returns>1 to 5.</returns>
    public int this[QualityDimension dimension] => dimension switch
    {
        QualityDimension.Relevance => Relevance,
        QualityDimension.Accuracy => Accuracy,
        QualityDimension.Coherence => Coherence,
        QualityDimension.Clarity => Clarity,
        QualityDimension.BreadthAndDepth => BreadthAndDepth,
        QualityDimension.ReadingExperience => ReadingExperience,
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "Not a dimension of quality."),
    };
}

/// <summary>One sample of the judge: its marks, or why there are none. Immutable.</summary>
/// <param name="Marks">The marks; null when no reply could be read.</param>
/// <param name="Failure">Why there are no marks; null when there are.</param>
/// <param name="Analysis">What the judge wrote about the text; null when nothing.</param>
/// <param name="Replies">Every raw reply, re-asked ones in order.</param>
/// <param name="Seed">The seed that was sent; null when none.</param>
public sealed record QualitySample(QualityMarks? Marks, string? Failure, string? Analysis, IReadOnlyList<string> Replies, long? Seed);

/// <summary>A judgement: k samples with all that is needed to repeat it. Immutable.</summary>
public sealed record QualityJudgement
{
    /// <summary>The samples, in order; one or more.</summary>
    public required IReadOnlyList<QualitySample> Samples { get; init; }

    /// <summary>Name of the judge model; null when the client does not say.</summary>
    public string? Model { get; init; }

    /// <summary>Name and version of the prompt, such as "quality-v1", or the hash of a prompt file.</summary>
    public required string PromptVersion { get; init; }

    /// <summary>Temperature that was sent.</summary>
    public required float Temperature { get; init; }

    /// <summary>Tokens of all calls, re-asked ones included.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>Null when at least one sample has marks; otherwise why none has.</summary>
    public string? Failure => Samples.Any(sample => sample.Marks is not null) ? null : Samples[0].Failure ?? "The judge gave no sample.";

    /// <summary>Mean mark of a dimension over the samples that have marks, 1 to 5; null when none has.</summary>
    /// <param name="dimension">The dimension.</param>
    /// <returns>The mean.</returns>
    public double? Mean(QualityDimension dimension)
    {
        int[] marks = [.. Samples.Where(sample => sample.Marks is not null).Select(sample => sample.Marks![dimension])];
        return marks.Length == 0 ? null : marks.Average();
    }
}
