using System.ClientModel;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using ChatClient = OpenAI.Chat.ChatClient;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace LongWriter.OpenAI;

/// <summary>
/// A chat client for any endpoint that speaks OpenAI's chat completions: OpenAI itself, vLLM, SGLang, llama.cpp's server. It streams always;
/// it does not retry, since whoever calls knows the budget. Safe for concurrent use. Every property of <see cref="ChatOptions"/> is sent or
/// refused by name; docs/guide-openai.md has the table.
/// </summary>
/// <remarks>
/// The last update of a reply, and no other, carries the finish reason and the usage, so a reply that broke off never looks complete. The
/// <see cref="ChatResponseUpdate.RawRepresentation"/> of the others is the JSON text of the event they came from. Reasoning that a server sends
/// beside the text arrives as <see cref="TextReasoningContent"/>. A refusal arrives as text, and the last update then has
/// <c>AdditionalProperties["refusal"] = true</c>.
/// </remarks>
public sealed class OpenAIChatClient : IChatClient
{
    private readonly Connection connection;
    private readonly ChatClient chat;
    private readonly ChatClientMetadata metadata;
    private readonly StructuredOutput structuredOutput;

    /// <summary>A client for one endpoint. Nothing is sent before the first call.</summary>
    /// <param name="options">Where to call, as whom.</param>
    /// <exception cref="ArgumentException">Options are wrong; the message names all that are.</exception>
    public OpenAIChatClient(OpenAIChatClientOptions options)
        : this(options, Environment.GetEnvironmentVariable)
    {
    }

    internal OpenAIChatClient(OpenAIChatClientOptions options, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        connection = new Connection(options, environment);
        chat = connection.Open();
        metadata = new ChatClientMetadata(connection.ProviderName, connection.Endpoint, options.Model);
        structuredOutput = new StructuredOutput(options.SupportsJsonSchema);
    }

    /// <inheritdoc/>
    /// <exception cref="ModelCallException">The call failed; the message names the endpoint and what it answered.</exception>
    /// <exception cref="NotSupportedException">Options or messages hold what cannot be sent; the message names it.</exception>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ModelCallException">The call failed; the message names the endpoint and what it answered.</exception>
    /// <exception cref="NotSupportedException">Options or messages hold what cannot be sent; the message names it.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(messages, options, cancellationToken);
    }

    /// <summary>
    /// Finds this client, its <see cref="ChatClientMetadata"/>, the OpenAI package's <see cref="ChatClient"/> and <see cref="IStructuredOutput"/>.
    /// </summary>
    /// <param name="serviceType">What is looked for.</param>
    /// <param name="serviceKey">Must be null to find anything.</param>
    /// <returns>The service, or null.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(ChatClientMetadata) ? metadata
            : serviceType == typeof(ChatClient) ? chat
            : serviceType == typeof(IStructuredOutput) ? structuredOutput
            : null;
    }

    /// <summary>Does nothing: connections belong to the HTTP client, which is shared or the caller's. The client stays usable.</summary>
    public void Dispose()
    {
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using BinaryContent body = new ChatRequestBuilder(connection).Build(messages, options, this);
        var updates = new ChatUpdateBuilder(dropReasoning: options?.Reasoning?.Output == ReasoningOutput.None);
        var stream = new ChatCompletionStream(chat, new CallFailures(connection));
        await using (stream.ConfigureAwait(false))
        {
            await stream.OpenAsync(body, cancellationToken).ConfigureAwait(false);
            while (await stream.ReadAsync(cancellationToken).ConfigureAwait(false) is { } chunk)
            {
                if (updates.Add(chunk) is { } update)
                {
                    yield return update;
                }
            }
        }

        yield return updates.Close();
    }

    private sealed class StructuredOutput(bool supportsJsonSchema) : IStructuredOutput
    {
        public bool SupportsJsonSchema => supportsJsonSchema;
    }
}
