namespace LongWriter;

public class LengthWindowTests
{
    [Theory]
    [InlineData(-1, 2, 3, "minimumWords")]
    [InlineData(3, 2, 3, "targetWords")]
    [InlineData(1, 4, 3, "maximumWords")]
    public void LengthWindow_EdgesOutOfOrder_AreRefused(int minimum, int target, int maximum, string parameter) =>
        Assert.Throws<ArgumentOutOfRangeException>(parameter, () => new LengthWindow(minimum, target, maximum, WordCounter.Unicode));

    [Fact]
    public void LengthWindow_AllEdgesEqual_IsAllowed() => Assert.Equal(0, new LengthWindow(0, 0, 0, WordCounter.Unicode).MaximumWords);

    /// <summary>Journals tell calls apart by this text, so it must not change.</summary>
    [Fact]
    public void ToString_Window_IsStable()
    {
        Assert.Equal("0 to 12000 words, best 900, by compatible", new LengthWindow(0, 900, 12_000, WordCounter.Compatible).ToString());
        Assert.Equal(new LengthWindow(1, 2, 3, WordCounter.Unicode), new LengthWindow(1, 2, 3, WordCounter.Unicode));
    }
}
