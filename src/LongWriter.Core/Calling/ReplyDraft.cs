using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LongWriter.Calling;

/// <summary>One try's reply as it grows: a fold over the client's updates. Reasoning content is dropped, usage is summed.</summary>
internal sealed class ReplyDraft
{
    private readonly ReasoningFilter filter = new();
    private readonly StringBuilder text = new();
    private ErrorContent? error;

    /// <summary>Visible text so far.</summary>
    public string Text => text.ToString();

    /// <summary>Tokens reported so far.</summary>
    public TokenUsage Usage { get; private set; }

    /// <summary>The last model named, or null.</summary>
    public string? ModelId { get; private set; }

    /// <summary>The last finish reason given, or null.</summary>
    public ChatFinishReason? FinishReason { get; private set; }

    /// <summary>True when the client itself says that the model refused.</summary>
    public bool IsMarkedRefusal { get; private set; }

    /// <summary>Takes one update and returns what changes for a reader.</summary>
    public FilteredText Append(ChatResponseUpdate update)
    {
        ModelId = update.ModelId ?? ModelId;
        FinishReason = update.FinishReason ?? FinishReason;
        IsMarkedRefusal |= update.AdditionalProperties?.GetValueOrDefault("refusal") is true or JsonElement { ValueKind: JsonValueKind.True };
        FilteredText change = default;
        foreach (AIContent content in update.Contents)
        {
            switch (content)
            {
                case TextContent { Text.Length: > 0 } visible:
                    change = change.Then(filter.Append(visible.Text));
                    break;
                case UsageContent { Details: { } details }:
                    Usage += new TokenUsage(details.InputTokenCount ?? 0, details.CachedInputTokenCount ?? 0, details.OutputTokenCount ?? 0, Calls: 0);
                    break;
                case ErrorContent { ErrorCode: { } code } when code.Equals("Refusal", StringComparison.OrdinalIgnoreCase):
                    // How OpenAI's adapter of Microsoft.Extensions.AI reports a structured refusal.
                    IsMarkedRefusal = true;
                    break;
                case ErrorContent reported:
                    error = reported;
                    break;
            }
        }

        return Keep(change);
    }

    /// <summary>Ends the reply and returns what was held back.</summary>
    public FilteredText Complete() => Keep(filter.Complete());

    /// <summary>
    /// An error that arrived as content fails the try unless the reply went on to an end of its own. Two codes of OpenAI's Responses API
    /// mean that the same call may succeed later.
    /// </summary>
    /// <exception cref="ModelCallException">The reply broke off with an error, or holds nothing else.</exception>
    public void ThrowIfFailed()
    {
        if (error is not null && !IsMarkedRefusal && (FinishReason is null || text.Length == 0))
        {
            string code = error.ErrorCode is null ? "" : $" ({error.ErrorCode})";
            throw new ModelCallException($"The client reported an error{code}: {error.Message}", error.ErrorCode is "server_error" or "rate_limit_exceeded");
        }
    }

    private FilteredText Keep(FilteredText change)
    {
        text.Length -= change.RetractedChars;
        text.Append(change.Text);
        return change;
    }
}
