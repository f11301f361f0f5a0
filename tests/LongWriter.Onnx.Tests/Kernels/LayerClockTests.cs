using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Where a layer's time goes. Other tests' layers may add to it, so nothing is said of what it does not hold.</summary>
public sealed class LayerClockTests
{
    private static readonly LayerShape Shape = new(6, 2, 32, 104, 176, 4, 64);

    [Fact]
    public void Stop_AfterSteps_HasTimeOfEveryPhase()
    {
        // Long enough that keys go in pieces, which are joined.
        float[] input = LayerSession.Tokens(Shape, 1, seed: 3);
        using var layer = new LayerSession(Shape, rows: 1, capacity: 700, fused: true, threads: 2);
        float[] expected = layer.Step(input, 600);

        LayerClock.Start();
        float[] measured = [];
        for (int i = 0; i < 20; i++)
        {
            measured = layer.Step(input, 600);
        }

        IReadOnlyList<(string Phase, TimeSpan Time)> phases = LayerClock.Stop();

        Bits.AssertSame(expected, measured, "with the clock on");
        Assert.Equal(
            ["QuantizeHidden", "MultiplyQkv", "Append", "Attend", "Join", "QuantizeAttended", "MultiplyOut", "QuantizeSum", "MultiplyAndGate", "MultiplyDown"],
            phases.Select(phase => phase.Phase));
        Assert.All(phases, phase => Assert.True(phase.Time > TimeSpan.Zero, phase.Phase));
    }

    [Fact]
    public void Start_Again_BeginsAtZero()
    {
        float[] input = LayerSession.Tokens(Shape, 40, seed: 4);
        using var layer = new LayerSession(Shape, rows: 1, capacity: 700, fused: true);
        LayerClock.Start();
        layer.Step(input, 600);

        TimeSpan before = Sum(LayerClock.Stop());
        LayerClock.Start();

        Assert.True(Sum(LayerClock.Stop()) < before);
    }

    private static TimeSpan Sum(IEnumerable<(string Phase, TimeSpan Time)> phases) => TimeSpan.FromTicks(phases.Sum(phase => phase.Time.Ticks));
}
