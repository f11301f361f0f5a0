using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding.Memory;

/// <summary>Who is forgotten, and when; without a model, a byte for each token.</summary>
public sealed class KvBudgetTests
{
    private const int LimitBytes = 100;

    private readonly KvSlot[] slots = [.. Enumerable.Range(0, 6).Select(row => new KvSlot(row, 100))];
    private readonly List<(int Row, int From)> givenBack = [];
    private readonly List<(int From, int To, int Tokens)> copies = [];
    private readonly KvBudget budget;
    private readonly PrefixCache cache;

    public KvBudgetTests()
    {
        budget = new KvBudget(LimitBytes, slots, tokens => tokens, (row, from) => givenBack.Add((row, from)));
        cache = new PrefixCache(slots, keptSlots: 5, (from, to, tokens) => copies.Add((from, to, tokens)), budget);
    }

    [Fact]
    public void Take_EnoughMemory_ForgetsNobody()
    {
        Serve(Range(1000, 30), 40);
        Serve(Range(2000, 30), 40);
        Serve(Range(3000, 30), 40);

        Assert.Empty(givenBack);
        Assert.Equal(90, budget.UsedBytes(keptToo: true));
    }

    [Fact]
    public void Take_NoRoom_ForgetsTheLeastRecentlyUsedUntilThereIs()
    {
        Serve(Range(1000, 30), 30);
        Serve(Range(2000, 30), 30);
        Serve(Range(3000, 30), 30);
        Serve([.. Range(1000, 30), 7], 31);

        // 30 and 30 and 31; 31 more leave room for one of 30, and the one that was used last is the first.
        Serve(Range(4000, 31), 31);

        Assert.Equal([(1, 0)], givenBack);
        Assert.Equal([31, 0, 30, 31, 0, 0], slots.Select(slot => slot.CachedTokens));
        Serve(Range(5000, 60), 69);
        Assert.Equal([(1, 0), (2, 0), (0, 0)], givenBack);
        Assert.Equal(91, budget.UsedBytes(keptToo: true));
    }

    [Fact]
    public void Take_WhatWasForgotten_IsReadAgainAndWhatSurvivedIsNot()
    {
        int[][] texts = [Range(1000, 40), Range(2000, 40), Range(3000, 40)];
        Array.ForEach(texts, text => Serve(text, 41));

        Assert.Equal(39, cache.Take(texts[2], 39, 41).CachedTokens);
        Assert.Equal(39, cache.Take(texts[1], 39, 41).CachedTokens);
        Assert.False(budget.Fits(41));
    }

    [Fact]
    public void Take_CountsWhatASequenceMayCometoNeed_NotWhatItHas()
    {
        Serve(Range(1000, 30), 30);
        KvSlot running = cache.Take(Range(2000, 5), 4, 80);

        Assert.Equal([(0, 0)], givenBack);
        Assert.True(budget.Fits(20));
        Assert.False(budget.Fits(21));
        cache.Release(running);
        Assert.True(budget.Fits(100));
    }

    [Fact]
    public void Take_RunningSequences_AreNeverForgotten()
    {
        KvSlot[] running = [Fill(cache.Take(Range(1000, 20), 19, 40), Range(1000, 20)), Fill(cache.Take(Range(2000, 20), 19, 40), Range(2000, 20))];

        Assert.False(budget.Fits(21));
        Assert.Throws<InvalidOperationException>(() => cache.Take(Range(3000, 5), 4, 21));
        KvSlot third = cache.Take(Range(3000, 5), 4, 20);

        Assert.Empty(givenBack);
        Assert.Equal(3, running.Append(third).Distinct().Count());
    }

    [Fact]
    public void Take_BeginningOfAKeptTextThatHasRoomBesideIt_IsCopiedAndTheTextStays()
    {
        int[] text = Range(1, 50);
        Serve(text, 50);

        KvSlot slot = cache.Take([.. Range(1, 20), .. Range(500, 5)], 24, 50);

        Assert.Equal([(0, 1, 20)], copies);
        Assert.Equal((1, 20, 50), (slot.Row, slot.CachedTokens, slots[0].CachedTokens));
        Assert.Empty(givenBack);
    }

    [Fact]
    public void Take_BeginningOfAKeptTextThatHasNoRoomBesideIt_IsTakenInPlace()
    {
        int[] text = Range(1, 50);
        Serve(Range(2000, 20), 20);
        Serve(text, 50);

        KvSlot slot = cache.Take([.. Range(1, 20), .. Range(500, 5)], 24, 51);

        Assert.Empty(copies);
        Assert.Equal((1, 20), (slot.Row, slot.CachedTokens));
        Assert.Equal(51, budget.UsedBytes(keptToo: true));
    }

    [Fact]
    public void Take_SlotThatHeldMoreThanIsNeededNow_GivesTheRestBack()
    {
        int[] text = Range(1, 60);
        Serve(text, 90);

        KvSlot slot = cache.Take([.. text[..35], 7, 8], 36, 40);

        Assert.Equal([(0, 35)], givenBack);
        Assert.Equal((35, 35), (slot.CachedTokens, slot.HeldTokens));
    }

    /// <summary>Drafts, and a step that failed, took memory that no token tells of.</summary>
    [Fact]
    public void Touch_BeyondTheTokens_CountsUntilItIsGivenBack()
    {
        KvSlot slot = Fill(cache.Take(Range(1000, 30), 29, 60), Range(1000, 30));
        slot.Touch(55);
        cache.Release(slot);

        Assert.Equal(55, budget.UsedBytes(keptToo: true));
        Serve(Range(2000, 30), 46);
        Assert.Equal([(0, 0)], givenBack);
        Assert.Equal(30, budget.UsedBytes(keptToo: true));
    }

    [Fact]
    public void UsedBytes_AnyHistory_NeverExceedsTheLimit()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            List<KvSlot> running = [];
            for (int i = 0; i < 40; i++)
            {
                int[] prompt = Range(100 * random.Next(4), random.Next(1, 60));
                int most = prompt.Length + random.Next(1, 40);
                if (running.Count < 2 && budget.Fits(most))
                {
                    KvSlot slot = cache.Take(prompt, prompt.Length - 1, most);
                    running.Add(Fill(slot, prompt));
                    slot.Advance(random.Next(most - prompt.Length + 1));
                }
                else if (running.Count > 0)
                {
                    cache.Release(running[0]);
                    running.RemoveAt(0);
                }

                Assert.InRange(budget.UsedBytes(keptToo: true), 0, LimitBytes);
                Assert.All(slots, slot => Assert.True(!slot.IsTaken || slot.HeldTokens <= slot.ReservedTokens));
            }

            running.ForEach(cache.Release);
        }
    }

    private static int[] Range(int start, int count) => [.. Enumerable.Range(start, count)];

    private void Serve(int[] prompt, int mostTokens) => cache.Release(Fill(cache.Take(prompt, prompt.Length - 1, mostTokens), prompt));

    private static KvSlot Fill(KvSlot slot, int[] prompt)
    {
        prompt.CopyTo(slot.Ids);
        slot.Advance(prompt.Length - slot.CachedTokens);
        return slot;
    }
}
