using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using WireMessage = OpenAI.Chat.ChatMessage;

namespace LongWriter.OpenAI;

/// <summary>Messages of Microsoft.Extensions.AI as messages of the OpenAI package: text, function calls and their results.</summary>
internal static class ChatMessageMapper
{
    // The shared options write indented, and every space is a token somebody pays for.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static IEnumerable<WireMessage> Map(IEnumerable<ChatMessage> messages, string? instructions)
    {
        if (!string.IsNullOrEmpty(instructions))
        {
            yield return new SystemChatMessage(instructions);
        }

        foreach (ChatMessage message in messages)
        {
            if (message.Role == ChatRole.Tool)
            {
                foreach (WireMessage result in MapResults(message))
                {
                    yield return result;
                }
            }
            else
            {
                yield return message.Role == ChatRole.System ? new SystemChatMessage(TextOf(message)) { ParticipantName = message.AuthorName }
                    : message.Role == ChatRole.User ? new UserChatMessage(TextOf(message)) { ParticipantName = message.AuthorName }
                    : message.Role == ChatRole.Assistant ? MapAssistant(message)
                    : throw new NotSupportedException(
                        $"Role '{message.Role}' is not supported by {nameof(OpenAIChatClient)}: system, user, assistant or tool.");
            }
        }
    }

    private static AssistantChatMessage MapAssistant(ChatMessage message)
    {
        ChatToolCall[] calls = [.. message.Contents.OfType<FunctionCallContent>().Select(MapCall)];
        string text = TextOf(message);
        AssistantChatMessage result = calls.Length == 0 ? new AssistantChatMessage(text) : new AssistantChatMessage(calls);
        if (calls.Length > 0 && text.Length > 0)
        {
            result.Content.Add(ChatMessageContentPart.CreateTextPart(text));
        }

        result.ParticipantName = message.AuthorName;
        return result;
    }

    private static ChatToolCall MapCall(FunctionCallContent call) =>
        ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, new BinaryData(ToJson(call.Arguments ?? new Dictionary<string, object?>())));

    private static IEnumerable<WireMessage> MapResults(ChatMessage message)
    {
        foreach (AIContent content in message.Contents)
        {
            yield return content is FunctionResultContent result
                ? new ToolChatMessage(result.CallId, result.Result as string ?? (result.Result is null ? string.Empty : ToJson(result.Result)))
                : throw Refused(content, message.Role);
        }
    }

    private static string TextOf(ChatMessage message)
    {
        foreach (AIContent content in message.Contents)
        {
            // Usage is a record of an earlier call, and servers want earlier reasoning left out of the history.
            bool known = content is TextContent or TextReasoningContent or UsageContent
                || (content is FunctionCallContent && message.Role == ChatRole.Assistant);
            if (!known)
            {
                throw Refused(content, message.Role);
            }
        }

        return message.Text;
    }

    private static string ToJson(object value)
    {
        Type type = value is IDictionary<string, object?> ? typeof(IDictionary<string, object?>) : value.GetType();
        return JsonSerializer.Serialize(value, Compact.GetTypeInfo(type));
    }

    private static NotSupportedException Refused(AIContent content, ChatRole role) =>
        new($"{content.GetType().Name} in a message of role '{role}' is not supported by {nameof(OpenAIChatClient)}.");
}
