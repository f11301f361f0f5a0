using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LongWriter.Testing;

/// <summary>The JSON of chat completions, as OpenAI's API reference describes it.</summary>
internal static class LoopbackJson
{
    // A fixed moment: the same script gives the same bytes.
    private const long Created = 1_767_225_600;

    // Characters go out as UTF-8, as real servers send them, not as escapes.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Error(string message, string? code) =>
        Write(new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "server_error", ["code"] = code } });

    public static string Models(IEnumerable<string> models) => Write(new JsonObject
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. models.Select(model => new JsonObject { ["id"] = model, ["object"] = "model", ["owned_by"] = "loopback" })]),
    });

    public static string TextChunk(LoopbackRequest request, string field, string text) => Chunk(request, new JsonObject { [field] = text }, null);

    public static string ToolCallChunk(LoopbackRequest request, int index, LoopbackToolCall call, bool opens)
    {
        // The name comes first and the arguments follow in a second event, as streaming servers do.
        JsonObject part = opens
            ? new() { ["index"] = index, ["id"] = call.Id, ["type"] = "function", ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = "" } }
            : new() { ["index"] = index, ["function"] = new JsonObject { ["arguments"] = call.Arguments } };
        return Chunk(request, new JsonObject { ["tool_calls"] = new JsonArray(part) }, null);
    }

    public static string FinishChunk(LoopbackRequest request, string reason) => Chunk(request, [], reason);

    public static string UsageChunk(LoopbackRequest request, LoopbackUsage usage)
    {
        JsonObject chunk = Head(request, "chat.completion.chunk");
        chunk["choices"] = new JsonArray();
        chunk["usage"] = Usage(usage);
        return Write(chunk);
    }

    public static string Completion(LoopbackRequest request, LoopbackReply reply, LoopbackUsage usage)
    {
        JsonObject message = new() { ["role"] = "assistant", ["content"] = reply.Text, ["refusal"] = reply.Refusal };
        if (reply.Reasoning is not null)
        {
            message[reply.ReasoningField] = reply.Reasoning;
        }

        if (reply.ToolCalls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. reply.ToolCalls.Select(call => new JsonObject
            {
                ["id"] = call.Id,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = call.Arguments },
            })]);
        }

        JsonObject completion = Head(request, "chat.completion");
        completion["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = reply.FinishReason });
        completion["usage"] = Usage(usage);
        return Write(completion);
    }

    private static string Chunk(LoopbackRequest request, JsonObject delta, string? finishReason)
    {
        JsonObject chunk = Head(request, "chat.completion.chunk");
        chunk["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finishReason });
        return Write(chunk);
    }

    private static JsonObject Head(LoopbackRequest request, string kind) =>
        new() { ["id"] = $"chatcmpl-{request.Number}", ["object"] = kind, ["created"] = Created, ["model"] = request.Model };

    private static JsonObject Usage(LoopbackUsage usage) => new()
    {
        ["prompt_tokens"] = usage.Input,
        ["completion_tokens"] = usage.Output,
        ["total_tokens"] = usage.Input + usage.Output,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInput },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
    };

    private static string Write(JsonObject value) => value.ToJsonString(Plain);
}
