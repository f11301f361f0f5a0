namespace LongWriter.Text;

internal enum RepetitionTokenKind : byte
{
    None,

    /// <summary>A word, or a character of a script written without spaces.</summary>
    Word,

    /// <summary>A number, or one character of punctuation or symbol.</summary>
    Symbol,
}

/// <summary>A token by its hash, with its place in the whole text (UTF-16, end exclusive).</summary>
internal readonly record struct RepetitionToken(ulong Hash, int Start, int End, RepetitionTokenKind Kind);

/// <summary>
/// Cuts a stream of characters into words, single characters of Chinese and the like, numbers and signs. White space parts and vanishes,
/// so a loop is found whatever its line breaks.
/// </summary>
internal sealed class RepetitionTokenizer
{
    // Text without any space still becomes tokens.
    private const int LongestWord = 32;

    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private ulong _hash = FnvOffset;
    private int _wordLength;
    private bool _hasLetter;

    /// <summary>Takes the character at <paramref name="position"/> of the text; up to two tokens end there, the word before it and itself.</summary>
    public bool TryAppend(char c, int position, out RepetitionToken first, out RepetitionToken second)
    {
        first = second = default;
        bool alone = IsWrittenWithoutSpaces(c) || !char.IsLetterOrDigit(c);
        if (!alone)
        {
            if (_wordLength == LongestWord)
            {
                first = EndWord(position);
            }

            _hash = (_hash ^ c) * FnvPrime;
            _wordLength++;
            _hasLetter |= char.IsLetter(c);
            return first.Kind != RepetitionTokenKind.None;
        }

        if (_wordLength > 0)
        {
            first = EndWord(position);
        }

        if (!char.IsWhiteSpace(c))
        {
            RepetitionTokenKind kind = char.IsLetter(c) ? RepetitionTokenKind.Word : RepetitionTokenKind.Symbol;
            second = new RepetitionToken((FnvOffset ^ c) * FnvPrime, position, position + 1, kind);
        }

        return first.Kind != RepetitionTokenKind.None || second.Kind != RepetitionTokenKind.None;
    }

    private RepetitionToken EndWord(int end)
    {
        RepetitionTokenKind kind = _hasLetter ? RepetitionTokenKind.Word : RepetitionTokenKind.Symbol;
        var token = new RepetitionToken(_hash, end - _wordLength, end, kind);
        _hash = FnvOffset;
        _wordLength = 0;
        _hasLetter = false;
        return token;
    }

    // Thai, Lao, Burmese, Khmer, and all from the CJK radicals on (Hangul too; a surrogate is a sign of its own).
    private static bool IsWrittenWithoutSpaces(char c) =>
        c is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF') or >= '\u2E80';
}
