using LongWriter.Onnx.Chat.Length;
using LongWriter.Onnx.Decoding;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Chat;

/// <summary>How a reply ended, as a chat client says it.</summary>
/// <param name="Result">What the engine says.</param>
/// <param name="IsStopSequence">True when a stop string was met.</param>
/// <param name="WindowEnd">How the request's length window ended it, or null.</param>
/// <param name="MaxNewTokens">The limit that the engine was given.</param>
/// <param name="RequestedTokens">The limit that the caller gave, or null.</param>
/// <param name="Seed">What the reply was drawn with.</param>
internal sealed record ReplyEnding(DecodingResult Result, bool IsStopSequence, LengthEnd? WindowEnd, int MaxNewTokens, int? RequestedTokens, long Seed)
{
    private bool IsClamped => RequestedTokens is null || RequestedTokens > MaxNewTokens;

    private string Cause =>
        IsStopSequence ? "stop_sequence"
        : Result.End switch
        {
            DecodingEnd.StopToken => "stop_token",
            DecodingEnd.MaxNewTokens when !IsClamped => "max_output_tokens",
            DecodingEnd.MaxNewTokens or DecodingEnd.ContextLimit => "context_limit",
            DecodingEnd.StoppedByCaller when WindowEnd == LengthEnd.AtBorder => "length_window",
            DecodingEnd.StoppedByCaller when WindowEnd == LengthEnd.Overrun => "length_window_overrun",
            _ => throw new InvalidOperationException($"The engine ended with {Result.End}, which nobody asked for."),
        };

    public ChatFinishReason FinishReason => Cause switch
    {
        "max_output_tokens" or "length_window_overrun" => ChatFinishReason.Length,
        "context_limit" => new ChatFinishReason("context_limit"),
        _ => ChatFinishReason.Stop,
    };

    /// <summary>Counts of drafts are told when there were any.</summary>
    public UsageDetails Usage => new()
    {
        InputTokenCount = Result.PromptTokens,
        CachedInputTokenCount = Result.CachedPromptTokens,
        OutputTokenCount = Result.GeneratedTokens,
        TotalTokenCount = (long)Result.PromptTokens + Result.GeneratedTokens,
        AdditionalCounts = Result.DraftedTokens == 0 ? null : new AdditionalPropertiesDictionary<long>
        {
            ["longwriter.drafted_tokens"] = Result.DraftedTokens,
            ["longwriter.accepted_tokens"] = Result.AcceptedTokens,
        },
    };

    public AdditionalPropertiesDictionary Properties
    {
        get
        {
            var properties = new AdditionalPropertiesDictionary { ["longwriter.end"] = Cause, ["longwriter.seed"] = Seed };
            if (RequestedTokens > MaxNewTokens)
            {
                properties["longwriter.max_output_tokens_clamped_to"] = MaxNewTokens;
            }

            if (Result.DroppedTokens > 0)
            {
                properties["longwriter.dropped_tokens"] = Result.DroppedTokens;
            }

            return properties;
        }
    }
}
