using System.ClientModel.Primitives;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace LongWriter.OpenAI;

/// <summary>
/// Chat options as request options. What <see cref="ChatOptions.RawRepresentationFactory"/> has set is left as it is; the rest is filled from
/// the other properties, each of which is sent or refused by name.
/// </summary>
internal sealed class ChatOptionsMapper(Connection connection)
{
    public ChatCompletionOptions Map(ChatOptions? options, IChatClient client)
    {
        if (options is null)
        {
            return new ChatCompletionOptions();
        }

        RefuseUnsupported(options);
        ChatCompletionOptions request = Start(options, client);
        MapSampling(options, request);
        MapLimits(options, request);
        MapReasoning(options.Reasoning, request);
        request.ResponseFormat ??= ChatResponseFormatMapper.Map(options.ResponseFormat);
        ChatToolMapper.Map(options, request);
        MapAdditionalProperties(options.AdditionalProperties, request);
        return request;
    }

    private void RefuseUnsupported(ChatOptions options)
    {
        List<string> refused = [];
        if (options.TopK is not null && connection.IsOpenAI)
        {
            refused.Add("TopK is not supported by OpenAI's endpoint; custom endpoints get it as top_k.");
        }

        if (options.ConversationId is not null)
        {
            refused.Add($"ConversationId is not supported by {nameof(OpenAIChatClient)}: chat completions keep no conversation, send all messages.");
        }

        if (options.ContinuationToken is not null)
        {
            refused.Add($"ContinuationToken is not supported by {nameof(OpenAIChatClient)}: a chat completion cannot be taken up again.");
        }

        if (options.AllowBackgroundResponses is true)
        {
            refused.Add($"AllowBackgroundResponses is not supported by {nameof(OpenAIChatClient)}: chat completions do not run in the background.");
        }

        if (options.Reasoning?.Output == ReasoningOutput.Summary)
        {
            refused.Add($"Reasoning.Output Summary is not supported by {nameof(OpenAIChatClient)}: None or Full.");
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: not null } && !connection.Options.SupportsJsonSchema)
        {
            refused.Add($"ResponseFormat with a JSON schema is not supported by {connection.DisplayName}, as its options say.");
        }

        refused.AddRange(ChatToolMapper.Unsupported(options.Tools));
        refused.AddRange(ExtraField.Unsupported(options.AdditionalProperties));
        if (refused.Count > 0)
        {
            throw new NotSupportedException(string.Join(' ', refused));
        }
    }

    private static ChatCompletionOptions Start(ChatOptions options, IChatClient client) =>
        options.RawRepresentationFactory?.Invoke(client) switch
        {
            null => new ChatCompletionOptions(),
            ChatCompletionOptions raw => raw,
            object other => throw new NotSupportedException(
                $"RawRepresentationFactory returned {other.GetType()}, which is not supported by {nameof(OpenAIChatClient)}: {typeof(ChatCompletionOptions)} or null."),
        };

    private static void MapSampling(ChatOptions options, ChatCompletionOptions request)
    {
        request.Temperature ??= options.Temperature;
        request.TopP ??= options.TopP;
        request.FrequencyPenalty ??= options.FrequencyPenalty;
        request.PresencePenalty ??= options.PresencePenalty;
#pragma warning disable OPENAI001 // Seed is marked experimental because replies are only mostly repeatable; the field itself is stable
        request.Seed ??= options.Seed;
#pragma warning restore OPENAI001
        if (options.TopK is { } topK)
        {
            SetUnlessSet(request, "$.top_k", ExtraField.ToJson(topK)!);
        }
    }

    private void MapLimits(ChatOptions options, ChatCompletionOptions request)
    {
        if (request.StopSequences.Count == 0)
        {
            foreach (string stop in options.StopSequences ?? [])
            {
                request.StopSequences.Add(stop);
            }
        }

        if (options.MaxOutputTokens is not { } limit || request.MaxOutputTokenCount is not null)
        {
            return;
        }

        if (connection.LimitField == OutputLimitField.MaxCompletionTokens)
        {
            request.MaxOutputTokenCount = limit;
        }
        else
        {
            SetUnlessSet(request, "$.max_tokens", ExtraField.ToJson(limit)!);
        }
    }

    private static void MapReasoning(ReasoningOptions? reasoning, ChatCompletionOptions request)
    {
#pragma warning disable OPENAI001 // marked experimental; the field reasoning_effort is in the stable reference of chat completions
        request.ReasoningEffortLevel ??= reasoning?.Effort switch
        {
            // The cast keeps the compiler from taking null for a string that becomes a level.
            null => (ChatReasoningEffortLevel?)null,
            ReasoningEffort.None => ChatReasoningEffortLevel.None,
            ReasoningEffort.Low => ChatReasoningEffortLevel.Low,
            ReasoningEffort.Medium => ChatReasoningEffortLevel.Medium,
            ReasoningEffort.High => ChatReasoningEffortLevel.High,
            ReasoningEffort.ExtraHigh => ChatReasoningEffortLevel.ExtraHigh,
            ReasoningEffort other => throw new NotSupportedException($"Reasoning.Effort {other} is not supported by {nameof(OpenAIChatClient)}."),
        };
#pragma warning restore OPENAI001
    }

    private static void MapAdditionalProperties(AdditionalPropertiesDictionary? properties, ChatCompletionOptions request)
    {
        foreach ((string name, object? value) in properties ?? [])
        {
            if (value is not null)
            {
                SetUnlessSet(request, $"$.{name}", ExtraField.ToJson(value)!);
            }
        }
    }

    private static void SetUnlessSet(ChatCompletionOptions request, string path, BinaryData json)
    {
        byte[] key = Encoding.UTF8.GetBytes(path);
#pragma warning disable SCME0001 // the patch is marked experimental; nothing else in the package writes fields it does not know
        ref JsonPatch patch = ref request.Patch;
        if (!patch.Contains(key))
        {
            patch.Set(key, json);
        }
#pragma warning restore SCME0001
    }
}
