using System.Text;
using LongWriter.Onnx.Chat.Templates;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Chat;

/// <summary>Messages as a template sees them: role and text. Reasoning and usage of earlier replies are left out; other content is refused.</summary>
internal static class ConversationMapper
{
    /// <exception cref="NotSupportedException">A message holds what the model cannot be given; the message names all of it.</exception>
    /// <exception cref="ArgumentException">There is no message.</exception>
    public static List<ChatTemplateMessage> Map(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<ChatTemplateMessage> mapped = string.IsNullOrEmpty(instructions) ? [] : [new ChatTemplateMessage(ChatRole.System.Value, instructions)];
        List<string> refused = [];
        int number = 0;
        foreach (ChatMessage message in messages)
        {
            mapped.Add(new ChatTemplateMessage(message.Role.Value, TextOf(message, number++, refused)));
        }

        return refused.Count > 0 ? throw new NotSupportedException(string.Join(' ', refused))
            : number == 0 ? throw new ArgumentException("There must be at least one message but there is none.", nameof(messages))
            : mapped;
    }

    private static string TextOf(ChatMessage message, int number, List<string> refused)
    {
        if (message.Role == ChatRole.Tool)
        {
            refused.Add($"Message {number} has the role tool, which is not supported by OnnxChatClient.");
        }

        var text = new StringBuilder();
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent part:
                    text.Append(part.Text);
                    break;
                case TextReasoningContent or UsageContent:
                    break;
                default:
                    refused.Add($"Message {number} holds {content.GetType().Name}, which is not supported by OnnxChatClient: text alone.");
                    break;
            }
        }

        return text.ToString();
    }
}
