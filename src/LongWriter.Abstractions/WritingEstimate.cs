namespace LongWriter;

/// <summary>What a document would take, estimated without calling the model.</summary>
/// <param name="Calls">Calls to the model, planning included, when nothing has to be repaired or continued.</param>
/// <param name="InputTokens">Tokens read over all calls, cached or not.</param>
/// <param name="CacheableInputTokens">Of those, tokens that repeat the beginning of the call before, so a cache may serve them.</param>
/// <param name="OutputTokens">Tokens generated.</param>
public sealed record WritingEstimate(int Calls, long InputTokens, long CacheableInputTokens, long OutputTokens);
