using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LongWriter.Calling;

/// <summary>What a call logs. What is read and written appears at Trace only.</summary>
internal static partial class CallLog
{
    [LoggerMessage(1, LogLevel.Debug, "Model call started with {MessageCount} messages.")]
    public static partial void Started(ILogger logger, int messageCount);

    [LoggerMessage(
        2,
        LogLevel.Debug,
        "Model call completed: {End} after {Attempts} tries, {CharCount} chars, {InputTokens} input and {OutputTokens} output tokens, finish reason {FinishReason}.")]
    public static partial void Completed(
        ILogger logger, EndCause end, int attempts, int charCount, long inputTokens, long outputTokens, string? finishReason);

    [LoggerMessage(3, LogLevel.Warning, "Try {Attempt} of {MaxAttempts} of a model call failed; the next one follows in {Delay}.")]
    public static partial void Retrying(ILogger logger, Exception exception, int attempt, int maxAttempts, TimeSpan delay);

    [LoggerMessage(4, LogLevel.Warning, "Model call failed after {Attempts} tries.")]
    public static partial void Failed(ILogger logger, Exception exception, int attempts);

    /// <summary>The messages of a call.</summary>
    public static void Prompt(ILogger logger, IReadOnlyList<ChatMessage> messages)
    {
        if (logger.IsEnabled(LogLevel.Trace))
        {
            foreach (ChatMessage message in messages)
            {
                PromptMessage(logger, message.Role.Value, message.Text);
            }
        }
    }

    [LoggerMessage(6, LogLevel.Trace, "Model replies: {Text}")]
    public static partial void Reply(ILogger logger, string text);

    [LoggerMessage(5, LogLevel.Trace, "Model reads from {Role}: {Text}", SkipEnabledCheck = true)]
    private static partial void PromptMessage(ILogger logger, string role, string text);
}
