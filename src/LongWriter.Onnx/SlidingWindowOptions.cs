using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx;

/// <summary>
/// What a reply keeps when the context is full and it goes on: the first tokens (sinks) and the last ones; those between are dropped, and the model no longer sees them. The kept tokens are
/// read again, so the reply is what the model says to a fresh prompt made of them.
/// </summary>
/// <remarks>
/// Each time the window slides, <see cref="KeptTokens"/> are read for as many new tokens as the context has beyond sinks and kept tokens; so the more is kept, the more is read.
/// The two together must be less than the context.
/// </remarks>
public sealed record SlidingWindowOptions
{
    /// <summary>First tokens that are never dropped. From 0 up; null, the default, is the prompt, up to a quarter of the context.</summary>
    public int? SinkTokens { get; init; }

    /// <summary>Last tokens that stay when the window slides. From 1 up; null, the default, is half of the context.</summary>
    public int? KeptTokens { get; init; }

    internal SlidingWindow ToWindow() => new(SinkTokens, KeptTokens);
}
