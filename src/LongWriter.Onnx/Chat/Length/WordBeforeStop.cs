namespace LongWriter.Onnx.Chat.Length;

/// <summary>The last letters, digits and inner stops of a text, to tell an abbreviation from the end of a sentence.</summary>
internal sealed class WordBeforeStop
{
    private const int LongestAbbreviation = 6;

    private static readonly string[] Titles =
        ["Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "St", "Rev", "Hon", "Gen", "Col", "Maj", "Capt", "Cmdr", "Lt", "Sgt", "Gov", "Sen", "Rep", "Pres", "Mt", "Ft"];

    // Words that something always follows.
    private static readonly string[] Leading = ["vs", "cf", "viz", "approx", "pp"];

    private readonly char[] letters = new char[LongestAbbreviation];
    private int length;
    private bool hasInnerStop;
    private bool isAfterStop;

    /// <summary>Whether a full stop right here would leave the sentence open: "Dr", "vs", an initial, "e.g", "U.S". A word of one letter is one, but "I".</summary>
    public bool GoesOnAfterStop
    {
        get
        {
            ReadOnlySpan<char> word = letters.AsSpan(0, Math.Min(length, LongestAbbreviation));
            return hasInnerStop
                || (length == 1 && char.IsAsciiLetter(word[0]) && word[0] != 'I')
                || (length <= LongestAbbreviation && (Contains(Titles, word, StringComparison.Ordinal) || Contains(Leading, word, StringComparison.OrdinalIgnoreCase)));
        }
    }

    public void Append(char c)
    {
        // An apostrophe belongs to its word: the "t" of "can't" is no initial.
        if (char.IsLetterOrDigit(c) || (c is '\'' or '’' && length > 0))
        {
            hasInnerStop |= isAfterStop;
            isAfterStop = false;
            if (length < LongestAbbreviation)
            {
                letters[length] = c;
            }

            length++;
        }
        else if (c == '.' && length > 0 && !isAfterStop)
        {
            isAfterStop = true;
        }
        else
        {
            (length, hasInnerStop, isAfterStop) = (0, false, false);
        }
    }

    private static bool Contains(string[] words, ReadOnlySpan<char> word, StringComparison comparison)
    {
        foreach (string known in words)
        {
            if (word.Equals(known, comparison))
            {
                return true;
            }
        }

        return false;
    }
}
