namespace LongWriter.Onnx.Chat.Length;

/// <summary>Quotes and brackets that are open, innermost last. Straight single quotes do not count, as most are apostrophes. Allocates nothing.</summary>
internal sealed class OpenPairs
{
    private const string Openers = "\"‘“«「『([（【《〈〔［｢";

    /// <summary>Deeper ones are not followed.</summary>
    private const int MaxDepth = 8;

    private readonly char[] missing = new char[MaxDepth];
    private int depth;

    /// <summary>Marks that close a pair, in the order of those that open one.</summary>
    public static string Closers => "\"’”»」』)]）】》〉〕］｣";

    /// <summary>The mark that closes the innermost pair, or null when none is open.</summary>
    public char? MissingCloser => depth > 0 ? missing[depth - 1] : null;

    public void Reset() => depth = 0;

    /// <summary>True when the character opens a pair.</summary>
    public bool Append(char c)
    {
        // A closing mark closes what was opened inside, too; one that nothing opened says nothing.
        int closed = missing.AsSpan(0, depth).LastIndexOf(c);
        if (closed >= 0)
        {
            depth = closed;
            return false;
        }

        int opener = Openers.IndexOf(c, StringComparison.Ordinal);
        if (opener < 0)
        {
            return false;
        }

        if (depth < MaxDepth)
        {
            missing[depth++] = Closers[opener];
        }

        return true;
    }
}
