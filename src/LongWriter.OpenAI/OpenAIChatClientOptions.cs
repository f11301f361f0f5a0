using System.Text;

namespace LongWriter.OpenAI;

/// <summary>Where an <see cref="OpenAIChatClient"/> calls, as whom and how long it waits. Checked once, when the client is made.</summary>
public sealed record OpenAIChatClientOptions
{
    /// <summary>The model to ask when a call names none, as the server knows it: "gpt-4.1", "THUDM/LongWriter-llama3.1-8b".</summary>
    public required string Model { get; init; }

    /// <summary>The base address, up to and including "/v1": "http://localhost:8000/v1". Null, the default, is OpenAI's own.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>
    /// The key, sent as bearer token. Null, the default: OpenAI's own endpoint gets the environment variable OPENAI_API_KEY, a custom endpoint
    /// gets a placeholder. The variable is never sent to a custom endpoint.
    /// </summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// The longest silence of the server, above zero: until the reply starts, and between two pieces of it. The default is 5 minutes, because a
    /// local server may read a long prompt for that long before its first token.
    /// </summary>
    public TimeSpan NetworkTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>True, the default, when the server keeps a reply to a JSON schema. When false, a schema as response format is refused.</summary>
    public bool SupportsJsonSchema { get; init; } = true;

    /// <summary>
    /// The body field that carries <c>MaxOutputTokens</c>. Null, the default: max_completion_tokens to OpenAI's own endpoint, max_tokens to a
    /// custom one.
    /// </summary>
    public OutputLimitField? OutputLimitField { get; init; }

    /// <summary>The HTTP client to send with, or null for a shared one. Not disposed. Its own timeout also applies until the reply starts.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>The clock that turns a Retry-After date into a wait. The default is the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    // A record prints all its members; the key must not reach a log that way.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Model = ").Append(Model)
            .Append(", Endpoint = ").Append(Endpoint)
            .Append(", ApiKey = ").Append(ApiKey is null ? "null" : "***")
            .Append(", NetworkTimeout = ").Append(NetworkTimeout)
            .Append(", SupportsJsonSchema = ").Append(SupportsJsonSchema)
            .Append(", OutputLimitField = ").Append(OutputLimitField);
        return true;
    }
}
