namespace LongWriter.Onnx.Decoding;

/// <summary>What to continue, and how.</summary>
/// <param name="PromptIds">One token or more. Not copied: leave it alone until the request is over.</param>
/// <param name="Sampling">How tokens are chosen.</param>
/// <param name="MaxNewTokens">Tokens to generate at most, the stop token included. From 1 up.</param>
/// <param name="StopIds">Tokens that end the request; they are counted but not handed out. May be empty.</param>
internal sealed record DecodingRequest(ReadOnlyMemory<int> PromptIds, SamplingOptions Sampling, int MaxNewTokens, IReadOnlyList<int> StopIds)
{
    /// <summary>Has the last word on the logits of this request, or null.</summary>
    public ILogitsProcessor? LogitsProcessor { get; init; }

    /// <exception cref="ArgumentException">Something is out of range; the message has every reason.</exception>
    public void Validate(int vocabSize)
    {
        List<string> errors = [];
        if (PromptIds.IsEmpty)
        {
            errors.Add("PromptIds must hold 1 token or more but is empty.");
        }

        TokenIds.CollectErrors(PromptIds.Span, "PromptIds", vocabSize, errors);
        TokenIds.CollectErrors([.. StopIds], "StopIds", vocabSize, errors);
        if (MaxNewTokens < 1)
        {
            errors.Add($"MaxNewTokens must be 1 or more but is {MaxNewTokens}.");
        }

        Sampling.CollectErrors(vocabSize, errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors));
        }
    }
}
