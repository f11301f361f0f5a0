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

    /// <summary>Weight of a new measurement of a cost, and of a token drafted.</summary>
    private const double CostWeight = 0.1;
    private const double RightWeight = 0.04;

    /// <summary>One step that something else on the machine held up is not what a step costs.</summary>
    private const double LargestSurprise = 3;

    /// <summary>What a drafted token costs, as a share of a step, until it was measured.</summary>
    private const double AssumedCost = 0.15;

    /// <summary>Steps without drafts that are measured before the first draft.</summary>
    private const int FirstPlainSteps = 4;

    /// <summary>Steps with drafts after which one without is measured again.</summary>
    private const int MostStepsWithoutPlain = 64;

    private double plainSeconds;
    private double secondsPerDraft;
    private double rightShare = 0.5;
    private double totalSeconds;
    private double lostSeconds;
    private int plainSteps;
    private int stepsWithoutPlain;

    /// <summary>Forgets how often drafts were right, as another text follows; what steps cost stays known.</summary>
    public void Restart() => (rightShare, totalSeconds, lostSeconds) = (0.5, 0, 0);

    /// <summary>How many tokens to draft, from 0 to <paramref name="most"/>.</summary>
    public int Choose(int most)
    {
        if (isAlwaysOpen)
        {
            return Math.Max(0, most);
        }

        if (most < 1 || plainSteps < FirstPlainSteps || stepsWithoutPlain >= MostStepsWithoutPlain)
        {
            return 0;
        }

        int best = 0;
        double bestRate = 1 / plainSeconds;
        double expected = 1, right = 1;
        for (int drafted = 1; drafted <= most; drafted++)
        {
            right *= rightShare;
            expected += right;
            double rate = expected / (plainSeconds + drafted * secondsPerDraft);
            if (rate > bestRate)
            {
                (best, bestRate) = (drafted, rate);
            }
        }

        return best > 0 ? best : lostSeconds < LossShare * totalSeconds ? Math.Min(2, most) : 0;
    }

    /// <summary>A step was made that computed one known token and <paramref name="drafted"/> drafts, of which the first <paramref name="right"/> were right.</summary>
    public void Learn(int drafted, int right, double seconds)
    {
        totalSeconds += seconds;
        if (drafted == 0)
        {
            plainSeconds = plainSteps == 0 ? seconds : Towards(plainSeconds, seconds, CostWeight);
            plainSteps++;
            stepsWithoutPlain = 0;
            secondsPerDraft = secondsPerDraft == 0 ? AssumedCost * plainSeconds : secondsPerDraft;
            return;
        }

        stepsWithoutPlain++;
        lostSeconds = Math.Max(0, lostSeconds + seconds - (right + 1) * plainSeconds);
        secondsPerDraft = Towards(secondsPerDraft, Math.Max(0, seconds - plainSeconds) / drafted, CostWeight);
        for (int i = 0; i < Math.Min(drafted, right + 1); i++)
        {
            rightShare += RightWeight * ((i < right ? 1 : 0) - rightShare);
        }
    }

    private static double Towards(double known, double measured, double weight) => known + weight * (Math.Min(measured, known * LargestSurprise) - known);
}
