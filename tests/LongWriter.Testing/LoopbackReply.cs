namespace LongWriter.Testing;

/// <summary>Tokens that a reply says it took.</summary>
/// <param name="Input">Tokens of the prompt.</param>
/// <param name="Output">Tokens of the reply, reasoning included.</param>
/// <param name="CachedInput">Tokens of the prompt that came from a cache.</param>
/// <param name="Reasoning">Tokens of the reply that are reasoning.</param>
public sealed record LoopbackUsage(int Input, int Output, int CachedInput = 0, int Reasoning = 0);

/// <summary>A function that a reply calls.</summary>
/// <param name="Id">The id that the result is to name.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">JSON of its arguments.</param>
public sealed record LoopbackToolCall(string Id, string Name, string Arguments);

/// <summary>How a reply goes wrong on its way.</summary>
public enum LoopbackFault
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The connection is cut before any byte of the reply.</summary>
    DropBeforeHeaders,

    /// <summary>The connection is cut after <see cref="LoopbackReply.FaultAfterChunks"/> pieces of text.</summary>
    DropMidStream,

    /// <summary>The stream ends properly as HTTP, but within the JSON of an event, after <see cref="LoopbackReply.FaultAfterChunks"/> pieces.</summary>
    TruncateEvent,

    /// <summary>The stream ends properly as HTTP after <see cref="LoopbackReply.FaultAfterChunks"/> pieces, without finish reason and [DONE].</summary>
    EndEarly,

    /// <summary>The text is sent, and then the stream stays open and silent until the client leaves.</summary>
    NeverEnd,
}

/// <summary>What a <see cref="LoopbackOpenAIServer"/> answers. The default is an empty text that ends normally.</summary>
public sealed record LoopbackReply
{
    /// <summary>The text.</summary>
    public string Text { get; init; } = string.Empty;

    /// <summary>UTF-16 units in each piece of a streamed text, above zero. A surrogate pair is never split.</summary>
    public int ChunkChars { get; init; } = 7;

    /// <summary>Pieces of a streamed text, in place of <see cref="Text"/> cut by <see cref="ChunkChars"/>. May have no end.</summary>
    public IEnumerable<string>? Chunks { get; init; }

    /// <summary>Reasoning sent before the text, or null.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The field that carries reasoning: "reasoning_content" or "reasoning".</summary>
    public string ReasoningField { get; init; } = "reasoning_content";

    /// <summary>A refusal sent after the text, or null.</summary>
    public string? Refusal { get; init; }

    /// <summary>Functions called after the text.</summary>
    public IReadOnlyList<LoopbackToolCall> ToolCalls { get; init; } = [];

    /// <summary>Why the reply ends: "stop", "length", "content_filter", "tool_calls", or anything a server may say. Null sends none.</summary>
    public string? FinishReason { get; init; } = "stop";

    /// <summary>The usage, or null to count words of prompt and text.</summary>
    public LoopbackUsage? Usage { get; init; }

    /// <summary>The HTTP status. Anything but 200 needs a <see cref="Body"/>.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The whole body, in place of a chat completion, or null.</summary>
    public string? Body { get; init; }

    /// <summary>The content type, or null for the proper one.</summary>
    public string? ContentType { get; init; }

    /// <summary>Headers besides the content type.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Data of events to stream exactly as they are, in place of text, finish reason, usage and [DONE]; or null.</summary>
    public IReadOnlyList<string>? RawEvents { get; init; }

    /// <summary>What goes wrong.</summary>
    public LoopbackFault Fault { get; init; }

    /// <summary>Pieces of text that still arrive before the fault.</summary>
    public int FaultAfterChunks { get; init; } = 1;

    /// <summary>
    /// Awaited before each event of a stream, and before a connection is dropped, given the place from 0: the gate by which a test holds the server
    /// back. Cutting a connection may destroy what the client has not read yet, so a test that counts pieces waits here until they have arrived.
    /// </summary>
    public Func<int, Task>? BeforeEvent { get; init; }

    /// <summary>A text that ends normally.</summary>
    public static LoopbackReply Write(string text) => new() { Text = text };

    /// <summary>An error in OpenAI's shape.</summary>
    public static LoopbackReply Error(int status, string message, string? retryAfter = null, string? code = null) => new()
    {
        Status = status,
        Body = LoopbackJson.Error(message, code),
        ContentType = "application/json",
        Headers = retryAfter is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Retry-After"] = retryAfter },
    };

    /// <summary>A page such as a proxy sends.</summary>
    public static LoopbackReply HtmlPage(int status, string html) => new() { Status = status, Body = html, ContentType = "text/html" };
}
