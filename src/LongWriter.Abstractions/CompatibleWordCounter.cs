namespace LongWriter;

/// <summary>
/// Counts as <c>count_words</c> in evaluation/pred.py of THUDM/LongWriter does, so that scores compare with published ones:
/// code points U+4E00 to U+9FFF, plus matches of <c>\b[a-zA-Z]+\b</c>.
/// </summary>
/// <remarks>
/// .NET's <c>\b</c> is not Python's (it differs for marks, joiners, superscripts, Roman numerals and beyond the BMP), so the text is
/// scanned: a run of ASCII letters counts when neither neighbouring code point is in Python's <c>\w</c>. Known quirks that are kept:
/// "don't" is 2, "café" and "GPT4" are 0, a Latin word that touches a Chinese character is lost, kana and Hangul are 0.
/// </remarks>
internal sealed class CompatibleWordCounter : WordCounter
{
    public override string Name => "compatible";

    public override int Count(ReadOnlySpan<char> text)
    {
        int count = 0;
        int position = 0;
        int nextAsciiBlock = 0;
        bool afterWordCharacter = false;
        while (position < text.Length)
        {
            char unit = text[position];
            if (IsIdeograph(unit) && TextBlock.Fits(text, position))
            {
                position += TextBlock.CountCharacters(text[position..], kana: false, ref count);
                afterWordCharacter = IsIdeograph(text[position - 1]);
                continue;
            }

            if (char.IsAscii(unit) && !afterWordCharacter && position >= nextAsciiBlock && TextBlock.Fits(text, position))
            {
                int taken = TextBlock.CountLetterRuns(text[position..], ref count);
                position += taken;
                if (taken > 0)
                {
                    continue;
                }

                nextAsciiBlock = position + TextBlock.RetryAfter;
            }

            if (char.IsAsciiLetter(unit))
            {
                position = EndOfLetters(text, position);
                bool beforeWordCharacter = position < text.Length && PythonWordTable.ContainsAt(text, position, out _);
                count += afterWordCharacter || beforeWordCharacter ? 0 : 1;
                afterWordCharacter = true;
            }
            else
            {
                count += IsIdeograph(unit) ? 1 : 0;
                afterWordCharacter = PythonWordTable.ContainsAt(text, position, out int units);
                position += units;
            }
        }

        return count;
    }

    private static bool IsIdeograph(char unit) => unit is >= '\u4E00' and <= '\u9FFF';

    private static int EndOfLetters(ReadOnlySpan<char> text, int position)
    {
        while (position < text.Length && char.IsAsciiLetter(text[position]))
        {
            position++;
        }

        return position;
    }
}
