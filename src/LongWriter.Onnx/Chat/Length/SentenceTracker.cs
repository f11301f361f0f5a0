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
    private int followedSentences;

    /// <summary>Whether a sentence is complete here, with its closing quotes; space may follow.</summary>
    public bool IsAtEnd => IsComplete && pairs.MissingCloser is null;

    /// <summary>The mark that alone is missing to the end of a sentence, as in <c>“He left.</c>, or null.</summary>
    public char? MissingCloser => IsComplete ? pairs.MissingCloser : null;

    /// <summary>Whether a blank line closes a paragraph here, with a stop or without: verses and lists have none.</summary>
    public bool IsAtBlankLine => line.Newlines > 1 && line.IsProse;

    /// <summary>Newlines that the text ends with.</summary>
    public int Newlines => line.Newlines;

    /// <summary>Complete sentences, those inside quotes too: the ones that something followed, and the one behind which the text stands.</summary>
    public int Sentences => followedSentences + (IsComplete ? 1 : 0);

    /// <summary>The last character, or '\0'.</summary>
    public char Last => previous;

    private bool IsComplete => isStopped && line.IsProse;

    public void Append(ReadOnlySpan<char> piece)
    {
        foreach (char c in piece)
        {
            Append(c);
        }
    }

    private void Append(char c)
    {
        bool wasComplete = IsComplete;
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
            followedSentences += wasComplete ? 1 : 0;
            (isStopped, isAfterNumber) = (false, false);
        }

        word.Append(c);
        previous = c;
    }
}
