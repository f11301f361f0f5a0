using Microsoft.Extensions.AI;

namespace LongWriter.Writing;

/// <summary>Reads a chat as a writing request; see the remarks of <see cref="LongWriterChatClient"/>.</summary>
internal static class ChatToRequest
{
    /// <exception cref="ArgumentException">No user message says what to write.</exception>
    /// <exception cref="NotSupportedException">An option cannot be honoured.</exception>
    public static WritingRequest Map(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        Refuse(options);
        int last = -1;
        for (int i = 0; i < messages.Count; i++)
        {
            last = messages[i].Role == ChatRole.User && !string.IsNullOrWhiteSpace(messages[i].Text) ? i : last;
        }

        if (last < 0)
        {
            throw new ArgumentException("The messages must hold a user message with text: the instruction.", nameof(messages));
        }

        string style = string.Join("\n", messages.Where(message => message.Role == ChatRole.System).Select(message => message.Text)
            .Prepend(options?.Instructions ?? "").Where(text => !string.IsNullOrWhiteSpace(text)));
        string notes = string.Join("\n\n", messages.Take(last)
            .Where(message => message.Role != ChatRole.System && !string.IsNullOrWhiteSpace(message.Text))
            .Select(message => $"{message.Role.Value}: {message.Text}"));
        return new WritingRequest
        {
            Instruction = messages[last].Text,
            Style = style.Length == 0 ? null : style,
            SourceNotes = notes.Length == 0 ? null : notes,
            Seed = options?.Seed,
        };
    }

    /// <summary>The writer's own options for calls, with what the caller asked for on top.</summary>
    public static ChatOptions? Merge(ChatOptions? own, ChatOptions? asked)
    {
        if (asked is null)
        {
            return own;
        }

        ChatOptions merged = own?.Clone() ?? new ChatOptions();
        merged.Temperature = asked.Temperature ?? merged.Temperature;
        merged.TopP = asked.TopP ?? merged.TopP;
        merged.TopK = asked.TopK ?? merged.TopK;
        merged.FrequencyPenalty = asked.FrequencyPenalty ?? merged.FrequencyPenalty;
        merged.PresencePenalty = asked.PresencePenalty ?? merged.PresencePenalty;
        merged.ModelId = asked.ModelId ?? merged.ModelId;
        merged.Reasoning = asked.Reasoning ?? merged.Reasoning;
        merged.RawRepresentationFactory = asked.RawRepresentationFactory ?? merged.RawRepresentationFactory;
        foreach ((string name, object? value) in asked.AdditionalProperties ?? [])
        {
            (merged.AdditionalProperties ??= [])[name] = value;
        }

        return merged;
    }

    private static void Refuse(ChatOptions? options)
    {
        string? name = options switch
        {
            null => null,
            { Tools.Count: > 0 } => nameof(ChatOptions.Tools),
            { ToolMode: not (null or AutoChatToolMode or NoneChatToolMode) } => nameof(ChatOptions.ToolMode),
            { StopSequences.Count: > 0 } => nameof(ChatOptions.StopSequences),
            { ResponseFormat: not (null or ChatResponseFormatText) } => nameof(ChatOptions.ResponseFormat),
            { ConversationId: not null } => nameof(ChatOptions.ConversationId),
            { ContinuationToken: not null } => nameof(ChatOptions.ContinuationToken),
            { AllowBackgroundResponses: true } => nameof(ChatOptions.AllowBackgroundResponses),
            { MaxOutputTokens: <= 0 } => nameof(ChatOptions.MaxOutputTokens) + " of 0 or less",
            _ => null,
        };
        if (name is not null)
        {
            throw new NotSupportedException($"{name} is not supported by {nameof(LongWriterChatClient)}.");
        }
    }
}
