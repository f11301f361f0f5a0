using System.Numerics;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Drafts what followed the last tokens when they stood in the same text before: names, headings, sentences that come again. A table of where each
/// group of tokens stood last grows with the text, so a draft costs nothing that the text's length has a part in. (Prompt look-up decoding: Saxena, 2023.)
/// </summary>
/// <param name="contextTokens">Tokens of the longest sequence.</param>
internal sealed class PromptLookup(int contextTokens) : IDrafter
{
    /// <summary>Tokens that must agree. Fewer find more, and more that is wrong.</summary>
    public const int GroupTokens = 3;

    /// <summary>By the group's hash, the position behind the place where it stood last; 0 for nowhere. Groups with one hash push each other out.</summary>
    private readonly int[] behindGroup = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * contextTokens))];
    private int indexed = GroupTokens;

    public void Restart()
    {
        Array.Clear(behindGroup);
        indexed = GroupTokens;
    }

    public int Draft(ReadOnlySpan<int> known, Span<int> draft)
    {
        // Not the group at the end, which is the one that is looked for.
        for (; indexed < known.Length; indexed++)
        {
            behindGroup[Hash(known.Slice(indexed - GroupTokens, GroupTokens))] = indexed;
        }

        if (known.Length <= GroupTokens)
        {
            return 0;
        }

        ReadOnlySpan<int> last = known[^GroupTokens..];
        int from = behindGroup[Hash(last)];
        if (from == 0 || !known.Slice(from - GroupTokens, GroupTokens).SequenceEqual(last))
        {
            return 0;
        }

        // Where the two places are closer than the draft is long, the text repeats itself, and so does the draft.
        int period = known.Length - from;
        for (int i = 0; i < draft.Length; i++)
        {
            draft[i] = i < period ? known[from + i] : draft[i - period];
        }

        return draft.Length;
    }

    public void Dispose()
    {
        // It holds nothing native.
    }

    private int Hash(ReadOnlySpan<int> group)
    {
        uint hash = 0;
        foreach (int id in group)
        {
            hash = (hash ^ (uint)id) * 0x9E3779B1u;
            hash ^= hash >> 15;
        }

        return (int)(hash & (uint)(behindGroup.Length - 1));
    }
}
