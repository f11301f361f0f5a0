using System.Globalization;
using LongWriter.Onnx.Chat.Length;
using LongWriter.Onnx.Decoding;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Chat;

/// <summary>What a call asks for, every level of options merged.</summary>
/// <param name="Sampling">How tokens are chosen; the seed is set.</param>
/// <param name="MaxOutputTokens">Tokens of the reply at most, or null for what the context leaves.</param>
/// <param name="StopSequences">Strings that end the reply.</param>
/// <param name="TemplateVariables">More variables for the template, or null.</param>
/// <param name="Window">The length that the reply may have, or null.</param>
internal sealed record ChatRequest(
    SamplingOptions Sampling,
    int? MaxOutputTokens,
    IReadOnlyList<string> StopSequences,
    IReadOnlyDictionary<string, object?>? TemplateVariables,
    LengthWindow? Window);

/// <summary>Chat options as a request: every property of <see cref="ChatOptions"/> is honoured or refused by name. docs/guide-onnx.md has the table.</summary>
/// <param name="modelId">The one model there is.</param>
/// <param name="vocabSize">Ids that a bias may name.</param>
/// <param name="defaults">What the client's options and the model say.</param>
internal sealed class ChatOptionsMapper(string modelId, int vocabSize, OnnxRequestOptions defaults)
{
    private const string Client = "OnnxChatClient";

    /// <exception cref="NotSupportedException">Options that cannot be honoured; the message names all of them.</exception>
    /// <exception cref="ArgumentException">Values out of range; the message names all of them.</exception>
    public ChatRequest Map(ChatOptions? options, IChatClient client, long defaultSeed)
    {
        options ??= new ChatOptions();
        List<string> refused = [];
        CollectRefused(options, refused);
        OnnxRequestOptions extra = ReadAdditionalProperties(options.AdditionalProperties, refused, out LengthWindow? window);
        OnnxRequestOptions raw = ReadRaw(options, client, refused);
        if (refused.Count > 0)
        {
            throw new NotSupportedException(string.Join(' ', refused));
        }

        OnnxRequestOptions merged = Explicit(options, extra).Over(raw).Over(defaults);
        SamplingOptions sampling = ToSampling(merged, options.Seed ?? defaultSeed);
        Validate(sampling, merged, options);
        return new ChatRequest(sampling, merged.MaxOutputTokens, [.. options.StopSequences ?? []], Variables(merged, options.Reasoning), window);
    }

    private void CollectRefused(ChatOptions options, List<string> refused)
    {
        RefuseIf(options.ConversationId is not null, $"ConversationId is not supported by {Client}: it keeps no conversation, send all messages. What was computed for them is reused without an id.");
        RefuseIf(options.ContinuationToken is not null, $"ContinuationToken is not supported by {Client}: a reply cannot be taken up again.");
        RefuseIf(options.AllowBackgroundResponses is true, $"AllowBackgroundResponses is not supported by {Client}: replies do not run in the background.");
        RefuseIf(options.ResponseFormat is not (null or ChatResponseFormatText), $"ResponseFormat {options.ResponseFormat?.GetType().Name} is not supported by {Client}: text alone.");
        RefuseIf(options.Tools is { Count: > 0 }, $"Tools are not supported by {Client}.");
        RefuseIf(options.ToolMode is not (null or AutoChatToolMode or NoneChatToolMode), $"ToolMode {options.ToolMode?.GetType().Name} is not supported by {Client}: there are no tools.");
        RefuseIf(options.ModelId is { } model && model != modelId, $"ModelId '{options.ModelId}' is not supported by {Client}: it has '{modelId}'.");
        RefuseIf(
            options.Reasoning?.Effort is not (null or ReasoningEffort.None),
            $"Reasoning.Effort {options.Reasoning?.Effort} is not supported by {Client}: None, or a variable that the model's template knows, by {nameof(OnnxRequestOptions.TemplateVariables)}.");
        RefuseIf(
            options.Reasoning?.Output is not (null or ReasoningOutput.None),
            $"Reasoning.Output {options.Reasoning?.Output} is not supported by {Client}: a reply is one text.");

        void RefuseIf(bool condition, string message)
        {
            if (condition)
            {
                refused.Add(message);
            }
        }
    }

    /// <summary>The names that servers use for what ChatOptions lacks, so that the same options serve both; and what <see cref="ILengthWindow"/> put there.</summary>
    private static OnnxRequestOptions ReadAdditionalProperties(AdditionalPropertiesDictionary? properties, List<string> refused, out LengthWindow? window)
    {
        window = null;
        var read = new OnnxRequestOptions();
        foreach ((string name, object? value) in properties ?? [])
        {
            float? number = value switch
            {
                float single => single,
                double wide => (float)wide,
                int whole => whole,
                decimal exact => (float)exact,
                _ => null,
            };
            if (value is null)
            {
                continue;
            }

            if (name is "min_p" or "repetition_penalty" && number is not null)
            {
                read = name == "min_p" ? read with { MinP = number } : read with { RepetitionPenalty = number };
            }
            else if (name == LengthWindowCapability.PropertyName && value is LengthWindow wanted)
            {
                window = wanted;
            }
            else
            {
                refused.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"AdditionalProperties['{name}'] = {value} is not supported by {Client}: min_p and repetition_penalty with a number, {LengthWindowCapability.PropertyName} with a {nameof(LengthWindow)}."));
            }
        }

        return read;
    }

    private static OnnxRequestOptions ReadRaw(ChatOptions options, IChatClient client, List<string> refused)
    {
        object? raw = options.RawRepresentationFactory?.Invoke(client);
        if (raw is not (null or OnnxRequestOptions))
        {
            refused.Add($"RawRepresentationFactory returned {raw.GetType()}, which is not supported by {Client}: {typeof(OnnxRequestOptions)} or null.");
        }

        return raw as OnnxRequestOptions ?? new OnnxRequestOptions();
    }

    private static OnnxRequestOptions Explicit(ChatOptions options, OnnxRequestOptions extra) => extra with
    {
        Temperature = options.Temperature,
        TopK = options.TopK,
        TopP = options.TopP,
        PresencePenalty = options.PresencePenalty,
        FrequencyPenalty = options.FrequencyPenalty,
        MaxOutputTokens = options.MaxOutputTokens,
    };

    private static SamplingOptions ToSampling(OnnxRequestOptions merged, long seed) => new()
    {
        Temperature = merged.Temperature ?? 1,
        TopK = merged.TopK is 0 ? null : merged.TopK,
        TopP = merged.TopP,
        MinP = merged.MinP,
        PresencePenalty = merged.PresencePenalty ?? 0,
        FrequencyPenalty = merged.FrequencyPenalty ?? 0,
        RepetitionPenalty = merged.RepetitionPenalty ?? 1,
        LogitBias = merged.LogitBias,
        Seed = seed,
    };

    private void Validate(SamplingOptions sampling, OnnxRequestOptions merged, ChatOptions options)
    {
        List<string> errors = [];
        sampling.CollectErrors(vocabSize, errors);
        if (merged.MaxOutputTokens is < 1)
        {
            errors.Add($"MaxOutputTokens must be 1 or more but is {merged.MaxOutputTokens}.");
        }

        if (options.StopSequences?.Any(string.IsNullOrEmpty) is true)
        {
            errors.Add("StopSequences must not contain an empty string.");
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }
    }

    /// <summary>"No reasoning" is the variable enable_thinking of templates that know it; to others it says nothing, as they do not reason.</summary>
    private static IReadOnlyDictionary<string, object?>? Variables(OnnxRequestOptions merged, ReasoningOptions? reasoning) =>
        reasoning?.Effort != ReasoningEffort.None ? merged.TemplateVariables
            : new Dictionary<string, object?>(merged.TemplateVariables ?? new Dictionary<string, object?>()) { ["enable_thinking"] = false };
}
