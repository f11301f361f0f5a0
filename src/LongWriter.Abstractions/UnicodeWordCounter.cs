namespace LongWriter;

/// <summary>Counts words by Unicode's word segmentation (UAX #29), and characters where a script has no word spaces.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A segment that holds a letter or decimal digit counts 1: "don't", "café", "GPT4", "3.14", "e.g" and a Hangul word are one each,
/// "well-known" is two. Numbers that are signs (², ½, ①), symbols and emoji count 0.</item>
/// <item>Each ideograph (every extension, 々 and 〇) and each kana (ー too) counts 1. What else such a segment holds counts as above.</item>
/// <item>Thai, Lao, Khmer, Burmese and the other scripts of Line_Break=SA are written without spaces, and finding their words takes a
/// dictionary that is not here. They are <b>estimated</b>: an unbroken run counts 1 per 3 letters (marks are no letters), rounded up.
/// Against ICU's dictionaries on the Universal Declaration of Human Rights the estimate is 8% high for Thai, 14% for Lao, 15% for Khmer
/// and 13% low for Burmese (tests/golden/README.md); on a single word it may be far off.</item>
/// </list>
/// </remarks>
internal sealed class UnicodeWordCounter : WordCounter
{
    /// <summary>Letters of an unspaced script that make a word. Measured: Thai 3.1, Lao 3.3, Khmer 3.2, Burmese 2.2.</summary>
    private const int UnspacedLettersPerWord = 3;

    public override string Name => "unicode";

    public override int Count(ReadOnlySpan<char> text)
    {
        int count = 0;
        int position = 0;
        int nextAsciiBlock = 0;
        int unspacedLetters = 0;
        while (position < text.Length)
        {
            char unit = text[position];
            bool fits = TextBlock.Fits(text, position);
            if (unit is >= '\u3041' and <= '\u9FFF' && fits)
            {
                int taken = TextBlock.CountCharacters(text[position..], kana: true, ref count);
                position += taken;
                if (taken > 0)
                {
                    count += EstimatedWords(ref unspacedLetters);
                    continue;
                }
            }
            else if (char.IsAscii(unit) && fits && position >= nextAsciiBlock)
            {
                count += EstimatedWords(ref unspacedLetters);
                int taken = TextBlock.CountSegments(text[position..], ref count);
                position += taken;
                if (taken > 0)
                {
                    continue;
                }

                nextAsciiBlock = position + TextBlock.RetryAfter;
            }

            position = WordSegmenter.NextBoundary(text, position, out WordSegment segment);
            count += segment.Characters + (segment.HasWord ? 1 : 0);
            if (segment.UnspacedLetters > 0)
            {
                unspacedLetters += segment.UnspacedLetters;
            }
            else
            {
                count += EstimatedWords(ref unspacedLetters);
            }
        }

        return count + EstimatedWords(ref unspacedLetters);
    }

    private static int EstimatedWords(ref int unspacedLetters)
    {
        int words = (unspacedLetters + UnspacedLettersPerWord - 1) / UnspacedLettersPerWord;
        unspacedLetters = 0;
        return words;
    }
}
