using System.Runtime.CompilerServices;
using System.Threading.Channels;
using LongWriter.Onnx.Chat;
using LongWriter.Onnx.Chat.Length;
using LongWriter.Onnx.Chat.Templates;
using LongWriter.Onnx.Chat.Trunks;
using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tokenization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LongWriter.Onnx;

/// <summary>
/// A chat client that runs a model in this process. Safe for concurrent use; calls at the same time are generated together. What was computed for a conversation is found again by later calls
/// that continue it, without an id. Every property of <see cref="ChatOptions"/> is honoured or refused by name; docs/guide-onnx.md has the table.
/// </summary>
/// <remarks>
/// <para>The last update of a reply, and no other, carries the finish reason, the usage and <c>AdditionalProperties</c>: "longwriter.end"
/// (stop_token, stop_sequence, length_window, max_output_tokens, length_window_overrun, context_limit), "longwriter.seed" (what the reply was drawn with), and, when the context left
/// less than was asked for, "longwriter.max_output_tokens_clamped_to", and, when the window slid, "longwriter.dropped_tokens". The usage counts "longwriter.drafted_tokens" and, of these, "longwriter.accepted_tokens". Finish reasons are stop, length and context_limit.</para>
/// <para>The same model, messages, options and seed give the same reply in the same history of calls. In another process the beginning of a
/// conversation may be encoded to other tokens than those it was generated with.</para>
/// </remarks>
public sealed class OnnxChatClient : IChatClient
{
    private readonly IDecodingEngine engine;
    private readonly string modelName;
    private readonly TimeProvider timeProvider;
    private readonly SeedSequence seeds;
    private readonly ChatOptionsMapper mapper;
    private readonly ReplyGenerator generator;
    private readonly TextCapabilities capabilities;
    private readonly LengthWindowCapability lengthWindow = new();
    private readonly DocumentTrunk trunk;
    private readonly ChatClientMetadata metadata;
    private readonly CancellationTokenSource closing = new();
    private int isDisposed;

    internal OnnxChatClient(IDecodingEngine engine, ChatModel model, OnnxChatClientOptions options)
    {
        (this.engine, modelName, timeProvider, seeds) = (engine, model.Name, options.TimeProvider, new SeedSequence(options.Seed));
        if (model.Tokenizer.VocabularySize > engine.VocabSize)
        {
            throw new ModelFormatException(
                $"tokenizer.json: expected ids below the model's vocabulary of {engine.VocabSize}, found {model.Tokenizer.VocabularySize - 1}.");
        }

        IReadOnlyList<int> ends = model.EndTokenIds(engine.EndTokenIds, engine.VocabSize);
        var segments = new SegmentCache();
        mapper = new ChatOptionsMapper(modelName, engine.VocabSize, options.Defaults.Over(model.Generation.Defaults));

        // Defaults out of range are told here, not at the first call.
        _ = mapper.Map(options: null, this, defaultSeed: 0);
        var renderer = new PromptRenderer(model.Tokenizer, model.Template, ends, segments, timeProvider);
        generator = new ReplyGenerator(engine, model.Tokenizer, renderer, segments, ends);
        capabilities = new TextCapabilities(model.Tokenizer, engine);
        trunk = new DocumentTrunk(engine, model.Tokenizer, renderer, segments, options => mapper.Map(options, this, defaultSeed: 0));
        metadata = new ChatClientMetadata("longwriter.onnx", providerUri: null, modelName);
    }

    /// <summary>
    /// Loads a model; a Hugging Face folder is exported first when it was not before, which may take minutes. Disposing the client frees it.
    /// </summary>
    /// <param name="options">Which model, on what.</param>
    /// <param name="logger">Told what was loaded, or null.</param>
    /// <param name="cancellationToken">Ends an export.</param>
    /// <returns>The client.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="ModelFormatException">A file of the model is missing, damaged or not supported.</exception>
    /// <exception cref="TokenizerFormatException">tokenizer.json is damaged or not supported.</exception>
    /// <exception cref="ChatTemplateException">The chat template is damaged or not supported.</exception>
    /// <exception cref="OnnxRuntimeException">The native library is missing or cannot run the model.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static OnnxChatClient Load(OnnxChatClientOptions options, ILogger<OnnxChatClient>? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.ModelFolder);
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.ModelFolder));
        var cache = new ModelCache(options.CacheFolder);
        string exported = Prepare(folder, options.ModelFile);
        string? draft = options.Speculation?.DraftModelFolder is { } draftFolder ? Prepare(Path.TrimEndingDirectorySeparator(Path.GetFullPath(draftFolder)), modelFile: null) : null;

        // Text files come from the folder that was named: whoever edits a template there sees the change without a new export.
        var model = ChatModel.Load(folder, options.ModelName ?? Path.GetFileName(folder));
        if (File.Exists(Path.Combine(exported, ModelManifest.FileName)))
        {
            ExportedGraphCheck.Check(exported);
        }

        var engine = DecodingEngine.Load(options.ToEngineOptions(exported, draft), logger ?? NullLogger<OnnxChatClient>.Instance);
        try
        {
            return new OnnxChatClient(engine, model, options);
        }
        catch
        {
            engine.Dispose();
            throw;
        }

        string Prepare(string source, string? modelFile) =>
            cache.Prepare(source, options.Export ?? ExportOptions.Reproducible, options.ExportProgress, cancellationToken, modelFile);
    }

    /// <inheritdoc/>
    /// <exception cref="ContextBudgetException">The prompt does not fit the context.</exception>
    /// <exception cref="NotSupportedException">Options or messages hold what cannot be honoured; the message names it.</exception>
    /// <exception cref="ArgumentException">A value is out of range, or there is no message; the message names it.</exception>
    /// <exception cref="ChatTemplateException">The model's template refuses the conversation.</exception>
    /// <exception cref="InvalidOperationException">The model's logits are not finite: its weights are damaged.</exception>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ContextBudgetException">The prompt does not fit the context.</exception>
    /// <exception cref="NotSupportedException">Options or messages hold what cannot be honoured; the message names it.</exception>
    /// <exception cref="ArgumentException">A value is out of range, or there is no message; the message names it.</exception>
    /// <exception cref="ChatTemplateException">The model's template refuses the conversation.</exception>
    /// <exception cref="InvalidOperationException">The model's logits are not finite: its weights are damaged.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(messages, options, cancellationToken);
    }

    /// <summary>
    /// Finds this client, its <see cref="ChatClientMetadata"/>, <see cref="ITokenCounter"/>, <see cref="ITokenLogProbabilities"/>, <see cref="ILengthWindow"/> and,
    /// where the graph's keys and values can be taken out, <see cref="IDocumentTrunk"/>.
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
            : serviceType == typeof(ITokenCounter) || serviceType == typeof(ITokenLogProbabilities) ? capabilities
            : serviceType == typeof(ILengthWindow) ? lengthWindow
            : serviceType == typeof(IDocumentTrunk) && engine.KvTokenBytes > 0 ? trunk
            : null;
    }

    /// <summary>Ends running replies and frees the model. Calls after it fail with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0)
        {
            closing.Cancel();
            engine.Dispose();
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(isDisposed != 0, this);
        cancellationToken.ThrowIfCancellationRequested();
        ChatRequest request = mapper.Map(options, this, seeds.Next());
        List<ChatTemplateMessage> conversation = ConversationMapper.Map(messages, options?.Instructions);
        string responseId = Guid.NewGuid().ToString("N");
        DateTimeOffset createdAt = timeProvider.GetUtcNow();

        // Unbounded: a reply is bounded by the context, and the engine must not wait for a slow reader.
        var pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        Task<ReplyEnding> generation = Task.Run(() => generator.GenerateAsync(conversation, request, pieces.Writer, stopping.Token), CancellationToken.None);
        try
        {
            await foreach (string piece in pieces.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return Update([new TextContent(piece)]);
            }
        }
        finally
        {
            // After an early end the engine is idle, and the reply so far is remembered, before the caller goes on.
            await stopping.CancelAsync().ConfigureAwait(false);
            await ((Task)generation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        ObjectDisposedException.ThrowIf(generation.IsCanceled && !cancellationToken.IsCancellationRequested, this);
        ReplyEnding ending = await generation.ConfigureAwait(false);
        ChatResponseUpdate last = Update([new UsageContent(ending.Usage)]);
        last.FinishReason = ending.FinishReason;

        // With a message id the properties would be the message's, and travel on in the conversation.
        last.MessageId = null;
        last.AdditionalProperties = ending.Properties;
        yield return last;

        ChatResponseUpdate Update(IList<AIContent> contents) => new(ChatRole.Assistant, contents)
        {
            ResponseId = responseId,
            MessageId = responseId,
            ModelId = modelName,
            CreatedAt = createdAt,
        };
    }
}
