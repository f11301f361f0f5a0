using Microsoft.Extensions.AI;

namespace LongWriter.Calling;

/// <summary>One call to make.</summary>
/// <param name="Messages">What the model sees; every try sees the same.</param>
/// <param name="Options">Options of the call, or null. Never changed: every try gets a clone of its own.</param>
/// <param name="RetrySeed">Tells calls of one run apart, so that parallel calls do not wait for the same times; the call's number serves.</param>
internal sealed record ModelCall(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options = null, int RetrySeed = 0);
