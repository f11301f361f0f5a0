using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding;

public sealed class Xoshiro256Tests
{
    /// <summary>Numbers from the published description's formulas, computed in Python; the same as the test vector of Rust's rand_xoshiro.</summary>
    [Fact]
    public void NextUInt64_StateOneToFour_GivesThePublishedSequence()
    {
        var random = new Xoshiro256(1, 2, 3, 4);

        ulong[] sequence = [random.NextUInt64(), random.NextUInt64(), random.NextUInt64(), random.NextUInt64(), random.NextUInt64()];

        Assert.Equal([11520, 0, 1509978240, 1215971899390074240, 1216172134540287360], sequence);
    }

    [Fact]
    public void SplitMix64_State1234567_GivesThePublishedSequence()
    {
        ulong state = 1234567;

        ulong[] sequence = [Xoshiro256.SplitMix64(ref state), Xoshiro256.SplitMix64(ref state), Xoshiro256.SplitMix64(ref state)];

        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423], sequence);
    }

    [Fact]
    public void NextDouble_Seed42_GivesTheNumbersOfThePythonVersion()
    {
        var random = new Xoshiro256(42);

        Assert.Equal([0.08386297105988216, 0.3789802506626686, 0.6800434110281394], [random.NextDouble(), random.NextDouble(), random.NextDouble()]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void NextDouble_AnySeed_IsSpreadOverTheUnitInterval(long seed)
    {
        var random = new Xoshiro256(seed);
        double[] numbers = [.. Enumerable.Range(0, 10_000).Select(_ => random.NextDouble())];

        Assert.All(numbers, number => Assert.InRange(number, 0, 1 - 1e-16));
        Assert.InRange(numbers.Average(), 0.49, 0.51);
    }
}
