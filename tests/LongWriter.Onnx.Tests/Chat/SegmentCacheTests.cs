using LongWriter.Onnx.Chat;

namespace LongWriter.Onnx.Tests.Chat;

public sealed class SegmentCacheTests
{
    private static readonly PromptKey Prompt = new(1, 2);

    [Fact]
    public void Find_SameText_GivesItsIds()
    {
        var cache = new SegmentCache();
        cache.Add(Prompt, new GeneratedSegment("one two", [5, 6], [3, 7]));
        Assert.Equal([5, 6], cache.Find(Prompt, "one two", out int chars));
        Assert.Equal(7, chars);
    }

    [Theory]
    [InlineData("one tw", 3)]
    [InlineData("one", 3)]
    [InlineData("one, and more", 3)]
    [InlineData("one two three", 7)]
    [InlineData("on", 0)]
    [InlineData("", 0)]
    public void Find_BeginningOrMore_GivesTheIdsUpToATokenBorder(string text, int expectedChars)
    {
        var cache = new SegmentCache();
        cache.Add(Prompt, new GeneratedSegment("one two", [5, 6], [3, 7]));
        int[] ids = [.. cache.Find(Prompt, text, out int chars)];
        Assert.Equal(expectedChars, chars);
        Assert.Equal(expectedChars switch { 0 => [], 3 => [5], _ => [5, 6] }, ids);
    }

    [Fact]
    public void Find_UnderAnotherPrompt_GivesNothing()
    {
        var cache = new SegmentCache();
        cache.Add(Prompt, new GeneratedSegment("one", [5], [3]));
        Assert.Equal(0, cache.Find(new PromptKey(2, 1), "one", out int chars).Length);
        Assert.Equal(0, chars);
    }

    [Fact]
    public void Find_BorderInsideACharacter_IsNotUsed()
    {
        var cache = new SegmentCache();
        cache.Add(Prompt, new GeneratedSegment("a字b", [1, 2, 3, 4], [1, -1, 2, 3]));
        Assert.Equal([1], cache.Find(Prompt, "ab", out _));
        Assert.Equal([1, 2, 3], cache.Find(Prompt, "a字", out _));
    }

    [Fact]
    public void Find_TwoRepliesOfTheSameText_DoesNotDependOnTheirOrder()
    {
        GeneratedSegment[] replies = [new("ab", [9, 9], [1, 2]), new("ab", [7], [2])];
        var forth = new SegmentCache();
        var back = new SegmentCache();
        foreach (GeneratedSegment reply in replies)
        {
            forth.Add(Prompt, reply);
        }

        foreach (GeneratedSegment reply in replies.Reverse())
        {
            back.Add(Prompt, reply);
        }

        Assert.Equal([7], forth.Find(Prompt, "ab", out _));
        Assert.Equal([7], back.Find(Prompt, "ab", out _));
    }

    [Fact]
    public void Add_AboveTheCapacity_DropsTheOldest()
    {
        var cache = new SegmentCache(capacityTokens: 3);
        cache.Add(new PromptKey(1, 0), new GeneratedSegment("ab", [1, 2], [1, 2]));
        cache.Add(new PromptKey(2, 0), new GeneratedSegment("c", [3], [1]));
        cache.Add(new PromptKey(2, 0), new GeneratedSegment("c", [3], [1]));
        Assert.Equal(3, cache.TokenCount);
        cache.Add(new PromptKey(3, 0), new GeneratedSegment("d", [4], [1]));
        Assert.Equal(2, cache.TokenCount);
        Assert.Equal(0, cache.Find(new PromptKey(1, 0), "ab", out _).Length);
        Assert.Equal([3], cache.Find(new PromptKey(2, 0), "c", out _));
        cache.Add(new PromptKey(4, 0), new GeneratedSegment("abcd", [1, 2, 3, 4], [1, 2, 3, 4]));
        Assert.Equal(2, cache.TokenCount);
    }
}
