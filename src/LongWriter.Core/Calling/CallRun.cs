using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace LongWriter.Calling;

/// <summary>One call from its first try to its result; writes what happens into a channel.</summary>
internal sealed class CallRun(
    IChatClient client, ModelCall call, ModelCallOptions options, TimeProvider time, ILogger logger, ChannelWriter<CallUpdate> updates)
{
    private readonly RetryRules rules = new(options);
    private TokenUsage usage;
    private int attempts;
    private int visibleChars;

    /// <summary>Runs to the end, and always completes the channel. Throws on cancellation and on wrong use only.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            CallLog.Started(logger, call.Messages.Count);
            CallLog.Prompt(logger, call.Messages);
            CallResult result = await ResultAsync(cancellationToken).ConfigureAwait(false);
            if (visibleChars > result.Text.Length)
            {
                await updates.WriteAsync(new CallRetracted(visibleChars, result.Failure!), cancellationToken).ConfigureAwait(false);
            }

            CallLog.Completed(
                logger, result.End, result.Attempts, result.Text.Length, result.Usage.InputTokens, result.Usage.OutputTokens, result.FinishReason);
            CallLog.Reply(logger, result.Text);
            await updates.WriteAsync(new CallCompleted(result), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            updates.Complete();
        }
    }

    private async ValueTask<CallResult> ResultAsync(CancellationToken cancellationToken)
    {
        try
        {
            ResiliencePipeline<ReplyDraft> pipeline = RetryPipeline.Build(options, call.RetrySeed, rules, time, OnRetryAsync);
            ReplyDraft reply = await pipeline.ExecuteAsync(static (run, token) => run.TryAsync(token), this, cancellationToken).ConfigureAwait(false);
            (EndCause end, string? failure) = ReplyEnd.Of(reply);
            return new CallResult(
                end == EndCause.Error ? "" : reply.Text, end, usage with { Calls = 1 }, reply.ModelId, reply.FinishReason?.Value, attempts, failure);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && !CallFailure.IsWrongUse(exception))
        {
            string failure = FailureText(exception);
            CallLog.Failed(logger, exception, attempts);
            EndCause end = exception is ContextBudgetException ? EndCause.ContextLimit : EndCause.Error;
            return new CallResult("", end, usage, ModelId: null, FinishReason: null, attempts, failure);
        }
    }

    private async ValueTask<ReplyDraft> TryAsync(CancellationToken cancellationToken)
    {
        attempts++;
        var reply = new ReplyDraft();
        try
        {
            IAsyncEnumerable<ChatResponseUpdate> stream = IdleTimeout.WatchAsync(
                token => client.GetStreamingResponseAsync(call.Messages, call.Options?.Clone(), token), options.IdleTimeout, time, cancellationToken);
            await foreach (ChatResponseUpdate update in stream.ConfigureAwait(false))
            {
                await ShowAsync(reply.Append(update), cancellationToken).ConfigureAwait(false);
            }

            await ShowAsync(reply.Complete(), cancellationToken).ConfigureAwait(false);

            // A client may end its stream quietly when it is cancelled; what it gave so far is then no reply.
            cancellationToken.ThrowIfCancellationRequested();
            reply.ThrowIfFailed();
            return reply;
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is not OperationCanceledException)
        {
            // A cancelled client may fail in its own way; for Polly's time-out and for the caller it is a cancellation.
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        finally
        {
            usage += reply.Usage;
        }
    }

    private async ValueTask ShowAsync(FilteredText filtered, CancellationToken cancellationToken)
    {
        if (filtered.RetractedChars > 0)
        {
            visibleChars = 0;
            var retracted = new CallRetracted(filtered.RetractedChars, "The text so far was reasoning.");
            await updates.WriteAsync(retracted, cancellationToken).ConfigureAwait(false);
        }

        if (filtered.Text.Length > 0)
        {
            visibleChars += filtered.Text.Length;
            await updates.WriteAsync(new CallText(filtered.Text), cancellationToken).ConfigureAwait(false);
        }
    }

    private ValueTask OnRetryAsync(OnRetryArguments<ReplyDraft> retry)
    {
        Exception exception = retry.Outcome.Exception!;
        CallLog.Retrying(logger, exception, attempts, options.MaxAttempts, retry.RetryDelay);
        var restarted = new CallRestarted(visibleChars, CallFailure.Describe(exception, options), retry.RetryDelay);
        visibleChars = 0;
        return updates.WriteAsync(restarted, retry.Context.CancellationToken);
    }

    private string FailureText(Exception exception)
    {
        string tries = attempts == 1 ? "1 try" : string.Create(CultureInfo.InvariantCulture, $"{attempts} tries");
        string text = $"The call failed after {tries}: {CallFailure.Describe(exception, options)}";
        return attempts < options.MaxAttempts && rules.AsksToWaitTooLong(exception, out TimeSpan asked)
            ? $"{text} The server asks to wait {asked:c}, longer than MaxRetryDelay ({options.MaxRetryDelay:c})."
            : text;
    }
}
