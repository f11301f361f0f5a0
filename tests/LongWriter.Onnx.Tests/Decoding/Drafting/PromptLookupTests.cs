using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding.Drafting;

/// <summary>Drafts from the text itself.</summary>
public sealed class PromptLookupTests
{
    [Fact]
    public void Draft_TokensThatStoodBefore_IsWhatFollowedThem()
    {
        Assert.Equal([4, 5, 6], Draft([1, 2, 3, 4, 5, 6, 9, 1, 2, 3], 3));
    }

    [Fact]
    public void Draft_SeveralPlaces_IsTheLatest()
    {
        Assert.Equal([8], Draft([1, 2, 3, 4, 1, 2, 3, 8, 1, 2, 3], 1));
    }

    [Fact]
    public void Draft_NewTokens_IsNothing()
    {
        Assert.Empty(Draft([1, 2, 3, 4, 5, 6, 7], 3));
        Assert.Empty(Draft([1, 2, 3], 3));
        Assert.Empty(Draft([1], 3));
    }

    [Fact]
    public void Draft_LongerThanThePeriodOfALoop_GoesRoundIt()
    {
        Assert.Equal([7, 8, 7, 8, 7], Draft([3, 7, 8, 7, 8, 7, 8], 5));
        Assert.Equal([5, 5, 5], Draft([5, 5, 5, 5, 5], 3));
    }

    [Fact]
    public void Draft_BehindATokenThatDiffers_GoesOnWhereItWas()
    {
        using var lookup = new PromptLookup(64);
        int[] draft = new int[3];
        int[] form = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        lookup.Draft([.. form, 1, 2, 3, 4], draft);

        // Five was there, fifty is here.
        Assert.Equal(3, lookup.Draft([.. form, 1, 2, 3, 4, 50], draft));
        Assert.Equal([6, 7, 8], draft);
        Assert.Equal(0, lookup.Draft([.. form, 1, 2, 3, 4, 50, 60], draft));
    }

    [Fact]
    public void Restart_AnotherText_KnowsNothingOfTheFirst()
    {
        using var lookup = new PromptLookup(64);
        int[] draft = new int[2];
        Assert.Equal(2, lookup.Draft([1, 2, 3, 4, 5, 1, 2, 3], draft));

        lookup.Restart();

        Assert.Equal(0, lookup.Draft([9, 9, 1, 2, 3], draft));
    }

    [Fact]
    public void Draft_TextThatGrows_IsThatOfThePlainSearch()
    {
        // Few tokens, so that groups come again; a small table, so that they push each other out.
        var random = new Random(7);
        using var lookup = new PromptLookup(400);
        List<int> known = [];
        int[] draft = new int[4];
        int found = 0;
        int same = 0;
        for (int i = 0; i < 400; i++)
        {
            known.Add(random.Next(6));
            int count = lookup.Draft([.. known], draft);
            if (count > 0 && PlainSearch(known) is > 0 and int at)
            {
                found++;
                same += draft[0] == known[at] ? 1 : 0;
            }
        }

        // Where a group was pushed out of its place in the table, an older or a followed place takes its part.
        Assert.InRange(found, 100, 400);
        Assert.InRange(same, found * 9 / 10, found);
    }

    private static int PlainSearch(List<int> known)
    {
        for (int at = known.Count - 1; at >= 3; at--)
        {
            if (known[at - 1] == known[^1] && known[at - 2] == known[^2] && known[at - 3] == known[^3])
            {
                return at;
            }
        }

        return 0;
    }

    private static int[] Draft(int[] known, int most)
    {
        using var lookup = new PromptLookup(64);
        int[] draft = new int[most];
        return draft[..lookup.Draft(known, draft)];
    }
}
