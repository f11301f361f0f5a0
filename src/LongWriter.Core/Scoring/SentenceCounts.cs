using System.Runtime.InteropServices;
using LongWriter.Text;

namespace LongWriter.Scoring;

/// <summary>Counts of sentences that sum up and of sentences that come back.</summary>
internal readonly record struct SentenceCounts(int All, int Summaries, int Comparable, int Duplicates)
{
    private const ulong Mixer = 0x9E3779B97F4A7C15;

    /// <summary>Counts in a text, whose words are given.</summary>
    public static SentenceCounts Count(string text, List<TextWord> words)
    {
        var counts = default(SentenceCounts);
        HashSet<ulong> seen = [];
        ReadOnlySpan<TextWord> rest = CollectionsMarshal.AsSpan(words);
        int start = TextBorders.FirstSentenceStartAtOrAfter(text, 0);
        while (start < text.Length)
        {
            int end = TextBorders.FirstSentenceStartAtOrAfter(text, start + 1);
            int length = 0;
            ulong hash = 0;
            while (length < rest.Length && rest[length].Start < end)
            {
                hash = (ulong.RotateLeft(hash, 23) ^ rest[length].Hash) * Mixer;
                length++;
            }

            rest = rest[length..];
            bool isComparable = length >= TextDiagnostics.MinSentenceWords;
            bool isDuplicate = isComparable && !seen.Add(hash);
            counts = new SentenceCounts(
                counts.All + (length > 0 ? 1 : 0),
                counts.Summaries + (SummaryPhrases.Begins(text.AsSpan(start, end - start)) ? 1 : 0),
                counts.Comparable + (isComparable ? 1 : 0),
                counts.Duplicates + (isDuplicate ? 1 : 0));
            start = end;
        }

        return counts;
    }
}
