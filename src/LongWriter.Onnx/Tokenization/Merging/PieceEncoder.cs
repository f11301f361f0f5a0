namespace LongWriter.Onnx.Tokenization.Merging;

/// <summary>Turns one piece of text into ids. Holds no state: safe for concurrent use.</summary>
internal abstract class PieceEncoder
{
    /// <summary>Writes the ids of <paramref name="piece"/>.</summary>
    /// <param name="piece">Well-formed UTF-16.</param>
    /// <param name="ids">At least as long as the piece has bytes in UTF-8.</param>
    /// <returns>How many ids were written.</returns>
    public abstract int Encode(ReadOnlySpan<char> piece, Span<int> ids);
}
