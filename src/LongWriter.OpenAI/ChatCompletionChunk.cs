using System.Text.Json;
using System.Text.Json.Serialization;

namespace LongWriter.OpenAI;

/// <summary>
/// One event of a streamed chat completion. Read by us rather than by the package, which gives up on finish reasons it does not know
/// ("abort" of vLLM), hides whether [DONE] came, and takes an error sent inside the stream for an empty event.
/// </summary>
internal sealed record ChatCompletionChunk
{
    public string? Id { get; init; }

    public double? Created { get; init; }

    public string? Model { get; init; }

    public IReadOnlyList<ChunkChoice?>? Choices { get; init; }

    public ChunkUsage? Usage { get; init; }

    public JsonElement? Error { get; init; }

    /// <summary>The event as it came.</summary>
    [JsonIgnore]
    public string? Json { get; init; }

    /// <summary>The first of the choices; this client asks for no more than one.</summary>
    [JsonIgnore]
    public ChunkChoice? First => Choices?.FirstOrDefault(choice => choice is { Index: 0 });
}

internal sealed record ChunkChoice
{
    public int Index { get; init; }

    public ChunkDelta? Delta { get; init; }

    public string? FinishReason { get; init; }
}

internal sealed record ChunkDelta
{
    public string? Content { get; init; }

    public string? Refusal { get; init; }

    /// <summary>Reasoning as DeepSeek, SGLang, llama.cpp and older vLLM name it.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>Reasoning as newer vLLM and OpenRouter name it.</summary>
    public string? Reasoning { get; init; }

    public IReadOnlyList<ChunkToolCall?>? ToolCalls { get; init; }
}

internal sealed record ChunkToolCall
{
    public int? Index { get; init; }

    public string? Id { get; init; }

    public ChunkFunction? Function { get; init; }
}

internal sealed record ChunkFunction
{
    public string? Name { get; init; }

    public string? Arguments { get; init; }
}

internal sealed record ChunkUsage
{
    public long? PromptTokens { get; init; }

    public long? CompletionTokens { get; init; }

    public long? TotalTokens { get; init; }

    public PromptDetails? PromptTokensDetails { get; init; }

    public CompletionDetails? CompletionTokensDetails { get; init; }

    internal sealed record PromptDetails
    {
        public long? CachedTokens { get; init; }
    }

    internal sealed record CompletionDetails
    {
        public long? ReasoningTokens { get; init; }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChatCompletionChunk))]
internal sealed partial class ChunkJsonContext : JsonSerializerContext;
