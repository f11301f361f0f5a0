namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Decides how many tokens are worth drafting, from what steps were measured to cost and how many drafts were right. What is expected to be a loss is tried
/// only for as long as the losses stay below a hundredth of the time: so drafting that does not pay costs next to nothing, and where a text begins to
/// repeat itself it is noticed.
/// </summary>
/// <remarks>Costs are those of late, so they follow the length of the context.</remarks>
/// <param name="isAlwaysOpen">Drafts whatever it costs: to prove and to measure.</param>
internal sealed class DraftGate(bool isAlwaysOpen = false)
{
    /// <summary>Share of all time that losses may take.</summary>
    private const double LossShare = 0.01;

    /// <summary>Share of drafts that are right until some were seen, as if so many had been.</summary>
    private const double AssumedRight = 0.5;
    private const int AssumedSeen = 4;

    /// <summary>Weight of a token drafted, when many were seen.</summary>
    private const double RightWeight = 0.04;

    /// <summary>One step that something else on the machine held up is not what drafts lost.</summary>
    private const double LargestSurprise = 3;

    /// <summary>Steps with drafts after which one without is measured again.</summary>
    private const int MostStepsWithoutPlain = 64;

    private readonly StepCosts costs = new();
    private double rightShare = AssumedRight;
    private int seen = AssumedSeen;
    private double totalSeconds;
    private double lostSeconds;
    private int stepsWithoutPlain;

    /// <summary>Whether the next step must be one without drafts, by which others are measured.</summary>
    public bool NeedsPlainStep => !isAlwaysOpen && (!costs.IsKnown || stepsWithoutPlain >= MostStepsWithoutPlain);

    /// <summary>Another text follows: how often drafts were right counts half, what was lost by them is forgotten; what they cost beside a step stays known.</summary>
    public void Restart()
    {
        costs.Restart();
        (rightShare, seen) = ((rightShare + AssumedRight) / 2, AssumedSeen);
        (totalSeconds, lostSeconds, stepsWithoutPlain) = (0, 0, 0);
    }

    /// <summary>How many tokens to draft, from 0 to <paramref name="most"/>.</summary>
    public int Choose(int most)
    {
        if (isAlwaysOpen)
        {
            return Math.Max(0, most);
        }

        if (most < 1 || NeedsPlainStep)
        {
            return 0;
        }

        int best = 0;
        double bestRate = 1;
        double expected = 1, right = 1;
        (int, double) measured = (0, 1);
        for (int drafted = 1; drafted <= most; drafted++)
        {
            right *= rightShare;
            expected += right;
            double rate = expected / costs.Of(drafted, ref measured);
            if (rate > bestRate)
            {
                (best, bestRate) = (drafted, rate);
            }
        }

        return best > 0 ? best : lostSeconds < LossShare * totalSeconds ? 1 : 0;
    }

    /// <summary>Time went by for nothing that a step would show.</summary>
    public void Lose(double seconds) => (totalSeconds, lostSeconds) = (totalSeconds + seconds, lostSeconds + seconds);

    /// <summary>A step was made that computed one known token and <paramref name="drafted"/> drafts, of which the first <paramref name="right"/> were right.</summary>
    public void Learn(int drafted, int right, double seconds)
    {
        totalSeconds += seconds;
        if (drafted == 0)
        {
            if (stepsWithoutPlain >= MostStepsWithoutPlain)
            {
                costs.Age();
            }

            stepsWithoutPlain = 0;
            costs.Add(0, seconds);
            return;
        }

        stepsWithoutPlain++;
        if (costs.IsKnown)
        {
            lostSeconds = Math.Max(0, lostSeconds + Math.Min(seconds, LargestSurprise * drafted * costs.PlainSeconds) - (right + 1) * costs.PlainSeconds);
            costs.Add(drafted, seconds);
        }

        for (int i = 0; i < Math.Min(drafted, right + 1); i++)
        {
            rightShare += Math.Max(RightWeight, 1.0 / ++seen) * ((i < right ? 1 : 0) - rightShare);
        }
    }
}
