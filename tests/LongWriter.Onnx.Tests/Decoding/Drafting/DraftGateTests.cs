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
        (double plain, double drafting, _) = Run(5000, drafted => drafted * draftCost, _ => 0);

        Assert.InRange(drafting / plain, 1, 1.02);
    }

    [Fact]
    public void Choose_DraftsThatAreAlwaysRight_AreLong()
    {
        (double plain, double drafting, int longest) = Run(5000, drafted => drafted * 0.2, _ => 1);

        Assert.Equal(7, longest);
        Assert.True(plain / drafting > 2.5, $"{plain / drafting}");
    }

    [Fact]
    public void Choose_DraftsThatAreRightNowAndThen_AreShort()
    {
        (double plain, double drafting, _) = Run(20_000, drafted => drafted * 0.3, _ => 0.6);

        Assert.True(plain / drafting > 1.05, $"{plain / drafting}");
    }

    [Fact]
    public void Choose_TextThatBeginsToRepeatItself_IsNoticed()
    {
        (double plain, double drafting, _) = Run(8000, drafted => drafted * 0.2, written => written > 3000 ? 1 : 0);

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
    public void Choose_SevenDraftsCheaperThanFive_AreSeven()
    {
        // Rows go in groups of four, and eight at once go another way.
        double[] costs = [0, 0.3, 0.6, 0.6, 1.4, 1.7, 1.9, 1.0];
        var gate = new DraftGate();

        (_, _, IReadOnlyList<int> choices) = Write(gate, 6000, drafted => costs[drafted], _ => 1, new Random(3));

        Assert.True(choices.Count(drafted => drafted == 7) > choices.Count * 0.9, string.Join(' ', choices.Take(40)));
        Assert.DoesNotContain(choices.Skip(choices.Count / 2), drafted => drafted is > 3 and < 7);
    }

    [Fact]
    public void Choose_TextAfterTextAtOtherLengths_GainsInEach()
    {
        var gate = new DraftGate();
        var random = new Random(5);
        foreach (double length in (double[])[1, 1.6, 0.8, 3, 1])
        {
            Write(gate, 256, drafted => drafted * 0.35, _ => 0, random, length);
            gate.Restart();

            (double plain, double drafting, _) = Write(gate, 256, drafted => drafted * 0.35, _ => 0.9, random, length);

            Assert.True(plain / drafting > 1.35, $"{plain / drafting} at {length}");
            gate.Restart();
        }
    }

    [Fact]
    public void Choose_ManyShortTextsWithoutARightDraft_CostAtMostTwoHundredths()
    {
        var gate = new DraftGate();
        double plain = 0, drafting = 0;
        for (int text = 0; text < 60; text++)
        {
            (double each, double drafted, _) = Write(gate, 80, drafted => drafted * 0.5, _ => 0, new Random(text));
            (plain, drafting) = (plain + each, drafting + drafted);
            gate.Restart();
        }

        Assert.InRange(drafting / plain, 1, 1.02);
    }

    [Fact]
    public void Choose_SomeSlowStepsOfOneNumber_AreForgotten()
    {
        var gate = new DraftGate();
        gate.Learn(0, 0, 1);
        gate.Learn(0, 0, 1);
        for (int i = 0; i < 4; i++)
        {
            gate.Learn(2, 2, 9);
        }

        (double plain, double drafting, _) = Write(gate, 1500, drafted => drafted * 0.2, _ => 1, new Random(3));

        Assert.True(plain / drafting > 2, $"{plain / drafting}");
    }

    [Fact]
    public void Choose_AlwaysOpen_IsAsManyAsThereMayBe()
    {
        var gate = new DraftGate(isAlwaysOpen: true);

        Assert.Equal(5, gate.Choose(5));
        Assert.Equal(0, gate.Choose(-1));
    }

    private static (double Plain, double Drafting, int Longest) Run(int tokens, Func<int, double> draftCost, Func<int, double> probability)
    {
        (double plain, double drafting, IReadOnlyList<int> choices) = Write(new DraftGate(), tokens, draftCost, probability, new Random(3));
        return (plain, drafting, choices.Max());
    }

    /// <summary>Writes so many tokens with a draft at hand at every step; each token of a draft is right with the probability that is said.</summary>
    /// <param name="gate">Chooses how many.</param>
    /// <param name="tokens">To write.</param>
    /// <param name="draftCost">What so many drafts add to a step, as a share of it.</param>
    /// <param name="probability">By the tokens written.</param>
    /// <param name="random">Draws.</param>
    /// <param name="step">Seconds of a step without drafts.</param>
    private static (double Plain, double Drafting, IReadOnlyList<int> Choices) Write(
        DraftGate gate, int tokens, Func<int, double> draftCost, Func<int, double> probability, Random random, double step = 1)
    {
        double time = 0;
        List<int> choices = [];
        for (int written = 0; written < tokens;)
        {
            int drafted = gate.Choose(7);
            int right = 0;
            while (right < drafted && random.NextDouble() < probability(written))
            {
                right++;
            }

            double seconds = step * (1 + draftCost(drafted));
            gate.Learn(drafted, right, seconds);
            time += seconds;
            written += right + 1;
            choices.Add(drafted);
        }

        return (tokens * step, time, choices);
    }
}
