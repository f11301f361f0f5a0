namespace LongWriter.Onnx.Decoding;

/// <summary>How a full context makes room: sinks and the last tokens stay, what is between goes.</summary>
/// <param name="SinkTokens">First tokens that stay; null for those of the prompt, up to a quarter of the context.</param>
/// <param name="KeptTokens">Last tokens that stay; null for half of the context.</param>
internal sealed record SlidingWindow(int? SinkTokens, int? KeptTokens)
{
    public int Sinks(int promptTokens, int contextTokens) => SinkTokens ?? Math.Min(promptTokens, contextTokens / 4);

    public int Kept(int contextTokens) => KeptTokens ?? contextTokens / 2;

    public void CollectErrors(List<string> errors)
    {
        if (SinkTokens is < 0)
        {
            errors.Add($"SlidingWindow.SinkTokens must be 0 or more but is {SinkTokens}.");
        }

        if (KeptTokens is < 1)
        {
            errors.Add($"SlidingWindow.KeptTokens must be 1 or more but is {KeptTokens}.");
        }
    }

    /// <exception cref="ArgumentException">What stays would fill the context.</exception>
    public void RequireRoom(int contextTokens)
    {
        long sinks = Sinks(int.MaxValue, contextTokens);
        if (sinks + Kept(contextTokens) >= contextTokens)
        {
            throw new ArgumentException($"SlidingWindow must leave room for a token but {sinks} sinks and {Kept(contextTokens)} kept tokens fill the context of {contextTokens}.");
        }
    }
}
