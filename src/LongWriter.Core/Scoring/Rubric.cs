namespace LongWriter.Scoring;

/// <summary>One criterion of a rubric. Immutable.</summary>
/// <param name="Name">A few words.</param>
/// <param name="Description">What the best answer has, and what a poor one lacks.</param>
public sealed record RubricCriterion(string Name, string Description);

/// <summary>Criteria for one instruction. Immutable; keep it, so that every response to the instruction is scored by the same criteria.</summary>
/// <param name="Instruction">The instruction they are for.</param>
/// <param name="Criteria">The criteria, in order; one or more.</param>
public sealed record Rubric(string Instruction, IReadOnlyList<RubricCriterion> Criteria);

/// <summary>What came of asking for a rubric. Immutable.</summary>
/// <param name="Rubric">The rubric; null when no reply could be read.</param>
/// <param name="Failure">Why there is none; null when there is one.</param>
/// <param name="Replies">Every raw reply, re-asked ones in order.</param>
/// <param name="Model">Name of the judge model; null when the client does not say.</param>
/// <param name="PromptVersion">Name and version of the prompt, such as "rubric-v1".</param>
/// <param name="Usage">Tokens of all calls.</param>
public sealed record RubricResult(
    Rubric? Rubric, string? Failure, IReadOnlyList<string> Replies, string? Model, string PromptVersion, TokenUsage Usage);

/// <summary>The score of one criterion. Immutable.</summary>
/// <param name="Criterion">Name of the criterion.</param>
/// <param name="Score">1 (worst) to 10 (best).</param>
/// <param name="Reason">Why; null when the judge gave no reason.</param>
public sealed record RubricScore(string Criterion, int Score, string? Reason);

/// <summary>A response scored by a rubric, with all that is needed to repeat it. Immutable.</summary>
/// <param name="Scores">A score for each criterion, in the rubric's order; empty when the judgement failed.</param>
/// <param name="Failure">Why there are no scores; null when there are.</param>
/// <param name="Replies">Every raw reply, re-asked ones in order.</param>
/// <param name="Model">Name of the judge model; null when the client does not say.</param>
/// <param name="PromptVersion">Name and version of the prompt, such as "rubric-score-v1".</param>
/// <param name="Temperature">Temperature that was sent.</param>
/// <param name="Seed">The seed that was sent; null when none.</param>
/// <param name="Usage">Tokens of all calls.</param>
public sealed record RubricJudgement(
    IReadOnlyList<RubricScore> Scores,
    string? Failure,
    IReadOnlyList<string> Replies,
    string? Model,
    string PromptVersion,
    float Temperature,
    long? Seed,
    TokenUsage Usage)
{
    /// <summary>Mean of the scores, 1 to 10; null when the judgement failed.</summary>
    public double? Mean => Scores.Count == 0 ? null : Scores.Average(static score => score.Score);
}
