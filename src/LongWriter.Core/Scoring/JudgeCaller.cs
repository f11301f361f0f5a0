using System.Globalization;
using LongWriter.Calling;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LongWriter.Scoring;

/// <summary>What came of asking a judge.</summary>
/// <param name="Value">What it answered; null when nothing could be read.</param>
/// <param name="Failure">Why there is no value; null when there is one.</param>
/// <param name="Replies">Every raw reply, in order.</param>
/// <param name="Usage">Tokens of all calls.</param>
/// <param name="Model">The model that answered last, as its reply names it; null when unknown.</param>
internal sealed record JudgeAnswer<T>(T? Value, string? Failure, IReadOnlyList<string> Replies, TokenUsage Usage, string? Model)
    where T : class;

/// <summary>
/// Asks a judge one question: calls, reads, and tells it what was wrong until the reply can be read or the re-asks are used up. A call that
/// fails, a refusal and an unreadable reply are answers with a failure. Safe for concurrent use.
/// </summary>
internal sealed class JudgeCaller
{
    private static readonly JudgePrompt Reask = JudgePrompt.Load("reask", "PROBLEM");

    private readonly ModelCaller caller;
    private readonly JudgeOptions options;

    public JudgeCaller(IChatClient client, JudgeOptions options, ILogger logger, TimeProvider? time)
    {
        ArgumentNullException.ThrowIfNull(client);
        this.options = options;
        caller = new ModelCaller(client, options.Calls, time ?? TimeProvider.System, logger);
        TakesSchema = client.GetService<IStructuredOutput>() is { SupportsJsonSchema: true };
        DefaultModel = client.GetService<ChatClientMetadata>()?.DefaultModelId;
    }

    /// <summary>The model that the client calls unless told otherwise; null when it does not say.</summary>
    public string? DefaultModel { get; }

    private bool TakesSchema { get; }

    /// <summary>Asks.</summary>
    /// <param name="prompt">The question.</param>
    /// <param name="format">The schema of the answer, sent where the client honours one.</param>
    /// <param name="parse">Reads a reply.</param>
    /// <param name="seed">The seed to send, or null.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<JudgeAnswer<T>> AskAsync<T>(
        string prompt, ChatResponseFormat format, Func<string, JudgeReply<T>> parse, long? seed, CancellationToken cancellationToken)
        where T : class
    {
        var first = new ChatMessage(ChatRole.User, prompt);
        List<ChatMessage> messages = [first];
        List<string> replies = [];
        TokenUsage usage = default;
        for (int attempt = 0; ; attempt++)
        {
            var call = new ModelCall(messages, CallOptions(format, seed), attempt);
            CallResult result = await caller.CompleteAsync(call, cancellationToken).ConfigureAwait(false);
            usage += result.Usage;
            if (result.End is EndCause.Error or EndCause.ContextLimit)
            {
                return new JudgeAnswer<T>(null, result.Failure ?? "The judge's context is full.", replies, usage, result.ModelId);
            }

            replies.Add(result.Text);
            JudgeReply<T> reply = parse(result.Text);
            if (reply.Value is { } value)
            {
                return new JudgeAnswer<T>(value, null, replies, usage, result.ModelId);
            }

            if (result.End is EndCause.Refusal or EndCause.ContentFilter)
            {
                string refusal = result.End == EndCause.Refusal ? "The judge refused to judge." : "A content filter withheld the judgement.";
                return new JudgeAnswer<T>(null, refusal, replies, usage, result.ModelId);
            }

            string problem = Problem(reply.Problems, result.End);
            if (attempt == options.MaxReasks)
            {
                string tries = replies.Count == 1 ? "The reply" : string.Create(CultureInfo.InvariantCulture, $"The last of {replies.Count} replies");
                return new JudgeAnswer<T>(null, $"{tries} cannot be used: {problem}", replies, usage, result.ModelId);
            }

            // Only the last reply is shown again; an empty one cannot be shown, so the question is asked anew.
            messages = string.IsNullOrWhiteSpace(result.Text)
                ? [first]
                : [first, new ChatMessage(ChatRole.Assistant, result.Text), new ChatMessage(ChatRole.User, Reask.Render(("PROBLEM", problem)))];
        }
    }

    private string Problem(IReadOnlyList<string> problems, EndCause end) => string.Join(" ", end == EndCause.Length
        ? problems.Append(string.Create(CultureInfo.InvariantCulture, $"The reply reached its limit of {options.MaxOutputTokens} tokens."))
        : problems);

    private ChatOptions CallOptions(ChatResponseFormat format, long? seed) => new()
    {
        Temperature = options.Temperature,
        MaxOutputTokens = options.MaxOutputTokens,
        Seed = seed,
        ResponseFormat = TakesSchema ? format : null,
    };
}
