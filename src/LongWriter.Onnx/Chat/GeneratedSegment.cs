namespace LongWriter.Onnx.Chat;

/// <summary>Generated text with the ids it was generated with. Sampled text mostly re-encodes to other ids, which no kept key or value would fit.</summary>
/// <param name="Text">The text as decoded.</param>
/// <param name="Ids">Its ids.</param>
/// <param name="CharEnds">Where in the text each id ends; -1 where it ends inside a character.</param>
internal sealed record GeneratedSegment(string Text, int[] Ids, int[] CharEnds)
{
    /// <summary>The most ids whose text is a beginning of <paramref name="text"/>.</summary>
    /// <param name="text">The text to render.</param>
    /// <param name="charCount">Characters that those ids stand for.</param>
    /// <returns>The number of ids, 0 when there is none.</returns>
    public int Match(ReadOnlySpan<char> text, out int charCount)
    {
        int common = text.CommonPrefixLength(Text);
        for (int count = Ids.Length; count > 0; count--)
        {
            if (CharEnds[count - 1] is > 0 and int end && end <= common)
            {
                charCount = end;
                return count;
            }
        }

        charCount = 0;
        return 0;
    }
}
