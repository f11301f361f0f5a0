using System.Runtime.Intrinsics;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Powers of e beside .NET's in double precision.</summary>
public sealed class ExponentialTests
{
    [Fact]
    public void Of_AllPowersThatFit_IsWithinAMillionth()
    {
        double worst = 0;
        for (float power = -87.3f; power < 88.3f; power += 0.00137f)
        {
            double expected = Math.Exp(power);
            worst = Math.Max(worst, Math.Abs(Of(power) - expected) / expected);
        }

        Assert.InRange(worst, 1e-9, 1.5e-7);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(-88f, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(float.MinValue, 0f)]
    [InlineData(88.8f, float.PositiveInfinity)]
    [InlineData(1e30f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Of_Borders_AreExact(float power, float expected) => Assert.Equal(expected, Of(power));

    /// <summary>All lanes compute the same.</summary>
    [Fact]
    public void Of_AnyLane_SameBits()
    {
        float[] powers = [.. Enumerable.Range(0, 16).Select(i => -3.7f * i)];
        Vector512<float> together = Exponential.Of(Vector512.Create(powers));

        Bits.AssertSame([.. powers.Select(Of)], [.. Enumerable.Range(0, 16).Select(i => together.GetElement(i))], "lanes");
    }

    private static float Of(float power) => Exponential.Of(Vector512.Create(power)).GetElement(0);
}
