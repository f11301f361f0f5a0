using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LongWriter.Calling;

/// <summary>
/// Makes one call to a model, done right: tried again when that helps, timed, counted, its reasoning hidden and its end named.
/// Safe for concurrent use. Does not dispose the client.
/// </summary>
internal sealed class ModelCaller
{
    // Chunks that may wait for a slow reader; a section's reply of some thousand tokens never makes the model wait.
    private const int PendingUpdates = 1024;

    private readonly IChatClient client;
    private readonly ModelCallOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;

    /// <summary>Takes what every call needs.</summary>
    /// <exception cref="ArgumentException">Options are out of range; the message names all of them.</exception>
    public ModelCaller(IChatClient client, ModelCallOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        List<string> errors = [];
        options.Validate(errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        this.client = client;
        this.options = options;
        this.time = time;
        this.logger = logger;
    }

    /// <summary>Calls the model and returns only the result.</summary>
    /// <inheritdoc cref="CallAsync"/>
    public async Task<CallResult> CompleteAsync(ModelCall call, CancellationToken cancellationToken)
    {
        CallResult? result = null;
        await foreach (CallUpdate update in CallAsync(call, cancellationToken).ConfigureAwait(false))
        {
            result = (update as CallCompleted)?.Result;
        }

        return result!;
    }

    /// <summary>
    /// Calls the model. A call that fails does not throw: it ends with <see cref="EndCause.Error"/> and the failure beside it. Wrong use of
    /// the client (a refused option, say) is thrown as it is. Abandoning the enumeration cancels the try and waits for its end, so
    /// a client must honour its cancellation token.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled, in a try or between two.</exception>
    public IAsyncEnumerable<CallUpdate> CallAsync(ModelCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        return StreamAsync(call, cancellationToken);
    }

    private async IAsyncEnumerable<CallUpdate> StreamAsync(ModelCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateBounded<CallUpdate>(new BoundedChannelOptions(PendingUpdates) { SingleReader = true, SingleWriter = true });
        var run = new CallRun(client, call, options, time, logger, channel.Writer);

        // A task of its own: Polly runs the try as one piece and cannot yield, and a client may compute before its first await.
        Task running = Task.Run(() => run.RunAsync(stop.Token), CancellationToken.None);
        try
        {
            await foreach (CallUpdate update in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return update;
            }

            // The writer ended: by itself, by the caller's cancellation, or by wrong use, which shows here.
            cancellationToken.ThrowIfCancellationRequested();
            await running.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
