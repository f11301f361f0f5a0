using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LongWriter.Writing;

/// <summary>
/// The whole pipeline as a chat client: the last user message is the instruction, the reply is the document.
/// </summary>
/// <remarks>
/// <para>History: system messages and <see cref="ChatOptions.Instructions"/> become the style; turns before the last user
/// message become source notes. Only accepted text is emitted, a section at a time, with the blank line between sections.</para>
/// <para>Options: temperature, top-p, top-k, penalties, model, reasoning and additional properties go to every call. The seed
/// becomes <see cref="WritingRequest.Seed"/>. MaxOutputTokens bounds the whole run: once the tokens generated reach it, no
/// further section is begun and the finish reason is length. Tools, a tool mode other than none or auto, stop sequences, a
/// response format other than text, conversation ids and continuation tokens are refused by name.</para>
/// <para>Usage sums every call of the run, planning included. The finish reason is stop when every section was accepted, and
/// otherwise length, content_filter, or the name of the <see cref="EndCause"/>; that name is also in the last update's
/// additional properties as "longwriter.end". A run that an error ended throws <see cref="ModelCallException"/> after the
/// sections accepted before it.</para>
/// <para>Safe for concurrent use when the inner client is. Disposes the inner client, as delegating clients do.</para>
/// </remarks>
public sealed class LongWriterChatClient : DelegatingChatClient
{
    private readonly AgentWriterOptions options;
    private readonly ILoggerFactory? loggerFactory;
    private readonly TimeProvider? timeProvider;

    /// <summary>Makes the client.</summary>
    /// <param name="innerClient">The model to write with.</param>
    /// <param name="options">Options of the writer; null selects the defaults.</param>
    /// <param name="loggerFactory">Where to log; null logs nothing.</param>
    /// <param name="timeProvider">The clock; null selects the system's.</param>
    /// <exception cref="ArgumentException">At least one option is out of range.</exception>
    public LongWriterChatClient(
        IChatClient innerClient, AgentWriterOptions? options = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
        : base(innerClient)
    {
        this.options = (options ?? new AgentWriterOptions()) with { };
        this.options.Validate();
        (this.loggerFactory, this.timeProvider) = (loggerFactory, timeProvider);
    }

    /// <inheritdoc/>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        WritingRequest request = ChatToRequest.Map([.. messages], options);
        AgentWriterOptions writing = this.options with { ChatOptions = ChatToRequest.Merge(this.options.ChatOptions, options) };
        var writer = new AgentWriter(InnerClient, writing, loggerFactory, timeProvider);
        string responseId = Guid.NewGuid().ToString("N");
        bool first = true;
        TokenUsage usage = default;
        EndCause end = EndCause.Cancelled;
        string? failure = null;

        await foreach (WritingUpdate update in writer.WriteStreamingAsync(request, null, cancellationToken).ConfigureAwait(false))
        {
            if (update is PlanReady plan)
            {
                usage += plan.Planning.Usage;
            }
            else if (update is SectionAccepted accepted)
            {
                usage += accepted.Section.Usage;
                yield return Text((first ? "" : DocumentText.Separator) + accepted.Section.Text);
                first = false;
            }
            else if (update is SectionStarted && !first && usage.OutputTokens >= options?.MaxOutputTokens)
            {
                end = EndCause.Length;
                break;
            }
            else if (update is DocumentEnded ended)
            {
                (end, usage, failure) = (ended.End, ended.Usage, ended.Failure);
            }
        }

        if (end == EndCause.Error)
        {
            throw new ModelCallException(failure ?? "The document ended with an error.", isTransient: true);
        }

        ChatResponseUpdate last = Text("");
        last.Contents = [new UsageContent(usage.ToUsageDetails())];
        last.FinishReason = Finish(end);
        last.AdditionalProperties = new AdditionalPropertiesDictionary { ["longwriter.end"] = end.ToString() };
        yield return last;

        ChatResponseUpdate Text(string text) => new(ChatRole.Assistant, text)
        {
            ResponseId = responseId,
            MessageId = responseId,
            ModelId = options?.ModelId ?? this.GetService<ChatClientMetadata>()?.DefaultModelId,
        };
    }

    private static ChatFinishReason Finish(EndCause end) => end switch
    {
        EndCause.Stop => ChatFinishReason.Stop,
        EndCause.Length or EndCause.ContextLimit => ChatFinishReason.Length,
        EndCause.ContentFilter => ChatFinishReason.ContentFilter,
        _ => new ChatFinishReason(end.ToString().ToLowerInvariant()),
    };
}
