namespace LongWriter.Onnx;

/// <summary>
/// Guessing tokens ahead and checking the guesses in one step of the model, while one reply is generated alone. Every token is still drawn from the model's own
/// probabilities. In the reproducible profile the reply is the same, token by token, as without. A gate measures what guesses cost and how many are right, and
/// stops guessing where it does not pay.
/// </summary>
public sealed record SpeculationOptions
{
    /// <summary>Guess what followed the same tokens before in the prompt and the reply: names, headings, sentences that come again. The default is true.</summary>
    public bool PromptLookup { get; init; } = true;

    /// <summary>
    /// A smaller model with the same tokenizer that guesses where there is nothing to look up; a folder as <see cref="OnnxChatClientOptions.ModelFolder"/> names one. Null,
    /// the default, for none. It takes the memory of a model and of one conversation more.
    /// </summary>
    public string? DraftModelFolder { get; init; }

    /// <summary>Tokens guessed for one step at most. Range [1, 32]; the default is 7.</summary>
    public int MaxDraftTokens { get; init; } = 7;
}
