using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding;

public sealed class PrefixCacheTests
{
    private readonly KvSlot[] slots = [new(0, 100), new(1, 100), new(2, 100)];
    private readonly List<(int From, int To, int Tokens)> copies = [];
    private readonly PrefixCache cache;

    public PrefixCacheTests() => cache = new PrefixCache(slots, slots.Length, (from, to, tokens) => copies.Add((from, to, tokens)));

    [Fact]
    public void Take_NothingShared_FillsEmptySlotsAndThenTheOldest()
    {
        Assert.Equal([0, 1, 2, 0, 1], Enumerable.Range(1, 5).Select(start => Serve(Range(start * 1000, 10)).Row));
        Assert.Empty(copies);
    }

    [Fact]
    public void Take_SamePromptAgain_KeepsAllButTheLastToken()
    {
        int[] prompt = Range(1, 20);
        Serve(prompt);

        KvSlot slot = cache.Take(prompt, prompt.Length - 1);

        Assert.Equal((0, 19), (slot.Row, slot.CachedTokens));
    }

    [Fact]
    public void Take_MoreThanHalfShared_RewindsInPlace()
    {
        Serve(Range(1, 20));

        KvSlot slot = cache.Take([.. Range(1, 10), .. Range(500, 5)], 14);

        Assert.Equal((0, 10), (slot.Row, slot.CachedTokens));
        Assert.Empty(copies);
    }

    [Fact]
    public void Take_LessThanHalfShared_CopiesTheBeginningElsewhere()
    {
        Serve(Range(1, 20));
        int[] prompt = [.. Range(1, 9), .. Range(500, 5)];

        KvSlot slot = cache.Take(prompt, 13);

        Assert.Equal((1, 9), (slot.Row, slot.CachedTokens));
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

        Assert.Equal((1, 5), (slot.Row, slot.CachedTokens));
        Assert.Equal([(0, 1, 5)], copies);
    }

    [Fact]
    public void Take_AShortRequestAfterAnother_NeverTakesTheLongText_UntilItIsForgotten()
    {
        Serve(Range(1, 60));
        int[] taken = [.. Enumerable.Range(0, 30).Select(turn => Serve([.. Range(1, 5), .. Range(100 * (turn + 1), 20)]).Row)];

        // The long text was served at turn 1; after more than 8 turns for each of 3 slots it is there for the taking.
        Assert.Equal(25, Array.IndexOf(taken, 0));
        Assert.Equal([1, 2], taken[..25].Distinct().Order());
    }

    [Fact]
    public void Take_OneSlot_RewindsItHoweverLittleIsShared()
    {
        var single = new PrefixCache(slots[..1], 1, (_, _, _) => Assert.Fail("There is nowhere to copy to."));
        Serve(Range(1, 20), single);

        KvSlot slot = single.Take([1, 2, 999], 2);

        Assert.Equal((0, 2), (slot.Row, slot.CachedTokens));
    }

    [Fact]
    public void Take_NothingReusable_StartsFromNothing()
    {
        int[] prompt = Range(1, 20);
        Serve(prompt);

        KvSlot slot = cache.Take(prompt, 0);

        Assert.Equal((1, 0), (slot.Row, slot.CachedTokens));
    }

    [Fact]
    public void Take_TwoMatch_TakesTheLonger()
    {
        Serve(Range(1, 20));
        Serve([.. Range(1, 5), .. Range(300, 10)]);

        Assert.Equal(15, cache.Take([.. Range(1, 5), .. Range(300, 10), 7], 15).CachedTokens);
    }

    [Fact]
    public void Take_WhoseTextIsBeingContinued_GetsACopyOfIt()
    {
        KvSlot busy = Fill(cache.Take(Range(1, 20), 19), Range(1, 20));

        KvSlot slot = cache.Take([.. Range(1, 18), 99, 98], 19);

        Assert.NotSame(busy, slot);
        Assert.Equal([(0, 1, 18)], copies);
        Assert.Equal((20, 18), (busy.CachedTokens, slot.CachedTokens));
    }

    [Fact]
    public void Take_OneAtATime_UsesNoMoreSlotsThanAreKept()
    {
        var two = new PrefixCache(slots, keptSlots: 2, (_, _, _) => { });

        int[] taken = [.. Enumerable.Range(1, 5).Select(start => Serve(Range(start * 1000, 10), two).Row)];

        Assert.Equal([0, 1, 0, 1, 0], taken);
    }

    [Fact]
    public void Take_AsManyAtOnceAsThereMayBe_LeavesTheLongestTextAlone()
    {
        // Two kept, two at a time: three slots.
        var three = new PrefixCache(slots, keptSlots: 2, (_, _, _) => { });
        int[] trunk = Range(1, 60);
        Serve(trunk, three);
        for (int turn = 1; turn <= 10; turn++)
        {
            KvSlot[] others = [Fill(three.Take(Range(turn * 100, 20), 19), Range(turn * 100, 20)), Fill(three.Take(Range(turn * 100 + 50, 20), 19), Range(turn * 100 + 50, 20))];
            Array.ForEach(others, three.Release);
        }

        Assert.Equal(59, three.Take(trunk, 59).CachedTokens);
    }

    [Fact]
    public void Release_AfterManyTurnsOfOthers_IsTheTextsLastUse()
    {
        int[] trunk = Range(1, 60);
        KvSlot busy = Fill(cache.Take(trunk, 59), trunk);
        for (int turn = 1; turn <= 40; turn++)
        {
            Serve(Range(100 * turn, 20));
        }

        cache.Release(busy);
        Serve(Range(9000, 20));

        Assert.Equal(59, cache.Take(trunk, 59).CachedTokens);
    }

    [Fact]
    public void Take_AllAreTaken_Throws()
    {
        Array.ForEach(slots, _ => cache.Take(Range(1, 5), 4));

        Assert.Equal("All 3 slots are taken.", Assert.Throws<InvalidOperationException>(() => cache.Take(Range(1, 5), 4)).Message);
    }

    private static int[] Range(int start, int count) => [.. Enumerable.Range(start, count)];

    private KvSlot Serve(int[] prompt) => Serve(prompt, cache);

    private static KvSlot Serve(int[] prompt, PrefixCache cache)
    {
        KvSlot slot = Fill(cache.Take(prompt, prompt.Length - 1), prompt);
        cache.Release(slot);
        return slot;
    }

    private static KvSlot Fill(KvSlot slot, int[] prompt)
    {
        prompt.CopyTo(slot.Ids);
        slot.Advance(prompt.Length - slot.CachedTokens);
        return slot;
    }
}
