namespace LongWriter.Onnx.Chat.Length;

/// <summary>
/// Counts the words of a text that comes in pieces. Always what the counter says of the whole text, at the cost of its last word: what lies before the
/// last place that no word can cross is counted once and dropped. Allocates only when a text has no such place for long.
/// </summary>
internal sealed class RunningWordCount(WordCounter counter)
{
    private char[] tail = new char[256];
    private int tailLength;
    private int settledWords;

    /// <summary>Words of all pieces together.</summary>
    public int Words { get; private set; }

    /// <param name="piece">Whole characters: no pair of surrogates is split.</param>
    public void Append(ReadOnlySpan<char> piece)
    {
        int start = tailLength;
        tailLength += piece.Length;
        if (tailLength > tail.Length)
        {
            Array.Resize(ref tail, Math.Max(tailLength, 2 * tail.Length));
        }

        piece.CopyTo(tail.AsSpan(start));
        Settle(LastCut(tail.AsSpan(0, tailLength), start));
        Words = settledWords + counter.Count(tail.AsSpan(0, tailLength));
    }

    private void Settle(int cut)
    {
        if (cut > 0)
        {
            settledWords += counter.Count(tail.AsSpan(0, cut));
            tail.AsSpan(cut, tailLength - cut).CopyTo(tail);
            tailLength -= cut;
        }
    }

    /// <summary>
    /// The last index from <paramref name="start"/> on at which both parts count as they do together, or 0: before a space or newline, or between two
    /// ideographs. Marks that may follow stay with the character behind the cut.
    /// </summary>
    private static int LastCut(ReadOnlySpan<char> text, int start)
    {
        for (int i = text.Length - 1; i >= Math.Max(1, start); i--)
        {
            if (text[i] is ' ' or '\n' || (IsIdeograph(text[i]) && IsIdeograph(text[i - 1])))
            {
                return i;
            }
        }

        return 0;
    }

    private static bool IsIdeograph(char unit) => unit is >= '\u4E00' and <= '\u9FFF';
}
