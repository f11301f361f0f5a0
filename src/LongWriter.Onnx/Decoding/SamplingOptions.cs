using static System.FormattableString;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// How the next token is chosen. The order is: repetition penalty, presence and frequency penalty, bias, the request's logits processor, temperature, top-k, top-p, min-p, draw. A filter sees what the one before it left, with
/// probabilities that sum to 1 again.
/// </summary>
internal sealed record SamplingOptions
{
    /// <summary>The most likely token, always.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>Logits are divided by it. 0 selects the most likely token, the smallest id among equals. Range [0, 2]; the default is 1.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Only this many of the most likely tokens may be drawn; of equals the smaller ids. From 1 up; null for all.</summary>
    public int? TopK { get; init; }

    /// <summary>Only the fewest most likely tokens whose probabilities sum to this much may be drawn. Range (0, 1]; null for all.</summary>
    public float? TopP { get; init; }

    /// <summary>Only tokens with at least this fraction of the most likely token's probability may be drawn. Range [0, 1]; null for all.</summary>
    public float? MinP { get; init; }

    /// <summary>Subtracted from the logit of every token generated at least once. Range [-2, 2]; the default is 0.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Subtracted from a token's logit once for each time it was generated. Range [-2, 2]; the default is 0.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>
    /// Divides the positive and multiplies the negative logits of tokens that the prompt or the generated text holds. Range [0.1, 10]; the default, 1,
    /// changes nothing. Source: the formula of CTRL (arXiv 1909.05858, section 4.1), with the sign rule that others use.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Added to the logits of these ids. Range of a value [-100, 100]; -100 in effect forbids. Null for none.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>The same seed gives the same tokens. Null for a seed that nobody knows.</summary>
    public long? Seed { get; init; }

    public bool CountsTokens => PresencePenalty != 0 || FrequencyPenalty != 0 || RepetitionPenalty != 1;

    /// <exception cref="ArgumentException">A value is out of range; the message has every reason.</exception>
    public void Validate(int vocabSize)
    {
        List<string> errors = [];
        CollectErrors(vocabSize, errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors));
        }
    }

    internal void CollectErrors(int vocabSize, List<string> errors)
    {
        // Written so that NaN fails too.
        Check(Temperature is >= 0 and <= 2, Invariant($"Temperature must be in [0, 2] but is {Temperature}."));
        Check(TopK is null or >= 1, Invariant($"TopK must be 1 or more but is {TopK}."));
        Check(TopP is null or (> 0 and <= 1), Invariant($"TopP must be in (0, 1] but is {TopP}."));
        Check(MinP is null or (>= 0 and <= 1), Invariant($"MinP must be in [0, 1] but is {MinP}."));
        Check(PresencePenalty is >= -2 and <= 2, Invariant($"PresencePenalty must be in [-2, 2] but is {PresencePenalty}."));
        Check(FrequencyPenalty is >= -2 and <= 2, Invariant($"FrequencyPenalty must be in [-2, 2] but is {FrequencyPenalty}."));
        Check(RepetitionPenalty is >= 0.1f and <= 10, Invariant($"RepetitionPenalty must be in [0.1, 10] but is {RepetitionPenalty}."));
        foreach ((int id, float bias) in LogitBias ?? new Dictionary<int, float>())
        {
            Check((uint)id < (uint)vocabSize, Invariant($"LogitBias must name ids in [0, {vocabSize - 1}] but names {id}."));
            Check(bias is >= -100 and <= 100, Invariant($"LogitBias[{id}] must be in [-100, 100] but is {bias}."));
        }

        void Check(bool good, string error)
        {
            if (!good)
            {
                errors.Add(error);
            }
        }
    }
}
