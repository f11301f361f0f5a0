using System.Text;
using Microsoft.AspNetCore.Http;

namespace LongWriter.Testing;

/// <summary>Sends one reply, faults included.</summary>
internal sealed class LoopbackReplyWriter(HttpContext context, LoopbackRequest request, LoopbackReply reply, CancellationToken cancellationToken)
{
    private int eventCount;

    public async Task WriteAsync()
    {
        if (reply.Fault == LoopbackFault.DropBeforeHeaders)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = reply.Status;
        foreach ((string name, string value) in reply.Headers)
        {
            context.Response.Headers[name] = value;
        }

        bool isStream = reply.Body is null && request.IsStreaming;
        context.Response.ContentType = reply.ContentType ?? (isStream ? "text/event-stream; charset=utf-8" : "application/json");
        if (isStream)
        {
            await StreamAsync();
        }
        else
        {
            await context.Response.WriteAsync(reply.Body ?? LoopbackJson.Completion(request, reply, Usage()), cancellationToken);
        }
    }

    private async Task StreamAsync()
    {
        await context.Response.StartAsync(cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
        int sent = 0;
        foreach (string data in reply.RawEvents ?? Parts())
        {
            if (sent == reply.FaultAfterChunks && await FailAsync(data))
            {
                return;
            }

            await SendAsync(data);
            sent++;
        }

        // A fault placed behind the last piece still happens.
        if (sent <= reply.FaultAfterChunks && await FailAsync("{}"))
        {
            return;
        }

        if (reply.Fault == LoopbackFault.NeverEnd)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (reply.RawEvents is null)
        {
            await SendEndAsync();
        }
    }

    private IEnumerable<string> Parts()
    {
        if (reply.Reasoning is not null)
        {
            yield return LoopbackJson.TextChunk(request, reply.ReasoningField, reply.Reasoning);
        }

        foreach (string piece in reply.Chunks ?? Cut(reply.Text, reply.ChunkChars))
        {
            yield return LoopbackJson.TextChunk(request, "content", piece);
        }

        if (reply.Refusal is not null)
        {
            yield return LoopbackJson.TextChunk(request, "refusal", reply.Refusal);
        }

        for (int index = 0; index < reply.ToolCalls.Count; index++)
        {
            yield return LoopbackJson.ToolCallChunk(request, index, reply.ToolCalls[index], opens: true);
            yield return LoopbackJson.ToolCallChunk(request, index, reply.ToolCalls[index], opens: false);
        }
    }

    /// <summary>True when the reply is over because of the fault.</summary>
    private async Task<bool> FailAsync(string nextData)
    {
        switch (reply.Fault)
        {
            case LoopbackFault.DropMidStream:
                await WaitForGateAsync();
                context.Abort();
                return true;
            case LoopbackFault.TruncateEvent:
                await WriteBytesAsync($"data: {nextData[..(nextData.Length / 2)]}\n\n");
                return true;
            default:
                return reply.Fault == LoopbackFault.EndEarly;
        }
    }

    private async Task SendEndAsync()
    {
        if (reply.FinishReason is not null)
        {
            await SendAsync(LoopbackJson.FinishChunk(request, reply.FinishReason));
        }

        if (request.WantsUsage)
        {
            await SendAsync(LoopbackJson.UsageChunk(request, Usage()));
        }

        await SendAsync("[DONE]");
    }

    private async Task SendAsync(string data)
    {
        await WaitForGateAsync();
        eventCount++;
        await WriteBytesAsync($"data: {data}\n\n");
    }

    private async Task WaitForGateAsync()
    {
        if (reply.BeforeEvent is not null)
        {
            await reply.BeforeEvent(eventCount).WaitAsync(cancellationToken);
        }
    }

    private async Task WriteBytesAsync(string text)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await context.Response.Body.FlushAsync(cancellationToken);
    }

    private LoopbackUsage Usage() => reply.Usage ?? new LoopbackUsage(CountWords(request.AllText), CountWords(reply.Text));

    private static int CountWords(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static IEnumerable<string> Cut(string text, int chunkChars)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = Math.Min(start + chunkChars, text.Length);
            if (end < text.Length && char.IsLowSurrogate(text[end]) && char.IsHighSurrogate(text[end - 1]))
            {
                end++;
            }

            yield return text[start..end];
            start = end;
        }
    }
}
