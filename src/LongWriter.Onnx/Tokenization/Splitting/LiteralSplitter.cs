namespace LongWriter.Onnx.Tokenization.Splitting;

/// <summary>Cuts at each occurrence of a fixed text.</summary>
internal sealed class LiteralSplitter(string literal, bool dropsMatches, bool dropsGaps) : PieceSplitter
{
    public override int Next(ReadOnlySpan<char> text, int start, out bool keep)
    {
        int found = text[start..].IndexOf(literal, StringComparison.Ordinal);
        keep = found == 0 ? !dropsMatches : !dropsGaps;
        return found switch
        {
            0 => start + literal.Length,
            > 0 => start + found,
            _ => text.Length,
        };
    }
}
