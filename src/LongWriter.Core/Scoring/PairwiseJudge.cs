using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Scoring;

/// <summary>
/// Compares two responses to one instruction. Judges favour a position, so each pair is shown in both orders, and a verdict that turns with the
/// order is a tie.
/// </summary>
/// <remarks>Safe for concurrent use when the client is. Does not dispose the client.</remarks>
public sealed class PairwiseJudge
{
    private static readonly JudgePrompt Prompt = JudgePrompt.Load("pairwise", "INST", "FIRST", "SECOND");

    private readonly JudgeOptions options;
    private readonly JudgeCaller caller;

    /// <summary>Makes a judge.</summary>
    /// <param name="client">The model that judges.</param>
    /// <param name="options">Options; null selects the defaults. Validated and copied here.</param>
    /// <param name="loggerFactory">Where to log; null logs nothing.</param>
    /// <param name="timeProvider">The clock of retries and time-outs; null selects the system's.</param>
    /// <exception cref="ArgumentException">At least one option is out of range; the message lists all of them.</exception>
    public PairwiseJudge(IChatClient client, JudgeOptions? options = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        this.options = (options ?? new JudgeOptions()) with { };
        this.options.Validate();
        caller = new JudgeCaller(client, this.options, (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<PairwiseJudge>(), timeProvider);
    }

    /// <summary>Compares, in both orders.</summary>
    /// <param name="instruction">What the writers were asked for.</param>
    /// <param name="first">One response.</param>
    /// <param name="second">The other.</param>
    /// <param name="cancellationToken">Ends the judging; thrown as <see cref="OperationCanceledException"/>.</param>
    /// <returns>The result; a failed comparison is a result with its reason.</returns>
    public async Task<PairwiseResult> CompareAsync(string instruction, string first, string second, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        (PairwiseRound forward, JudgeAnswer<PairwiseReply> one) =
            await RoundAsync(instruction, first, second, PairwiseVerdict.First, PairwiseVerdict.Second, options.Seed, cancellationToken).ConfigureAwait(false);
        (PairwiseRound backward, JudgeAnswer<PairwiseReply> two) =
            await RoundAsync(instruction, second, first, PairwiseVerdict.Second, PairwiseVerdict.First, options.Seed + 1, cancellationToken).ConfigureAwait(false);
        return new PairwiseResult
        {
            FirstShownFirst = forward,
            SecondShownFirst = backward,
            Model = caller.DefaultModel ?? one.Model ?? two.Model,
            PromptVersion = Prompt.Version,
            Temperature = options.Temperature,
            Usage = one.Usage + two.Usage,
        };
    }

    private async Task<(PairwiseRound Round, JudgeAnswer<PairwiseReply> Answer)> RoundAsync(
        string instruction, string a, string b, PairwiseVerdict ifA, PairwiseVerdict ifB, long? seed, CancellationToken cancellationToken)
    {
        string question = Prompt.Render(("INST", instruction), ("FIRST", a), ("SECOND", b));
        JudgeAnswer<PairwiseReply> answer = await caller
            .AskAsync(question, JudgeSchemas.Pairwise, PairwiseReplyParser.Parse, seed, cancellationToken).ConfigureAwait(false);
        PairwiseVerdict? verdict = answer.Value is not { } reply ? null
            : reply.Winner == 'A' ? ifA
            : reply.Winner == 'B' ? ifB
            : PairwiseVerdict.Tie;
        return (new PairwiseRound(verdict, answer.Failure, answer.Value?.Analysis, answer.Replies, seed), answer);
    }
}
