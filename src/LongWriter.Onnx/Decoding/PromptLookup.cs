using System.Numerics;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Drafts what followed the last tokens when they stood in the same text before: names, headings, sentences that come again. A table of where each
/// group of tokens stood last grows with the text, so a draft costs nothing that the text's length has a part in. (Prompt look-up decoding: Saxena, 2023.) Behind a token
/// that differs, a name in a form, it goes on beside the place where it was.
/// </summary>
/// <param name="contextTokens">Tokens of the longest sequence.</param>
internal sealed class PromptLookup(int contextTokens) : IDrafter
{
    /// <summary>Tokens that must agree. Fewer find more, and more that is wrong.</summary>
    public const int GroupTokens = 3;

    /// <summary>Tokens of which one may differ from those at the place that is followed.</summary>
    private const int FollowedTokens = 4;

    /// <summary>By the group's hash, the position behind the place where it stood last; 0 for nowhere. Groups with one hash push each other out.</summary>
    private readonly int[] behindGroup = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * contextTokens))];
    private int indexed = GroupTokens;

    /// <summary>How far back the text that is followed lies; 0 for none.</summary>
    private int period;

    public void Restart()
    {
        Array.Clear(behindGroup);
        (indexed, period) = (GroupTokens, 0);
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
        if (from > 0 && known.Slice(from - GroupTokens, GroupTokens).SequenceEqual(last))
        {
            period = known.Length - from;
        }
        else if (period == 0 || !AllButOneAgree(known))
        {
            return 0;
        }

        // Where the two places are closer than the draft is long, the text repeats itself, and so does the draft.
        from = known.Length - period;
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

    private bool AllButOneAgree(ReadOnlySpan<int> known)
    {
        int agreeing = 0;
        for (int i = Math.Max(period, known.Length - FollowedTokens); i < known.Length; i++)
        {
            agreeing += known[i] == known[i - period] ? 1 : 0;
        }

        return agreeing >= FollowedTokens - 1;
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
