namespace LongWriter.Text.Lengths;

/// <summary>
/// An instruction folded for matching, character by character, so that every place in it is the same place in the original:
/// lower case, full-width ASCII made half-width, dashes, spaces and apostrophes made one.
/// </summary>
internal sealed class FoldedText
{
    private readonly char[] folded;

    public FoldedText(string original)
    {
        folded = new char[original.Length];
        for (int index = 0; index < folded.Length; index++)
        {
            folded[index] = Fold(original[index]);
        }
    }

    public ReadOnlySpan<char> Span => folded;

    public int Length => folded.Length;

    /// <summary>The character at a place, or NUL outside the text.</summary>
    public char this[int index] => (uint)index < (uint)folded.Length ? folded[index] : '\0';

    /// <summary>Whether a phrase stands at a place; a phrase of letters must be whole words.</summary>
    public bool HasAt(int start, ReadOnlySpan<char> phrase) =>
        start >= 0
        && start + phrase.Length <= folded.Length
        && Span.Slice(start, phrase.Length).SequenceEqual(phrase)
        && !(char.IsAsciiLetter(phrase[0]) && char.IsAsciiLetterOrDigit(this[start - 1]))
        && !(char.IsAsciiLetter(phrase[^1]) && char.IsAsciiLetter(this[start + phrase.Length]));

    /// <summary>The first place at or after <paramref name="index"/> that is no blank.</summary>
    public int SkipBlanks(int index)
    {
        while (this[index] is ' ' or '\t')
        {
            index++;
        }

        return index;
    }

    /// <summary>The English word that starts at or after a place on the same clause, or nothing; moves past it.</summary>
    public ReadOnlySpan<char> NextWord(ref int index)
    {
        while (this[index] is ' ' or '\t' or '-')
        {
            index++;
        }

        int start = index;
        while (IsWordPart(this[index]))
        {
            index++;
        }

        return Span[start..index];
    }

    /// <summary>The English word that ends at or before a place on the same clause, or nothing; moves before it.</summary>
    public ReadOnlySpan<char> PreviousWord(ref int index)
    {
        while (this[index - 1] is ' ' or '\t' or '-')
        {
            index--;
        }

        int end = index;
        while (IsWordPart(this[index - 1]))
        {
            index--;
        }

        return Span[index..end];
    }

    private static bool IsWordPart(char character) => char.IsAsciiLetterOrDigit(character) || character is '\'';

    private static char Fold(char character) => character switch
    {
        '，' => '，', // kept apart from the comma, which may stand inside a number
        >= '！' and <= '～' => char.ToLowerInvariant((char)(character - '！' + '!')),
        '\u00A0' or '\u2007' or '\u2009' or '\u202F' or '\u3000' => ' ',
        '‐' or '‑' or '‒' or '–' or '—' or '―' or '−' => '-',
        '〜' => '~',
        '’' or '‘' => '\'',
        '個' => '个',
        _ => char.ToLowerInvariant(character),
    };
}
