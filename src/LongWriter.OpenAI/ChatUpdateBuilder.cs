using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LongWriter.OpenAI;

/// <summary>
/// Turns the events of one reply into updates. Finish reason, usage and function calls wait for the end: some servers send usage with every
/// event, and a finish reason sent on at once would make a reply look complete that then breaks off.
/// </summary>
internal sealed class ChatUpdateBuilder(bool dropReasoning)
{
    /// <summary>The key, in the last update's additional properties, that says that the text is a refusal.</summary>
    public const string RefusalKey = "refusal";

    // Unix seconds of the last second that DateTimeOffset can hold.
    private const double LastSecond = 253_402_300_799;

    private readonly List<ToolCallDraft> calls = [];
    private readonly ChatResponseUpdate last = new() { Role = ChatRole.Assistant };
    private ChunkUsage? usage;
    private bool isRefusal;

    /// <summary>The update for one event, or null when it has nothing to show yet.</summary>
    public ChatResponseUpdate? Add(ChatCompletionChunk chunk)
    {
        Identify(chunk);
        usage = chunk.Usage ?? usage;
        if (chunk.First is not { } choice)
        {
            return null;
        }

        last.FinishReason = FinishOf(choice.FinishReason) ?? last.FinishReason;
        foreach (ChunkToolCall call in (choice.Delta?.ToolCalls ?? []).OfType<ChunkToolCall>())
        {
            AddCall(call);
        }

        List<AIContent> contents = ContentsOf(choice.Delta);
        return contents.Count == 0 ? null : new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ResponseId = last.ResponseId,
            MessageId = last.MessageId,
            ModelId = last.ModelId,
            CreatedAt = last.CreatedAt,
            RawRepresentation = chunk.Json,
        };
    }

    /// <summary>The last update: function calls, usage and the finish reason.</summary>
    public ChatResponseUpdate Close()
    {
        foreach (ToolCallDraft call in calls)
        {
            last.Contents.Add(call.ToContent());
        }

        if (usage is not null)
        {
            last.Contents.Add(new UsageContent(DetailsOf(usage)));
        }

        if (isRefusal)
        {
            last.AdditionalProperties = new() { [RefusalKey] = true };
        }

        return last;
    }

    private void Identify(ChatCompletionChunk chunk)
    {
        // One id for the whole reply, even from servers that change it or send none at first: the updates are one message.
        last.ResponseId ??= chunk.Id;
        last.MessageId ??= chunk.Id;
        last.ModelId ??= chunk.Model;
        if (chunk.Created is > 0 and <= LastSecond)
        {
            last.CreatedAt ??= DateTimeOffset.FromUnixTimeSeconds((long)chunk.Created.Value);
        }
    }

    private List<AIContent> ContentsOf(ChunkDelta? delta)
    {
        List<AIContent> contents = [];
        string? reasoning = string.IsNullOrEmpty(delta?.ReasoningContent) ? delta?.Reasoning : delta.ReasoningContent;
        if (!string.IsNullOrEmpty(reasoning) && !dropReasoning)
        {
            contents.Add(new TextReasoningContent(reasoning));
        }

        if (!string.IsNullOrEmpty(delta?.Content))
        {
            contents.Add(new TextContent(delta.Content));
        }

        if (!string.IsNullOrEmpty(delta?.Refusal))
        {
            isRefusal = true;
            contents.Add(new TextContent(delta.Refusal));
        }

        return contents;
    }

    // A server that numbers no calls starts each with an id and continues it without one.
    private void AddCall(ChunkToolCall call)
    {
        ToolCallDraft? draft = call.Index is { } index ? calls.Find(known => known.Index == index) : call.Id is null ? calls.LastOrDefault() : null;
        if (draft is null)
        {
            draft = new ToolCallDraft(call.Index ?? calls.Count);
            calls.Add(draft);
        }

        draft.Add(call);
    }

    private static ChatFinishReason? FinishOf(string? reason) => reason switch
    {
        null or "" => null,
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "content_filter" => ChatFinishReason.ContentFilter,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        _ => new ChatFinishReason(reason),
    };

    private static UsageDetails DetailsOf(ChunkUsage usage) => new()
    {
        InputTokenCount = usage.PromptTokens,
        CachedInputTokenCount = usage.PromptTokensDetails?.CachedTokens,
        OutputTokenCount = usage.CompletionTokens,
        ReasoningTokenCount = usage.CompletionTokensDetails?.ReasoningTokens,
        TotalTokenCount = usage.TotalTokens,
    };

    private sealed class ToolCallDraft(int index)
    {
        private readonly StringBuilder arguments = new();
        private string? id;
        private string? name;

        public int Index => index;

        public void Add(ChunkToolCall call)
        {
            id ??= call.Id;
            name ??= call.Function?.Name;
            arguments.Append(call.Function?.Arguments);
        }

        public FunctionCallContent ToContent() => FunctionCallContent.CreateFromParsedArguments(
            arguments.Length == 0 ? "{}" : arguments.ToString(), id ?? string.Empty, name ?? string.Empty, ReadArguments);

        private static IDictionary<string, object?>? ReadArguments(string json) =>
            (IDictionary<string, object?>?)JsonSerializer.Deserialize(json, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)));
    }
}
