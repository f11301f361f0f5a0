using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding.Drafting;

/// <summary>When drafting is tried, on a clock of our own: a step costs 1, and a drafted token so much more.</summary>
public sealed class DraftGateTests
{
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    public void Choose_DraftsThatAreNeverRight_CostAtMostTwoHundredths(double draftCost)
    {
        (double plain, double drafting, _) = Run(5000, draftCost, _ => 0);

        Assert.InRange(drafting / plain, 1, 1.02);
    }

    [Fact]
    public void Choose_DraftsThatAreAlwaysRight_AreLong()
    {
        (double plain, double drafting, int longest) = Run(5000, 0.2, _ => 1);

        Assert.Equal(7, longest);
        Assert.True(plain / drafting > 2.5, $"{plain / drafting}");
    }

    [Fact]
    public void Choose_DraftsThatAreRightNowAndThen_AreShort()
    {
        (double plain, double drafting, _) = Run(20_000, 0.3, _ => 0.6);

        Assert.True(plain / drafting > 1.05, $"{plain / drafting}");
    }

    [Fact]
    public void Choose_TextThatBeginsToRepeatItself_IsNoticed()
    {
        (double plain, double drafting, _) = Run(8000, 0.2, written => written > 3000 ? 1 : 0);

        Assert.True(plain / drafting > 1.3, $"{plain / drafting}");
    }

    [Fact]
    public void Choose_BeforeStepsWereMeasured_IsNothing()
    {
        var gate = new DraftGate();

        Assert.Equal(0, gate.Choose(7));
        gate.Learn(0, 0, 1);
        Assert.Equal(0, gate.Choose(7));
        Assert.Equal(0, gate.Choose(0));
    }

    [Fact]
    public void Choose_AStepThatWasHeldUp_DoesNotCloseIt()
    {
        var gate = new DraftGate();
        for (int i = 0; i < 50; i++)
        {
            gate.Learn(0, 0, 1);
            gate.Learn(3, 3, 1.5);
        }

        gate.Learn(3, 3, 500);

        Assert.True(gate.Choose(7) > 0);
    }

    [Fact]
    public void Choose_AlwaysOpen_IsAsManyAsThereMayBe()
    {
        var gate = new DraftGate(isAlwaysOpen: true);

        Assert.Equal(5, gate.Choose(5));
        Assert.Equal(0, gate.Choose(-1));
    }

    /// <summary>Writes so many tokens with a draft at hand at every step; each token of a draft is right with the probability that is said.</summary>
    private static (double Plain, double Drafting, int Longest) Run(int tokens, double draftCost, Func<int, double> probability)
    {
        var gate = new DraftGate();
        var random = new Random(3);
        double time = 0;
        int longest = 0;
        for (int written = 0; written < tokens;)
        {
            int drafted = gate.Choose(7);
            int right = 0;
            while (right < drafted && random.NextDouble() < probability(written))
            {
                right++;
            }

            double seconds = 1 + (drafted * draftCost);
            gate.Learn(drafted, right, seconds);
            time += seconds;
            written += right + 1;
            longest = Math.Max(longest, drafted);
        }

        return (tokens, time, longest);
    }
}
