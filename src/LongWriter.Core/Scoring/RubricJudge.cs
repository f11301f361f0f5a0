using System.Globalization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Scoring;

/// <summary>
/// Scores a response by criteria made for its instruction, from 1 to 10 each. The rubric is made once for an instruction and kept by the caller.
/// </summary>
/// <remarks>
/// Source of the method: WritingBench (arXiv 2503.05244), five criteria for each query, scores from 1 to 10. Differences: our own prompts, and
/// one call for all criteria.
/// Safe for concurrent use when the client is. Does not dispose the client.
/// </remarks>
public sealed class RubricJudge
{
    private static readonly JudgePrompt RubricPrompt = JudgePrompt.Load("rubric", "INST", "COUNT");
    private static readonly JudgePrompt ScorePrompt = JudgePrompt.Load("rubric-score", "INST", "RESPONSE", "CRITERIA");

    private readonly RubricJudgeOptions options;
    private readonly JudgeCaller caller;

    /// <summary>Makes a judge.</summary>
    /// <param name="client">The model that makes the criteria and judges.</param>
    /// <param name="options">Options; null selects the defaults. Validated and copied here.</param>
    /// <param name="loggerFactory">Where to log; null logs nothing.</param>
    /// <param name="timeProvider">The clock of retries and time-outs; null selects the system's.</param>
    /// <exception cref="ArgumentException">At least one option is out of range; the message lists all of them.</exception>
    public RubricJudge(
        IChatClient client, RubricJudgeOptions? options = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        this.options = (options ?? new RubricJudgeOptions()) with { };
        this.options.Validate();
        caller = new JudgeCaller(client, this.options, (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<RubricJudge>(), timeProvider);
    }

    /// <summary>Makes the criteria for an instruction.</summary>
    /// <param name="instruction">What writers are asked for.</param>
    /// <param name="cancellationToken">Ends the call; thrown as <see cref="OperationCanceledException"/>.</param>
    /// <returns>The rubric, or why there is none.</returns>
    public async Task<RubricResult> GenerateRubricAsync(string instruction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        string question = RubricPrompt.Render(("INST", instruction), ("COUNT", options.Criteria.ToString(CultureInfo.InvariantCulture)));
        JudgeAnswer<RubricReply> answer = await caller.AskAsync(
            question, JudgeSchemas.Rubric, reply => RubricReplyParser.Parse(reply, options.Criteria), options.Seed, cancellationToken).ConfigureAwait(false);
        Rubric? rubric = answer.Value is { } made ? new Rubric(instruction, made.Criteria) : null;
        return new RubricResult(rubric, answer.Failure, answer.Replies, caller.DefaultModel ?? answer.Model, RubricPrompt.Version, answer.Usage);
    }

    /// <summary>Scores a response.</summary>
    /// <param name="rubric">The criteria, from <see cref="GenerateRubricAsync"/> or of the caller's own.</param>
    /// <param name="response">What the writer wrote.</param>
    /// <param name="cancellationToken">Ends the call; thrown as <see cref="OperationCanceledException"/>.</param>
    /// <returns>The scores, or why there are none.</returns>
    /// <exception cref="ArgumentException">The rubric has no criterion.</exception>
    public async Task<RubricJudgement> ScoreAsync(Rubric rubric, string response, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rubric);
        ArgumentNullException.ThrowIfNull(response);
        if (rubric.Criteria.Count == 0)
        {
            throw new ArgumentException("The rubric must hold a criterion but is empty.", nameof(rubric));
        }

        string criteria = string.Join("\n", rubric.Criteria.Select(static (criterion, index) =>
            string.Create(CultureInfo.InvariantCulture, $"{index + 1}. {criterion.Name}: {criterion.Description}")));
        string question = ScorePrompt.Render(("INST", rubric.Instruction), ("RESPONSE", response), ("CRITERIA", criteria));
        JudgeAnswer<RubricScoreReply> answer = await caller.AskAsync(
            question, JudgeSchemas.RubricScores, reply => RubricScoreParser.Parse(reply, rubric), options.Seed, cancellationToken).ConfigureAwait(false);
        return new RubricJudgement(
            answer.Value?.Scores ?? [],
            answer.Failure,
            answer.Replies,
            caller.DefaultModel ?? answer.Model,
            ScorePrompt.Version,
            options.Temperature,
            options.Seed,
            answer.Usage);
    }
}
