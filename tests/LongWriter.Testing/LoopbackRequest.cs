using System.Text.Json;

namespace LongWriter.Testing;

/// <summary>One message that a <see cref="LoopbackOpenAIServer"/> was sent.</summary>
/// <param name="Role">"system", "user", "assistant" or "tool".</param>
/// <param name="Text">Its text; empty when it has none.</param>
public sealed record LoopbackMessage(string Role, string Text);

/// <summary>One chat completion that a <see cref="LoopbackOpenAIServer"/> was asked for.</summary>
public sealed class LoopbackRequest
{
    private readonly TaskCompletionSource clientLeft = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Reads the body of a request.</summary>
    /// <param name="number">Place among all requests, from 0.</param>
    /// <param name="attempt">How often the same body has come, from 1.</param>
    /// <param name="json">The body.</param>
    /// <param name="headers">The headers, by name without regard to case.</param>
    public LoopbackRequest(int number, int attempt, string json, IReadOnlyDictionary<string, string> headers)
    {
        Number = number;
        Attempt = attempt;
        Json = json;
        Headers = headers;
        using var document = JsonDocument.Parse(json);
        Body = document.RootElement.Clone();
        Messages = [.. Body.GetProperty("messages").EnumerateArray().Select(ReadMessage)];
    }

    /// <summary>Place among all requests, from 0.</summary>
    public int Number { get; }

    /// <summary>How often the same body has come, from 1: a retry has 2.</summary>
    public int Attempt { get; }

    /// <summary>The body as it came.</summary>
    public string Json { get; }

    /// <summary>The body, for whatever has no property here.</summary>
    public JsonElement Body { get; }

    /// <summary>The headers, by name without regard to case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The messages in their order.</summary>
    public IReadOnlyList<LoopbackMessage> Messages { get; }

    /// <summary>Text of the last message.</summary>
    public string LastText => Messages[^1].Text;

    /// <summary>Text of all messages, one after the other.</summary>
    public string AllText => string.Join("\n", Messages.Select(message => message.Text));

    /// <summary>The model asked for.</summary>
    public string Model => Body.GetProperty("model").GetString()!;

    /// <summary>True when a stream of events was asked for.</summary>
    public bool IsStreaming => Field("stream") is { ValueKind: JsonValueKind.True };

    /// <summary>True when a stream with usage was asked for.</summary>
    public bool WantsUsage => Field("stream_options") is { ValueKind: JsonValueKind.Object } options
        && options.TryGetProperty("include_usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.True;

    /// <summary>The seed, or null.</summary>
    public long? Seed => Field("seed")?.GetInt64();

    /// <summary>The temperature, or null.</summary>
    public double? Temperature => Field("temperature")?.GetDouble();

    /// <summary>The most tokens to reply with, by either of its two names, or null.</summary>
    public int? MaxTokens => (Field("max_completion_tokens") ?? Field("max_tokens"))?.GetInt32();

    /// <summary>The stop sequences.</summary>
    public IReadOnlyList<string> Stop => Field("stop") switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(stop => stop.GetString()!)],
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        _ => [],
    };

    /// <summary>"text", "json_object", "json_schema", or null when no format was asked for.</summary>
    public string? ResponseFormat => Field("response_format")?.GetProperty("type").GetString();

    /// <summary>Ends when the client closed the connection before the reply was over.</summary>
    public Task ClientLeft => clientLeft.Task;

    internal void MarkClientLeft() => clientLeft.TrySetResult();

    private JsonElement? Field(string name) =>
        Body.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static LoopbackMessage ReadMessage(JsonElement message)
    {
        string text = !message.TryGetProperty("content", out JsonElement content) ? string.Empty : content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(
                part => part.TryGetProperty("text", out JsonElement value) ? value.GetString() : null)),
            _ => string.Empty,
        };
        return new LoopbackMessage(message.GetProperty("role").GetString()!, text);
    }
}
