namespace LongWriter.Onnx.Chat.Length;

/// <summary>What kind of line a text stands in, or behind: prose, a heading, or code between fences.</summary>
internal sealed class LineTracker
{
    private const int FenceMarks = 3;

    private bool isBegun;
    private bool isInCode;
    private bool isHeading;
    private bool isFence;
    private int fenceMarks;

    /// <summary>Newlines since the last character that is no space.</summary>
    public int Newlines { get; private set; }

    /// <summary>Whether the line holds more than a number and its full stop.</summary>
    public bool HasText { get; private set; }

    /// <summary>Whether the last line with text is neither heading nor code. False before any text.</summary>
    public bool IsProse { get; private set; }

    public void Append(char c)
    {
        if (c == '\n')
        {
            Newlines++;
            HasText = false;
            return;
        }

        if (char.IsWhiteSpace(c))
        {
            return;
        }

        if (Newlines > 0 || !isBegun)
        {
            Begin(c);
        }

        if (fenceMarks >= 0)
        {
            CountFenceMark(c);
        }

        HasText |= !(char.IsAsciiDigit(c) || c == '.');
        IsProse = !(isHeading || isInCode || isFence);
    }

    private void Begin(char first)
    {
        isBegun = true;
        Newlines = 0;
        isHeading = first == '#';
        isFence = false;
        fenceMarks = 0;
    }

    /// <summary>Counts marks from the line's first character on; -1 once another character came.</summary>
    private void CountFenceMark(char c)
    {
        fenceMarks = c is '`' or '~' ? fenceMarks + 1 : -1;
        if (fenceMarks == FenceMarks)
        {
            isInCode = !isInCode;
            isFence = true;
        }
    }
}
