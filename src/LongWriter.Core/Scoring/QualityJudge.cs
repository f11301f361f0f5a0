using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Scoring;

/// <summary>
/// The judge of S_q: asks a model for marks from 1 to 5 in six dimensions, k times, and re-asks when a reply cannot be read. Our own prompt, or
/// a prompt file.
/// </summary>
/// <remarks>
/// Source of dimensions, scale and settings: evaluation/eval_quality.py, THUDM/LongWriter 3fcfdff. Difference: a reply that cannot be read is
/// asked for again with the reason and then reported as failed, not dropped; k samples; seed.
/// Safe for concurrent use when the client is. Does not dispose the client.
/// </remarks>
public sealed class QualityJudge : IQualityJudge
{
    private readonly QualityJudgeOptions options;
    private readonly JudgeCaller caller;
    private readonly JudgePrompt prompt;

    /// <summary>Makes a judge.</summary>
    /// <param name="client">The model that judges. It should be stronger than the writer, and not the writer itself: models favour their own texts.</param>
    /// <param name="options">Options; null selects the defaults. Validated and copied here.</param>
    /// <param name="loggerFactory">Where to log; null logs nothing.</param>
    /// <param name="timeProvider">The clock of retries and time-outs; null selects the system's.</param>
    /// <exception cref="ArgumentException">At least one option is out of range; the message lists all of them.</exception>
    public QualityJudge(
        IChatClient client, QualityJudgeOptions? options = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        this.options = (options ?? new QualityJudgeOptions()) with { };
        this.options.Validate();
        prompt = this.options.PromptFile is { } file
            ? JudgePrompt.FromText(file, JudgePrompt.QualityPlaces)
            : JudgePrompt.Load("quality", JudgePrompt.QualityPlaces);
        caller = new JudgeCaller(client, this.options, (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<QualityJudge>(), timeProvider);
    }

    /// <summary>What the judgements carry as <see cref="QualityJudgement.PromptVersion"/>.</summary>
    public string PromptVersion => prompt.Version;

    /// <inheritdoc/>
    public async Task<QualityJudgement> JudgeAsync(string instruction, string response, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        ArgumentNullException.ThrowIfNull(response);
        string question = prompt.Render(("INST", instruction), ("RESPONSE", response));
        List<QualitySample> samples = [];
        TokenUsage usage = default;
        string? model = caller.DefaultModel;
        for (int index = 0; index < options.Samples; index++)
        {
            long? seed = options.Seed + index;
            JudgeAnswer<MarkedReply> answer = await caller
                .AskAsync(question, JudgeSchemas.Quality, JudgeReplyParser.Parse, seed, cancellationToken).ConfigureAwait(false);
            samples.Add(new QualitySample(answer.Value?.Marks, answer.Failure, answer.Value?.Analysis, answer.Replies, seed));
            usage += answer.Usage;
            model ??= answer.Model;
        }

        return new QualityJudgement
        {
            Samples = samples,
            Model = model,
            PromptVersion = prompt.Version,
            Temperature = options.Temperature,
            Usage = usage,
        };
    }
}
