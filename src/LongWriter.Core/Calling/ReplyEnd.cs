using Microsoft.Extensions.AI;

namespace LongWriter.Calling;

/// <summary>Names the end of a reply.</summary>
internal static class ReplyEnd
{
    /// <summary>
    /// The cause, and a failure text where the cause is <see cref="EndCause.Error"/>. A missing finish reason is a stop, because many clients
    /// leave it out. A reply without visible text is empty, except where the end itself says why nothing came.
    /// </summary>
    public static (EndCause End, string? Failure) Of(ReplyDraft reply)
    {
        string text = reply.Text;
        EndCause end = reply.IsMarkedRefusal ? EndCause.Refusal : Read(reply.FinishReason);
        if (end is EndCause.Stop or EndCause.Length or EndCause.Repetition && string.IsNullOrWhiteSpace(text))
        {
            return (EndCause.Empty, null);
        }

        return end switch
        {
            EndCause.Stop when RefusalDetector.IsRefusal(text) => (EndCause.Refusal, null),
            EndCause.Error when reply.FinishReason == ChatFinishReason.ToolCalls => (end, "The model asked for a tool instead of writing; no tool was offered."),
            EndCause.Error => (end, $"The finish reason must be stop, length, content_filter, context_limit or repetition but is {reply.FinishReason}."),
            _ => (end, null),
        };
    }

    // The words in the second places are what servers other than OpenAI's say. An unknown word is an error: a text that
    // may be cut must not pass as finished.
    private static EndCause Read(ChatFinishReason? reason) =>
        reason is not { } known ? EndCause.Stop
        : Is(known, "stop", "end_turn", "stop_sequence", "eos") ? EndCause.Stop
        : Is(known, "length", "max_tokens") ? EndCause.Length
        : Is(known, "content_filter", "safety") ? EndCause.ContentFilter
        : Is(known, "refusal") ? EndCause.Refusal
        : Is(known, "context_limit", "context", "model_context_window_exceeded") ? EndCause.ContextLimit
        : Is(known, "repetition") ? EndCause.Repetition
        : EndCause.Error;

    private static bool Is(ChatFinishReason reason, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (reason.Value.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
