namespace LongWriter.Onnx.Chat.Length;

/// <summary>Quotes and brackets that are open. Straight single quotes do not count, as most are apostrophes; curly ones close only what they opened.</summary>
internal sealed class OpenPairs
{
    private int depth;
    private int singleQuotes;
    private bool isStraightOpen;

    public bool AreClosed => depth == 0 && singleQuotes == 0 && !isStraightOpen;

    public void Reset() => (depth, singleQuotes, isStraightOpen) = (0, 0, false);

    /// <summary>True when the character opens a pair.</summary>
    public bool Append(char c)
    {
        switch (c)
        {
            case '"':
                isStraightOpen = !isStraightOpen;
                return isStraightOpen;
            case '‘':
                singleQuotes++;
                return true;
            case '’':
                singleQuotes = Math.Max(0, singleQuotes - 1);
                return false;
            case '“' or '«' or '「' or '『' or '(' or '[' or '（' or '【' or '《' or '〈' or '〔' or '［' or '｢':
                depth++;
                return true;
            case '”' or '»' or '」' or '』' or ')' or ']' or '）' or '】' or '》' or '〉' or '〕' or '］' or '｣':
                depth = Math.Max(0, depth - 1);
                return false;
            default:
                return false;
        }
    }
}
