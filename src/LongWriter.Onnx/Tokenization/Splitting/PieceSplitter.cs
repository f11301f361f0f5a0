namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>Cuts text into pieces, one step at a time. Holds no state: safe for concurrent use.</summary>
internal abstract class PieceSplitter
{
    /// <summary>The end of the piece that begins at <paramref name="start"/>.</summary>
    /// <param name="text">Well-formed UTF-16; nothing outside of it is looked at.</param>
    /// <param name="start">Where the last piece ended, before the end of the text.</param>
    /// <param name="keep">False when the piece is to be dropped.</param>
    /// <returns>An index behind <paramref name="start"/>.</returns>
    public abstract int Next(ReadOnlySpan<char> text, int start, out bool keep);
}
