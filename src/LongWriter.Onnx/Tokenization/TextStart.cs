namespace LongWriter.Onnx.Tokenization;

/// <summary>What stands before a text; families that write a space before texts ask for it.</summary>
internal enum TextStart
{
    /// <summary>Nothing: the whole text begins here.</summary>
    Beginning,

    /// <summary>An added token, or a cut: a text of its own, but not the beginning.</summary>
    Apart,

    /// <summary>Text that this one goes on from, encoded in an earlier call.</summary>
    Within,
}
