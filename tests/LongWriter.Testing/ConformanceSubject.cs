using Microsoft.Extensions.AI;

namespace LongWriter.Testing;

/// <summary>What a client promises beyond the contract of <see cref="IChatClient"/>; a check that needs more than there is does not run.</summary>
[Flags]
public enum ConformanceTraits
{
    /// <summary>The contract alone.</summary>
    None = 0,

    /// <summary>Stop sequences are applied by the client or by what it calls.</summary>
    StopSequences = 1,

    /// <summary>MaxOutputTokens bounds the reply.</summary>
    OutputLimit = 2,

    /// <summary>The same seed gives the same reply, another seed another one.</summary>
    Seeds = 4,

    /// <summary>There is a <see cref="ConformanceSubject.SilentPrompt"/>.</summary>
    SilentPrompt = 8,
}

/// <summary>A client under test with what the checks need to know of it. Made anew for each check, disposed after it.</summary>
public sealed class ConformanceSubject : IAsyncDisposable
{
    /// <summary>The client.</summary>
    public required IChatClient Client { get; init; }

    /// <summary>Messages that get <see cref="KnownText"/> as reply.</summary>
    public required IReadOnlyList<ChatMessage> KnownPrompt { get; init; }

    /// <summary>A reply of at least 12 characters with some of more than one UTF-8 byte and a surrogate pair.</summary>
    public required string KnownText { get; init; }

    /// <summary>Messages whose reply depends on the number alone, and on the seed where there are seeds.</summary>
    public required Func<int, IReadOnlyList<ChatMessage>> Prompt { get; init; }

    /// <summary>Messages whose reply does not end by itself.</summary>
    public required IReadOnlyList<ChatMessage> EndlessPrompt { get; init; }

    /// <summary>Messages whose reply never begins; null without <see cref="ConformanceTraits.SilentPrompt"/>.</summary>
    public IReadOnlyList<ChatMessage>? SilentPrompt { get; init; }

    /// <summary>Options that the client refuses, by the name that the message must contain.</summary>
    public IReadOnlyDictionary<string, ChatOptions> RefusedOptions { get; init; } = new Dictionary<string, ChatOptions>();

    /// <summary>Completes when nothing generates any more, or null where that cannot be seen.</summary>
    public Func<CancellationToken, Task>? Idle { get; init; }

    /// <summary>Ends what the test has started for the client.</summary>
    public Func<ValueTask>? Cleanup { get; init; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (Cleanup is not null)
        {
            await Cleanup();
        }
    }
}

/// <summary>A client does not keep to the contract.</summary>
public sealed class ConformanceException(string message) : Exception(message);
