namespace LongWriter.Onnx.Chat.Length;

/// <summary>How a length window ended a reply.</summary>
internal enum LengthEnd
{
    /// <summary>Where a sentence ends, as near to the target as sentences allow.</summary>
    AtBorder,

    /// <summary>In mid-sentence, because no sentence ended soon enough beyond the maximum.</summary>
    Overrun,
}
