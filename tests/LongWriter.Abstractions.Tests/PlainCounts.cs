using System.Text;

namespace LongWriter;

/// <summary>Both counts over whole lists of code points, with no look at speed.</summary>
internal static class PlainCounts
{
    public static int Unicode(string text)
    {
        int count = 0;
        int unspaced = 0;
        for (int start = 0; start < text.Length;)
        {
            start = WordSegmenter.NextBoundary(text, start, out WordSegment segment);
            count += segment.Characters + (segment.HasWord ? 1 : 0);
            count += segment.UnspacedLetters == 0 ? (unspaced + 2) / 3 : 0;
            unspaced = segment.UnspacedLetters == 0 ? 0 : unspaced + segment.UnspacedLetters;
        }

        return count + ((unspaced + 2) / 3);
    }

    // An unpaired surrogate enumerates as U+FFFD, which is in no word either.
    public static int Compatible(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        int count = 0;
        for (int i = 0; i < runes.Length; i++)
        {
            if (runes[i].Value is >= 0x4E00 and <= 0x9FFF)
            {
                count++;
            }
            else if (IsLetter(i) && (i == 0 || !PythonWordTable.Contains(runes[i - 1].Value)))
            {
                int end = i;
                while (IsLetter(end))
                {
                    end++;
                }

                count += end < runes.Length && PythonWordTable.Contains(runes[end].Value) ? 0 : 1;
            }
        }

        return count;

        bool IsLetter(int index) => index < runes.Length && runes[index].IsAscii && char.IsAsciiLetter((char)runes[index].Value);
    }
}
