using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace LongWriter.OpenAI;

/// <summary>Function declarations and the choice among them. This client declares functions to the server; calling them is up to the caller.</summary>
internal static class ChatToolMapper
{
    public static IEnumerable<string> Unsupported(IList<AITool>? tools) =>
        (tools ?? []).Where(tool => tool is not AIFunctionDeclaration).Select(
            tool => $"Tool '{tool.Name}' of type {tool.GetType().Name} is not supported by {nameof(OpenAIChatClient)}: function declarations only.");

    public static void Map(ChatOptions options, ChatCompletionOptions request)
    {
        foreach (AIFunctionDeclaration function in (options.Tools ?? []).OfType<AIFunctionDeclaration>())
        {
            request.Tools.Add(ChatTool.CreateFunctionTool(
                function.Name, function.Description, BinaryData.FromString(function.JsonSchema.GetRawText())));
        }

        // Servers refuse a choice among no tools.
        if (request.Tools.Count > 0)
        {
            request.AllowParallelToolCalls ??= options.AllowMultipleToolCalls;
            request.ToolChoice ??= Choice(options.ToolMode);
        }
    }

    private static ChatToolChoice? Choice(ChatToolMode? mode) => mode switch
    {
        null => null,
        AutoChatToolMode => ChatToolChoice.CreateAutoChoice(),
        NoneChatToolMode => ChatToolChoice.CreateNoneChoice(),
        RequiredChatToolMode { RequiredFunctionName: { } name } => ChatToolChoice.CreateFunctionChoice(name),
        RequiredChatToolMode => ChatToolChoice.CreateRequiredChoice(),
        _ => throw new NotSupportedException($"ToolMode {mode.GetType().Name} is not supported by {nameof(OpenAIChatClient)}."),
    };
}
