using LongWriter.Calling;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Benchmarking;

/// <summary>A bare chat client: the prompt as one user message, the reply as the text.</summary>
/// <remarks>
/// Safe for concurrent use when the client is. Does not dispose the client.
/// Source: evaluation/pred.py, THUDM/LongWriter 3fcfdff. Difference: how a reply ended is recorded; refusals and empty replies are failures.
/// </remarks>
public sealed class ChatSubject : IBenchmarkSubject
{
    private readonly ModelCaller caller;
    private readonly ChatOptions options;

    /// <summary>Makes a subject of a client.</summary>
    /// <param name="client">The client.</param>
    /// <param name="options">Options; null selects the defaults. Copied here.</param>
    /// <param name="loggerFactory">Where to log; null logs nothing.</param>
    /// <param name="timeProvider">The clock of retries and time-outs; null selects the system's.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message names all of them.</exception>
    public ChatSubject(IChatClient client, ChatSubjectOptions? options = null, ILoggerFactory? loggerFactory = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        options ??= new ChatSubjectOptions();
        this.options = options.ChatOptions?.Clone() ?? new ChatOptions();
        caller = new ModelCaller(client, options.Calls, timeProvider ?? TimeProvider.System, (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<ChatSubject>());
        string? model = options.Model ?? this.options.ModelId ?? client.GetService<ChatClientMetadata>()?.DefaultModelId;
        Manifest = new SubjectManifest(options.Name, "chat", model, SubjectOptionsText.Of(this.options));
    }

    /// <inheritdoc/>
    public SubjectManifest Manifest { get; }

    /// <inheritdoc/>
    public async Task<SubjectReply> WriteAsync(BenchmarkItem item, long seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        ChatOptions seeded = options.Clone();
        seeded.Seed = seed;
        var call = new ModelCall([new ChatMessage(ChatRole.User, item.Prompt)], seeded, RetrySeed: (int)seed);
        CallResult result = await caller.CompleteAsync(call, cancellationToken).ConfigureAwait(false);
        return new SubjectReply
        {
            Text = result.Text.Trim(),
            End = result.End,
            Failure = result.Failure ?? FailureOf(result.End),
            Usage = result.Usage,
        };
    }

    /// <summary>A text that was cut is a text, and its length tells; one that was not written is a failure.</summary>
    private static string? FailureOf(EndCause end) => end switch
    {
        EndCause.Refusal => "The model declined to write.",
        EndCause.ContentFilter => "A content filter cut or withheld the text.",
        EndCause.Empty => "The reply is empty.",
        _ => null,
    };
}

/// <summary>Options of <see cref="ChatSubject"/>. Immutable.</summary>
public sealed record ChatSubjectOptions
{
    /// <summary>Name in results and reports; unique in the run. The default is "chat".</summary>
    public string Name { get; init; } = "chat";

    /// <summary>Name of the model in the manifest. Null: what the client says.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// Options of every call; the seed is set by the run. Null: the client's defaults. Leave MaxOutputTokens out to let the model write as
    /// much as it can, as the benchmarks ask for.
    /// </summary>
    public ChatOptions? ChatOptions { get; init; }

    /// <summary>Retries and time-outs. The default lets a reply take two hours, since a long text comes as one.</summary>
    public ModelCallOptions Calls { get; init; } = new() { CallTimeout = TimeSpan.FromHours(2) };
}
