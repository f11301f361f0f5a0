namespace LongWriter.Onnx.Decoding;

/// <summary>
/// What a step costs by the number of tokens drafted for it, beside one without. Each number was measured by itself, as costs do not grow evenly: kernels take rows in groups, so seven drafts may
/// cost less than five.
/// </summary>
internal sealed class StepCosts
{
    /// <summary>What a drafted token adds, as a share of a step, where it was not measured: little, so that it will be.</summary>
    private const double AssumedPerDraft = 0.15;

    /// <summary>Steps without drafts that make a cost of which something can be said.</summary>
    private const int PlainSteps = 2;

    private readonly LateMedian plain = new();
    private readonly LateMedian[] byDrafts = [.. Enumerable.Range(0, EngineOptions.MostDraftTokens).Select(_ => new LateMedian())];

    /// <summary>Whether steps without drafts were measured.</summary>
    public bool IsKnown => plain.Count >= PlainSteps;

    /// <summary>Of a step without drafts.</summary>
    public double PlainSeconds => plain.Value;

    /// <summary>Times a step without drafts.</summary>
    /// <param name="drafts">How many, 0 for none.</param>
    /// <param name="measured">The greatest number of no more drafts that was measured, and its cost.</param>
    public double Of(int drafts, ref (int Drafts, double Cost) measured)
    {
        if (drafts > 0 && byDrafts[drafts - 1] is { Count: > 0 } costs)
        {
            measured = (drafts, costs.Value);
        }

        return measured.Cost + (drafts - measured.Drafts) * AssumedPerDraft;
    }

    /// <summary>A step took so long.</summary>
    public void Add(int drafts, double seconds)
    {
        if (drafts == 0)
        {
            plain.Add(seconds);
        }
        else
        {
            byDrafts[drafts - 1].Add(seconds / PlainSeconds);
        }
    }

    /// <summary>Forgets the oldest measurement of every number of drafts: what once was slow is tried again.</summary>
    public void Age()
    {
        foreach (LateMedian costs in byDrafts)
        {
            costs.Drop();
        }
    }

    /// <summary>Another text, with another length of context: steps without drafts are measured anew, and what drafts cost beside them stays known.</summary>
    public void Restart() => plain.Clear();
}
