namespace LongWriter.Calling;

/// <summary>What came of a call.</summary>
/// <param name="Text">Visible text of the try that succeeded, reasoning removed; "" when <see cref="End"/> is <see cref="EndCause.Error"/>.</param>
/// <param name="End">Why the text ended.</param>
/// <param name="Usage">Tokens of all tries, as far as the client reported them; one call when a try was answered, none when all failed.</param>
/// <param name="ModelId">The model that answered, or null when the client does not say.</param>
/// <param name="FinishReason">The client's finish reason as it came, or null.</param>
/// <param name="Attempts">Tries made, from 1.</param>
/// <param name="Failure">What went wrong, or null. Set when <see cref="End"/> is <see cref="EndCause.Error"/>, and when a prompt did not fit the context.</param>
internal sealed record CallResult(
    string Text, EndCause End, TokenUsage Usage, string? ModelId, string? FinishReason, int Attempts, string? Failure);
