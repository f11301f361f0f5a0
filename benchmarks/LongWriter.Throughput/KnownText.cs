using LongWriter.Onnx.Decoding;

namespace LongWriter.Throughput;

/// <summary>Drafts what will come, since it is known: all drafts are right, so that a step has as many rows as are wanted.</summary>
internal sealed class KnownText : IDrafter
{
    /// <summary>The prompt and what is to be generated.</summary>
    public int[] Text { get; set; } = [];

    public void Restart()
    {
        // It keeps nothing of a text.
    }

    public int Draft(ReadOnlySpan<int> known, Span<int> draft)
    {
        int count = Math.Clamp(Text.Length - known.Length, 0, draft.Length);
        Text.AsSpan(known.Length, count).CopyTo(draft);
        return count;
    }

    public void Dispose()
    {
        // Nothing native.
    }
}
