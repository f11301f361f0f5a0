using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding;

public sealed class PrefixCacheTests
{
    private readonly KvSlot[] slots = [new(0, 100), new(1, 100), new(2, 100)];
    private readonly List<(int From, int To, int Tokens)> copies = [];
    private readonly PrefixCache cache;

    public PrefixCacheTests() => cache = new PrefixCache(slots, (from, to, tokens) => copies.Add((from, to, tokens)));

    [Fact]
    public void Take_NothingShared_FillsEmptySlotsAndThenTheOldest()
    {
        Assert.Equal([0, 1, 2, 0, 1], Enumerable.Range(1, 5).Select(start => Serve(Range(start * 1000, 10)).Index));
        Assert.Empty(copies);
    }

    [Fact]
    public void Take_SamePromptAgain_KeepsAllButTheLastToken()
    {
        int[] prompt = Range(1, 20);
        Serve(prompt);

        KvSlot slot = cache.Take(prompt, prompt.Length - 1);

        Assert.Equal((0, 19), (slot.Index, slot.CachedTokens));
    }

    [Fact]
    public void Take_MoreThanHalfShared_RewindsInPlace()
    {
        Serve(Range(1, 20));

        KvSlot slot = cache.Take([.. Range(1, 10), .. Range(500, 5)], 14);

        Assert.Equal((0, 10), (slot.Index, slot.CachedTokens));
        Assert.Empty(copies);
    }

    [Fact]
    public void Take_LessThanHalfShared_CopiesTheBeginningElsewhere()
    {
        Serve(Range(1, 20));
        int[] prompt = [.. Range(1, 9), .. Range(500, 5)];

        KvSlot slot = cache.Take(prompt, 13);

        Assert.Equal((1, 9), (slot.Index, slot.CachedTokens));
        Assert.Equal([(0, 1, 9)], copies);
        Assert.Equal(Range(1, 9), slot.Ids[..9]);
        Assert.Equal(20, slots[0].CachedTokens);
    }

    [Fact]
    public void Take_NoRoom_TakesTheSlotWithLeastToLose()
    {
        Serve(Range(1, 60));
        Serve(Range(200, 12));
        Serve(Range(300, 15));

        KvSlot slot = cache.Take([.. Range(1, 5), .. Range(700, 5)], 9);

        Assert.Equal((1, 5), (slot.Index, slot.CachedTokens));
        Assert.Equal([(0, 1, 5)], copies);
    }

    [Fact]
    public void Take_AShortRequestAfterAnother_NeverTakesTheLongText_UntilItIsForgotten()
    {
        Serve(Range(1, 60));
        int[] taken = [.. Enumerable.Range(0, 30).Select(turn => Serve([.. Range(1, 5), .. Range(100 * (turn + 1), 20)]).Index)];

        // The long text was served at turn 1; after more than 8 turns for each of 3 slots it is there for the taking.
        Assert.Equal(25, Array.IndexOf(taken, 0));
        Assert.Equal([1, 2], taken[..25].Distinct().Order());
    }

    [Fact]
    public void Take_OneSlot_RewindsItHoweverLittleIsShared()
    {
        var single = new PrefixCache(slots[..1], (_, _, _) => Assert.Fail("There is nowhere to copy to."));
        Fill(single.Take(Range(1, 20), 19), Range(1, 20));

        KvSlot slot = single.Take([1, 2, 999], 2);

        Assert.Equal((0, 2), (slot.Index, slot.CachedTokens));
    }

    [Fact]
    public void Take_NothingReusable_StartsFromNothing()
    {
        int[] prompt = Range(1, 20);
        Serve(prompt);

        KvSlot slot = cache.Take(prompt, 0);

        Assert.Equal((1, 0), (slot.Index, slot.CachedTokens));
    }

    [Fact]
    public void Take_TwoMatch_TakesTheLonger()
    {
        Serve(Range(1, 20));
        Serve([.. Range(1, 5), .. Range(300, 10)]);

        Assert.Equal(15, cache.Take([.. Range(1, 5), .. Range(300, 10), 7], 15).CachedTokens);
    }

    private static int[] Range(int start, int count) => [.. Enumerable.Range(start, count)];

    private KvSlot Serve(int[] prompt) => Fill(cache.Take(prompt, prompt.Length - 1), prompt);

    private static KvSlot Fill(KvSlot slot, int[] prompt)
    {
        prompt.CopyTo(slot.Ids);
        slot.Advance(prompt.Length - slot.CachedTokens);
        return slot;
    }
}
