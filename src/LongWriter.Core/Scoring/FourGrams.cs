using System.Runtime.InteropServices;

namespace LongWriter.Scoring;

/// <summary>Counts of 4-grams that come back, and of sections made of them. 4-grams are compared by 64-bit hash.</summary>
internal sealed class FourGrams
{
    private const int Size = 4;

    /// <summary>A section with fewer distinct 4-grams than this may be a heading or a refrain.</summary>
    private const int MinSectionGrams = 16;

    /// <summary>Sections remembered for one 4-gram. A phrase of every section says nothing about which of them two have in common.</summary>
    private const int MaxSectionsPerGram = 8;

    private const ulong Mixer = 0x9E3779B97F4A7C15;

    private readonly Dictionary<ulong, List<int>> sectionsOfGram = [];

    private FourGrams()
    {
    }

    /// <summary>All 4-grams.</summary>
    public int Total { get; private set; }

    /// <summary>Those that occurred before in their own section.</summary>
    public int Within { get; private set; }

    /// <summary>Those that occurred in an earlier section, and not before in their own.</summary>
    public int Across { get; private set; }

    /// <summary>Sections that near enough repeat an earlier one.</summary>
    public int DuplicateSections { get; private set; }

    /// <summary>Counts in sections, in their order.</summary>
    public static FourGrams Count(IEnumerable<List<TextWord>> sections)
    {
        var grams = new FourGrams();
        int index = 0;
        foreach (List<TextWord> words in sections)
        {
            grams.Add(words, index++);
        }

        return grams;
    }

    private void Add(List<TextWord> words, int section)
    {
        int distinct = 0;
        Dictionary<int, int> sharedWith = [];
        for (int i = 0; i + Size <= words.Count; i++)
        {
            Total++;
            ref List<int>? seen = ref CollectionsMarshal.GetValueRefOrAddDefault(sectionsOfGram, Hash(words, i), out _);
            seen ??= [];
            if (seen.Count > 0 && seen[^1] == section)
            {
                Within++;
                continue;
            }

            distinct++;
            Across += seen.Count > 0 ? 1 : 0;
            foreach (int earlier in seen)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(sharedWith, earlier, out _)++;
            }

            // The last place always belongs to the latest section, which tells "within" from "across".
            if (seen.Count == MaxSectionsPerGram)
            {
                seen[^1] = section;
            }
            else
            {
                seen.Add(section);
            }
        }

        int shared = sharedWith.Count == 0 ? 0 : sharedWith.Values.Max();
        DuplicateSections += distinct >= MinSectionGrams && shared >= TextDiagnostics.DuplicateSectionShare * distinct ? 1 : 0;
    }

    private static ulong Hash(List<TextWord> words, int start)
    {
        ulong hash = 0;
        for (int i = start; i < start + Size; i++)
        {
            hash = (ulong.RotateLeft(hash, 23) ^ words[i].Hash) * Mixer;
        }

        return hash;
    }
}
