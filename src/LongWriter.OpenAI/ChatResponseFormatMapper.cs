using System.Text.Json;
using Microsoft.Extensions.AI;
using ChatResponseFormat = Microsoft.Extensions.AI.ChatResponseFormat;
using WireFormat = OpenAI.Chat.ChatResponseFormat;

namespace LongWriter.OpenAI;

/// <summary>Response formats: text, any JSON object, or JSON that keeps to a schema strictly.</summary>
internal static class ChatResponseFormatMapper
{
    private const string DefaultSchemaName = "reply";

    // What "strict" asks of a schema: every object closed, every property required. Schemas generated from .NET types are neither.
    private static readonly AIJsonSchemaTransformOptions Strict = new()
    {
        ConvertBooleanSchemas = true,
        DisallowAdditionalProperties = true,
        RequireAllProperties = true,
        MoveDefaultKeywordToDescription = true,
    };

    public static WireFormat? Map(ChatResponseFormat? format) => format switch
    {
        null => null,
        ChatResponseFormatText => WireFormat.CreateTextFormat(),
        ChatResponseFormatJson { Schema: { } schema } json => WireFormat.CreateJsonSchemaFormat(
            json.SchemaName ?? DefaultSchemaName, ToStrict(schema), json.SchemaDescription, jsonSchemaIsStrict: true),
        ChatResponseFormatJson => WireFormat.CreateJsonObjectFormat(),
        _ => throw new NotSupportedException($"ResponseFormat {format.GetType().Name} is not supported by {nameof(OpenAIChatClient)}."),
    };

    private static BinaryData ToStrict(JsonElement schema) =>
        BinaryData.FromString(AIJsonUtilities.TransformSchema(schema, Strict).GetRawText());
}
