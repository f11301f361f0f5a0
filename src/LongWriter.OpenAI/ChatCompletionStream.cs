using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using System.Text.Json;
using OpenAI.Chat;

namespace LongWriter.OpenAI;

/// <summary>One streamed reply, event by event. Whatever goes wrong on the way becomes a <see cref="ModelCallException"/>.</summary>
internal sealed class ChatCompletionStream(ChatClient chat, CallFailures failures) : IAsyncDisposable
{
    private const string EventStream = "text/event-stream";
    private const string DoneMark = "[DONE]";

    private PipelineResponse? response;
    private IAsyncEnumerator<SseItem<string>>? events;
    private int eventCount;
    private bool isComplete;

    public async ValueTask OpenAsync(BinaryContent body, CancellationToken cancellationToken)
    {
        var request = new RequestOptions { BufferResponse = false, CancellationToken = cancellationToken };
        request.SetHeader("Accept", EventStream);
        try
        {
            ClientResult result = await chat.CompleteChatAsync(body, request).ConfigureAwait(false);
            response = result.GetRawResponse();
            if (!IsEventStream(response))
            {
                throw await failures.WrongContentTypeAsync(response, EventStream, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (CallFailures.IsExpected(failure))
        {
            throw Translate(failure, cancellationToken);
        }

        events = SseParser.Create(response.ContentStream!).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    /// <summary>The next event, or null at the end of a complete reply.</summary>
    public async ValueTask<ChatCompletionChunk?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await events!.MoveNextAsync().ConfigureAwait(false))
            {
                return isComplete ? null : throw failures.EndedEarly(eventCount);
            }

            string data = events.Current.Data;
            if (data.AsSpan().Trim().SequenceEqual(DoneMark))
            {
                return null;
            }

            ChatCompletionChunk chunk = JsonSerializer.Deserialize(data, ChunkJsonContext.Default.ChatCompletionChunk)
                ?? throw new JsonException("The event is null.");
            if (chunk.Error is { } error)
            {
                throw failures.InsideStream(error);
            }

            eventCount++;
            isComplete |= !string.IsNullOrEmpty(chunk.First?.FinishReason);
            return chunk with { Json = data };
        }
        catch (Exception failure) when (CallFailures.IsExpected(failure))
        {
            throw Translate(failure, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (events is not null)
        {
            await events.DisposeAsync().ConfigureAwait(false);
        }

        // Closes the connection when the reply was not read to its end, which is how a server learns that its client has left.
        response?.Dispose();
    }

    private static bool IsEventStream(PipelineResponse response) =>
        response.Headers.TryGetValue("Content-Type", out string? type)
        && type is not null && type.StartsWith(EventStream, StringComparison.OrdinalIgnoreCase);

    // A connection torn down by the caller's own cancellation shows up as any of the failures; the caller wants to hear of the cancellation.
    private Exception Translate(Exception failure, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? failure as OperationCanceledException ?? new OperationCanceledException(failure.Message, failure, cancellationToken)
            : failures.From(failure, eventCount);
}
