namespace LongWriter.Onnx.Chat.Length;

/// <summary>
/// Sees, character by character, whether a text stands at the end of a sentence. What follows is not known yet, so in doubt there is no end: not inside
/// quotes, brackets, headings or code, not after a number ("3." may become "3.14") or an abbreviation. Allocates nothing.
/// </summary>
internal sealed class SentenceTracker
{
    private readonly WordBeforeStop word = new();
    private readonly OpenPairs pairs = new();
    private readonly LineTracker line = new();
    private char previous;
    private bool isStopped;
    private bool isAfterNumber;
    private int followedEnds;

    /// <summary>Whether a sentence is complete here, with its closing quotes; space may follow.</summary>
    public bool IsAtEnd => isStopped && pairs.AreClosed && line.IsProse;

    /// <summary>Whether a blank line closes a paragraph here, with a stop or without: verses and lists have none.</summary>
    public bool IsAtBlankLine => line.Newlines > 1 && line.IsProse;

    /// <summary>Newlines that the text ends with.</summary>
    public int Newlines => line.Newlines;

    /// <summary>Sentences before this place: ends that something followed, and the one at which the text stands.</summary>
    public int Sentences => followedEnds + (IsAtEnd ? 1 : 0);

    public void Append(ReadOnlySpan<char> piece)
    {
        foreach (char c in piece)
        {
            Append(c);
        }
    }

    private void Append(char c)
    {
        bool wasAtEnd = IsAtEnd;
        bool wasProse = line.IsProse;
        bool hadLineText = line.HasText;
        line.Append(c);
        if (c == '\n')
        {
            // A quote that a line leaves open was none, or goes on in the next paragraph with a mark of its own.
            isStopped |= isAfterNumber && wasProse && hadLineText;
            pairs.Reset();
        }

        bool opens = pairs.Append(c);
        if (SentenceMarks.IsStop(c))
        {
            isAfterNumber = c == '.' && char.IsAsciiDigit(previous);
            isStopped = SentenceMarks.IsStop(previous) || (!isAfterNumber && (c != '.' || !word.GoesOnAfterStop));
        }
        else if (opens || !(char.IsWhiteSpace(c) || (SentenceMarks.IsCloser(c) && !char.IsWhiteSpace(previous))))
        {
            followedEnds += wasAtEnd ? 1 : 0;
            (isStopped, isAfterNumber) = (false, false);
        }

        word.Append(c);
        previous = c;
    }
}
