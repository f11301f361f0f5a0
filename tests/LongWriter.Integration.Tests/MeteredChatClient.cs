using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LongWriter.Integration.Tests;

/// <summary>A call that ended: its seed, which differs by section and try, and its tokens.</summary>
public sealed record MeteredCall(long? Seed, long InputTokens, long CachedInputTokens, long OutputTokens);

/// <summary>Notes what each call of the inner client cost, and can break one off.</summary>
public sealed class MeteredChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    /// <summary>Seeds of the calls that began, in order.</summary>
    public List<long?> Begun { get; } = [];

    /// <summary>The calls that ended, in order.</summary>
    public List<MeteredCall> Ended { get; } = [];

    /// <summary>Run before each update, with the number of its call, from 1, and its own, from 1.</summary>
    public Action<int, int> BeforeUpdate { get; set; } = static (_, _) => { };

    /// <summary>Prompt tokens that were computed: those that no slot held.</summary>
    public long PrefilledTokens => Ended.Sum(call => call.InputTokens - call.CachedInputTokens);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Begun.Add(options?.Seed);
        int number = Begun.Count;
        int update = 0;
        await foreach (ChatResponseUpdate item in base.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            BeforeUpdate(number, ++update);
            cancellationToken.ThrowIfCancellationRequested();
            if (item.Contents.OfType<UsageContent>().SingleOrDefault() is { Details: var usage })
            {
                Ended.Add(new MeteredCall(options?.Seed, usage.InputTokenCount!.Value, usage.CachedInputTokenCount!.Value, usage.OutputTokenCount!.Value));
            }

            yield return item;
        }
    }
}
