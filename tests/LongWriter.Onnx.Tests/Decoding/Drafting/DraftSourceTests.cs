using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding.Drafting;

/// <summary>Drafting takes time of its own, on a clock that only the drafter moves; a step of the model takes one second.</summary>
public sealed class DraftSourceTests
{
    private const int MostDrafts = 7;

    [Fact]
    public void Draft_ADrafterAsSlowAsTheModel_CostsAtMostTwoHundredths()
    {
        // All of its drafts are right, and steps with them take hardly longer; but for each it takes as long as a step.
        double gain = Write(new SlowDrafter(secondsPerToken: 1), 3000, right: 1, secondsPerDraft: 0.1);

        Assert.InRange(gain, 0.98, 1);
    }

    [Fact]
    public void Draft_AQuickDrafter_Gains()
    {
        double gain = Write(new SlowDrafter(secondsPerToken: 0.1), 3000, right: 1, secondsPerDraft: 0.1);

        Assert.True(gain > 2.5, $"{gain}");
    }

    [Fact]
    public void Draft_ADrafterThatReadsTheTextFirst_IsNotJudgedByThat()
    {
        double gain = Write(new SlowDrafter(secondsPerToken: 0.1, firstSeconds: 40), 3000, right: 1, secondsPerDraft: 0.1);

        Assert.True(gain > 2.4, $"{gain}");
    }

    /// <summary>How much faster the text comes than token by token.</summary>
    private static double Write(SlowDrafter drafter, int tokens, double right, double secondsPerDraft)
    {
        using var source = new DraftSource(drafter, new DraftGate(), drafter);
        var random = new Random(4);
        int[] room = new int[MostDrafts];
        double steps = 0;
        for (int written = 0; written < tokens;)
        {
            int drafted = source.NeedsPlainStep ? 0 : source.Draft([1, 2, 3], room);
            int accepted = 0;
            while (accepted < drafted && random.NextDouble() < right)
            {
                accepted++;
            }

            double seconds = 1 + (drafted * secondsPerDraft);
            source.Learn(drafted, accepted, TimeSpan.FromSeconds(seconds));
            steps += seconds;
            written += accepted + 1;
        }

        return tokens / (steps + drafter.Seconds);
    }

    /// <summary>Drafts anything, and is the clock.</summary>
    private sealed class SlowDrafter(double secondsPerToken, double firstSeconds = 0) : TimeProvider, IDrafter
    {
        private bool hasRead;

        public double Seconds { get; private set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => (long)(Seconds * TimestampFrequency);

        public void Restart() => hasRead = false;

        public void CatchUp(ReadOnlySpan<int> known)
        {
            Seconds += hasRead ? 0 : firstSeconds;
            hasRead = true;
        }

        public int Draft(ReadOnlySpan<int> known, Span<int> draft)
        {
            Seconds += secondsPerToken * draft.Length;
            return draft.Length;
        }

        public void Dispose()
        {
            // Nothing native.
        }
    }
}
