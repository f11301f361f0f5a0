namespace LongWriter.Text;

/// <summary>What a full stop after a word of English means.</summary>
internal enum StopMeaning
{
    /// <summary>The sentence ends.</summary>
    Ends,

    /// <summary>It goes on: "Dr. Lee", "e.g. this".</summary>
    GoesOn,

    /// <summary>It ends only where the text or paragraph ends: "in the U.S." but "the U.S. Senate".</summary>
    EndsAtEnd,
}

/// <summary>Tells the full stop of an abbreviation from that of a sentence. In doubt the sentence goes on: a border missed is no harm.</summary>
internal static class Abbreviations
{
    private const int LongestToken = 12;

    // Titles; "a rep." and "a gen." are words, so the capital counts.
    private static readonly string[] Titles =
    [
        "Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "St", "Rev", "Hon", "Gen", "Col", "Maj", "Capt", "Cmdr", "Lt", "Sgt", "Gov", "Sen", "Rep", "Pres", "Mt", "Ft",
    ];

    // Words that something always follows.
    private static readonly string[] Leading = ["vs", "cf", "viz", "approx", "pp", "i.e", "e.g"];

    // Words that may close a sentence, so that only what follows decides.
    private static readonly string[] Closing = ["etc", "a.m", "p.m", "inc", "ltd", "co", "corp", "jr", "sr", "al", "ph.d", "b.a", "m.a"];

    // Before a number: "No. 5", "p. 12", "fig. 3".
    private static readonly string[] Numbering =
        ["no", "nos", "p", "art", "sec", "sect", "ver", "fig", "figs", "eq", "eqs", "vol", "vols", "ch", "ca"];

    /// <summary>The meaning of the full stop at <paramref name="stop"/>; <paramref name="next"/> is the first character that follows, or '\0'.</summary>
    public static StopMeaning Of(ReadOnlySpan<char> text, int stop, char next)
    {
        int start = stop;
        while (start > 0 && stop - start <= LongestToken && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        ReadOnlySpan<char> token = text[start..stop];
        bool leads = Contains(Titles, token, StringComparison.Ordinal)
            || Contains(Leading, token, StringComparison.OrdinalIgnoreCase)
            || (char.IsDigit(next) && Contains(Numbering, token, StringComparison.OrdinalIgnoreCase));
        if (leads || IsListNumber(text, start, token))
        {
            return StopMeaning.GoesOn;
        }

        if (Contains(Closing, token, StringComparison.OrdinalIgnoreCase))
        {
            return StopMeaning.Ends;
        }

        return IsInitials(token) ? StopMeaning.EndsAtEnd : StopMeaning.Ends;
    }

    // "1." or "a." at the start of a line.
    private static bool IsListNumber(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> token)
    {
        bool number = token.Length is > 0 and <= 4 && !token.ContainsAnyExceptInRange('0', '9');
        if (!number && (token.Length != 1 || !char.IsAsciiLetterLower(token[0])))
        {
            return false;
        }

        while (start > 0 && text[start - 1] is '#' or '*' or ' ' or '\t')
        {
            start--;
        }

        return start == 0 || text[start - 1] == '\n';
    }

    // Letters with stops between them, or one capital: "U.S", "J". "I" alone is a word.
    private static bool IsInitials(ReadOnlySpan<char> token)
    {
        if (token.Length == 1)
        {
            return char.IsAsciiLetterUpper(token[0]) && token[0] != 'I';
        }

        for (int i = 0; i < token.Length; i++)
        {
            if (i % 2 == 0 ? !char.IsAsciiLetter(token[i]) : token[i] != '.')
            {
                return false;
            }
        }

        return token.Length % 2 == 1;
    }

    private static bool Contains(string[] words, ReadOnlySpan<char> token, StringComparison comparison)
    {
        foreach (string word in words)
        {
            if (token.Equals(word, comparison))
            {
                return true;
            }
        }

        return false;
    }
}
