using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace LongWriter.OpenAI;

/// <summary>The body of one streamed chat completion request.</summary>
internal sealed class ChatRequestBuilder(Connection connection)
{
    /// <summary>Maps messages and options, neither of which is changed.</summary>
    public BinaryContent Build(IEnumerable<ChatMessage> messages, ChatOptions? options, IChatClient client)
    {
        ChatCompletionOptions request = new ChatOptionsMapper(connection).Map(options, client);
        BinaryData list = WriteMessages(ChatMessageMapper.Map(messages, options?.Instructions));

        // The package keeps these four to itself; its body patch is the public way to set them on a request of one's own.
#pragma warning disable SCME0001 // the patch is marked experimental; nothing else in the package writes fields it does not know
        ref JsonPatch patch = ref request.Patch;
        patch.Set("$.model"u8, options?.ModelId ?? connection.Options.Model);
        patch.Set("$.messages"u8, list);
        patch.Set("$.stream"u8, true);
        patch.Set("$.stream_options"u8, """{"include_usage":true}"""u8);
#pragma warning restore SCME0001
        return BinaryContent.Create(((IPersistableModel<ChatCompletionOptions>)request).Write(ModelReaderWriterOptions.Json));
    }

    private static BinaryData WriteMessages(IEnumerable<global::OpenAI.Chat.ChatMessage> messages)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (global::OpenAI.Chat.ChatMessage message in messages)
            {
                ((IJsonModel<global::OpenAI.Chat.ChatMessage>)message).Write(writer, ModelReaderWriterOptions.Json);
            }

            writer.WriteEndArray();
        }

        return new BinaryData(buffer.ToArray());
    }
}
