namespace LongWriter.Onnx.Chat;

/// <summary>
/// How a reply is sampled and rendered. Null leaves a value to the level below: what ChatOptions says comes first, then the object that
/// <c>ChatOptions.RawRepresentationFactory</c> returns, then the client's defaults, then the model's
/// generation_config.json, then the value named here.
/// </summary>
public sealed record OnnxRequestOptions
{
    /// <summary>Logits are divided by it. 0 selects the most likely token. Range [0, 2]; 1 when nothing says otherwise.</summary>
    public float? Temperature { get; init; }

    /// <summary>Only this many of the most likely tokens may be drawn. From 1 up; 0 or nothing is all.</summary>
    public int? TopK { get; init; }

    /// <summary>Only the fewest most likely tokens whose probabilities sum to this much may be drawn. Range (0, 1]; nothing is all.</summary>
    public float? TopP { get; init; }

    /// <summary>Only tokens with at least this fraction of the most likely token's probability may be drawn. Range [0, 1]; nothing is all.</summary>
    public float? MinP { get; init; }

    /// <summary>Subtracted from the logit of every token generated at least once. Range [-2, 2]; 0, which is nothing, by default.</summary>
    public float? PresencePenalty { get; init; }

    /// <summary>Subtracted from a token's logit once for each time it was generated. Range [-2, 2]; 0, which is nothing, by default.</summary>
    public float? FrequencyPenalty { get; init; }

    /// <summary>Makes tokens of prompt and reply less likely by a factor. Range [0.1, 10]; 1, which is nothing, by default.</summary>
    public float? RepetitionPenalty { get; init; }

    /// <summary>Added to the logits of these token ids. Range of a value [-100, 100].</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>Tokens of the reply at most, from 1 up; nothing is what the context leaves.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>More variables for the chat template, such as enable_thinking: null, bool, int, long, double, string, lists, dictionaries, JsonElement.</summary>
    public IReadOnlyDictionary<string, object?>? TemplateVariables { get; init; }

    /// <summary>These values, and where one is null that of <paramref name="below"/>. Dictionaries replace each other as a whole.</summary>
    internal OnnxRequestOptions Over(OnnxRequestOptions below) => new()
    {
        Temperature = Temperature ?? below.Temperature,
        TopK = TopK ?? below.TopK,
        TopP = TopP ?? below.TopP,
        MinP = MinP ?? below.MinP,
        PresencePenalty = PresencePenalty ?? below.PresencePenalty,
        FrequencyPenalty = FrequencyPenalty ?? below.FrequencyPenalty,
        RepetitionPenalty = RepetitionPenalty ?? below.RepetitionPenalty,
        LogitBias = LogitBias ?? below.LogitBias,
        MaxOutputTokens = MaxOutputTokens ?? below.MaxOutputTokens,
        TemplateVariables = TemplateVariables ?? below.TemplateVariables,
    };
}
