using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LongWriter.Testing;

/// <summary>One call that a <see cref="ScriptedChatClient"/> received.</summary>
/// <param name="Number">Place among all calls, from 0.</param>
/// <param name="Messages">A copy of the messages.</param>
/// <param name="Options">A copy of the options, or null.</param>
public sealed record ScriptedCall(int Number, IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)
{
    /// <summary>Text of the last message.</summary>
    public string LastText => Messages[^1].Text;

    /// <summary>Text of all messages, one after the other.</summary>
    public string AllText => string.Join("\n", Messages.Select(message => message.Text));
}

/// <summary>A chat client whose replies a test writes: one function from call to updates. Safe for concurrent use.</summary>
public sealed class ScriptedChatClient : IChatClient
{
    private readonly Func<ScriptedCall, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> script;
    private readonly ConcurrentQueue<ScriptedCall> calls = new();
    private readonly Dictionary<Type, object> services = [];
    private int count;

    /// <summary>Replies with whatever <paramref name="script"/> yields, exceptions included.</summary>
    public ScriptedChatClient(Func<ScriptedCall, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> script) => this.script = script;

    /// <summary>Replies with a text that ends normally, in chunks of a few characters.</summary>
    public ScriptedChatClient(Func<ScriptedCall, string> reply)
        : this((call, _) => Stream(reply(call)))
    {
    }

    /// <summary>The calls so far, in the order of their arrival.</summary>
    public IReadOnlyList<ScriptedCall> Calls => [.. calls];

    /// <summary>Makes <see cref="GetService"/> find <paramref name="service"/>.</summary>
    public ScriptedChatClient With<T>(T service)
        where T : class
    {
        services[typeof(T)] = service;
        return this;
    }

    /// <summary>A reply in chunks, with usage counted in words and a finish reason.</summary>
    public static async IAsyncEnumerable<ChatResponseUpdate> Stream(string text, ChatFinishReason? finish = null, int chunkChars = 7, long inputTokens = 10)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        for (int start = 0; start < text.Length; start += chunkChars)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, text.Substring(start, Math.Min(chunkChars, text.Length - start)));
        }

        var usage = new UsageDetails
        {
            InputTokenCount = inputTokens,
            OutputTokenCount = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length,
        };
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage)]) { FinishReason = finish ?? ChatFinishReason.Stop };
    }

    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var call = new ScriptedCall(Interlocked.Increment(ref count) - 1, [.. messages], options?.Clone());
        calls.Enqueue(call);
        await foreach (ChatResponseUpdate update in script(call, cancellationToken).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return update;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : services.TryGetValue(serviceType, out object? service) ? service
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("scripted", null, "scripted")
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
