using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace LongWriter.Onnx.Tokenization.Normalization;

/// <summary>
/// Canonical composition (NFC), own because string.Normalize does nothing in invariant globalization, and because ids must
/// come out as the model saw them in training, whichever Unicode the runtime knows.
/// Source: Unicode Standard Annex #15; data: see <see cref="NfcData"/>.
/// </summary>
internal static class NfcComposer
{
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int HangulCount = 19 * VowelCount * TailCount;

    private static readonly FrozenDictionary<int, int[]> Decompositions;
    private static readonly FrozenDictionary<long, int> Compositions;
    private static readonly FrozenDictionary<int, byte> Ranks;
    private static readonly FrozenSet<int> Disturbing;

#pragma warning disable CA1810 // Four tables come out of one pass over the data.
    static NfcComposer()
    {
        var decompositions = new Dictionary<int, int[]>();
        var excluded = new HashSet<int>();
        foreach (string entry in NfcData.Decompositions.Split(' '))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            bool excludes = entry[equals - 1] == '!';
            int codePoint = Hex(entry.AsSpan(0, excludes ? equals - 1 : equals));
            decompositions.Add(codePoint, [.. entry[(equals + 1)..].Split('+').Select(part => Hex(part))]);
            if (excludes)
            {
                excluded.Add(codePoint);
            }
        }

        // A composition joins what all but the last part compose to with the last part, so the short ones go first.
        var compositions = new Dictionary<long, int>();
        foreach ((int codePoint, int[] parts) in decompositions.Where(d => !excluded.Contains(d.Key)).OrderBy(d => d.Value.Length))
        {
            int first = parts[0];
            foreach (int part in parts.AsSpan(1, parts.Length - 2))
            {
                first = compositions[Pair(first, part)];
            }

            compositions.Add(Pair(first, parts[^1]), codePoint);
        }

        var ranks = new Dictionary<int, byte>();
        foreach (string entry in NfcData.MarkRanks.Split(' '))
        {
            string[] parts = entry.Split(':', '-');
            int from = Hex(parts[0]);
            int to = parts.Length == 3 ? Hex(parts[1]) : from;
            for (int codePoint = from; codePoint <= to; codePoint++)
            {
                ranks.Add(codePoint, byte.Parse(parts[^1], CultureInfo.InvariantCulture));
            }
        }

        Decompositions = decompositions.ToFrozenDictionary();
        Compositions = compositions.ToFrozenDictionary();
        Ranks = ranks.ToFrozenDictionary();
        Disturbing = excluded
            .Concat(ranks.Keys)
            .Concat(compositions.Keys.Select(pair => (int)(pair & 0xFFFFFF)))
            .Concat(Enumerable.Range(VowelBase, VowelCount))
            .Concat(Enumerable.Range(TailBase + 1, TailCount - 1))
            .ToFrozenSet();
    }
#pragma warning restore CA1810

    /// <summary>True when <paramref name="text"/> is certainly composed; false when it has to be worked through.</summary>
    public static bool IsSurelyComposed(ReadOnlySpan<char> text)
    {
        int index = text.IndexOfAnyExceptInRange('\0', '\u02FF');
        while (index >= 0 && index < text.Length)
        {
            Rune.DecodeFromUtf16(text[index..], out Rune rune, out int width);
            if (Disturbing.Contains(rune.Value))
            {
                return false;
            }

            index += width;
        }

        return true;
    }

    /// <summary>The composed form of well-formed UTF-16.</summary>
    public static string Compose(ReadOnlySpan<char> text)
    {
        if (IsSurelyComposed(text))
        {
            return text.ToString();
        }

        var codePoints = new List<int>(text.Length + 8);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, codePoints);
        }

        OrderMarks(codePoints);
        JoinPairs(codePoints);
        var composed = new StringBuilder(text.Length);
        foreach (int codePoint in codePoints)
        {
            composed.Append(new Rune(codePoint).ToString());
        }

        return composed.ToString();
    }

    private static void Decompose(int codePoint, List<int> output)
    {
        int hangul = codePoint - HangulBase;
        if (hangul is >= 0 and < HangulCount)
        {
            output.Add(LeadBase + (hangul / (VowelCount * TailCount)));
            output.Add(VowelBase + (hangul % (VowelCount * TailCount) / TailCount));
            if (hangul % TailCount > 0)
            {
                output.Add(TailBase + (hangul % TailCount));
            }
        }
        else if (Decompositions.TryGetValue(codePoint, out int[]? parts))
        {
            output.AddRange(parts);
        }
        else
        {
            output.Add(codePoint);
        }
    }

    /// <summary>Sorts each run of marks by rank and keeps the order of equals.</summary>
    private static void OrderMarks(List<int> codePoints)
    {
        for (int start = 0; start < codePoints.Count; start++)
        {
            int end = start;
            while (end < codePoints.Count && RankOf(codePoints[end]) > 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                int[] ordered = [.. codePoints.GetRange(start, end - start).OrderBy(RankOf)];
                for (int i = 0; i < ordered.Length; i++)
                {
                    codePoints[start + i] = ordered[i];
                }
            }

            start = Math.Max(start, end - 1);
        }
    }

    private static void JoinPairs(List<int> codePoints)
    {
        int starter = -1;
        int lastRank = -1; // Rank of the last code point kept after the starter; -1 when it stands right before us.
        int kept = 0;
        for (int i = 0; i < codePoints.Count; i++)
        {
            int codePoint = codePoints[i];
            int rank = RankOf(codePoint);
            bool reachable = starter >= 0 && (lastRank == -1 || (lastRank != 0 && lastRank < rank));
            if (reachable && Join(codePoints[starter], codePoint) is { } joined)
            {
                codePoints[starter] = joined;
                continue;
            }

            if (rank == 0)
            {
                starter = kept;
                lastRank = -1;
            }
            else
            {
                lastRank = rank;
            }

            codePoints[kept++] = codePoint;
        }

        codePoints.RemoveRange(kept, codePoints.Count - kept);
    }

    private static int? Join(int first, int second)
    {
        if (first - LeadBase is >= 0 and < 19 && second - VowelBase is >= 0 and < VowelCount)
        {
            return HangulBase + ((((first - LeadBase) * VowelCount) + (second - VowelBase)) * TailCount);
        }

        if (first - HangulBase is >= 0 and < HangulCount && (first - HangulBase) % TailCount == 0 && second - TailBase is > 0 and < TailCount)
        {
            return first + (second - TailBase);
        }

        return Compositions.TryGetValue(Pair(first, second), out int joined) ? joined : null;
    }

    private static int RankOf(int codePoint) => Ranks.TryGetValue(codePoint, out byte rank) ? rank : 0;

    private static long Pair(int first, int second) => ((long)first << 24) | (uint)second;

    private static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
