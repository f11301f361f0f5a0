namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Adds drafts to the next step of a sequence that is decoded alone. The step computes the logits behind each drafted token, too, and the sequence samples from them for as
/// long as what it draws is what was drafted. Every token is drawn from the model's own logits, so drafts change how many steps a text takes and nothing else.
/// </summary>
/// <remarks>Belongs to the engine's thread. A sequence that another one interrupts is found again at the price of reading it once more.</remarks>
/// <param name="sources">Asked one after the other until one has a draft.</param>
/// <param name="maxDraftTokens">Of a step.</param>
internal sealed class Speculation(IReadOnlyList<DraftSource> sources, int maxDraftTokens) : IDisposable
{
    private Sequence? followed;
    private DraftSource? source;
    private int known;
    private int drafted = -1;

    /// <summary>Writes drafts behind the known tokens of the sequence's slot.</summary>
    /// <returns>How many.</returns>
    public int Draft(Sequence sequence, int mostStepTokens)
    {
        if (sequence != followed)
        {
            foreach (DraftSource each in sources)
            {
                each.Restart();
            }

            followed = sequence;
        }

        known = sequence.TokenCount;
        int room = Math.Min(Math.Min(maxDraftTokens, sequence.DraftRoom), mostStepTokens - 1);
        drafted = room < 1 || NeedsPlainStep() ? 0 : Draft(sequence.Slot.Ids[..known], sequence.Slot.Ids.Slice(known, room));
        return drafted;
    }

    /// <summary>A step took so long; if it is the one for which drafts were asked last, that says what drafts cost and how many were right.</summary>
    public void Learn(StepPlan plan, TimeSpan taken)
    {
        if (drafted < 0 || plan.Sequences.Length > 1 || plan.Sequences[0] != followed || plan.Tokens != drafted + 1)
        {
            return;
        }

        int right = followed.TokenCount - known - 1;
        for (int i = 0; i < sources.Count && right >= 0; i++)
        {
            if (drafted == 0 || sources[i] == source)
            {
                sources[i].Learn(drafted, Math.Min(right, drafted), taken);
            }
        }

        drafted = -1;
    }

    /// <summary>Lets go of a sequence that has ended.</summary>
    public void Forget(Sequence sequence) => followed = followed == sequence ? null : followed;

    public void Dispose()
    {
        foreach (DraftSource each in sources)
        {
            each.Dispose();
        }
    }

    private bool NeedsPlainStep()
    {
        bool needs = false;
        for (int i = 0; i < sources.Count; i++)
        {
            needs |= sources[i].NeedsPlainStep;
        }

        return needs;
    }

    private int Draft(ReadOnlySpan<int> text, Span<int> room)
    {
        for (int i = 0; i < sources.Count; i++)
        {
            if (sources[i].Draft(text, room) is var count and > 0)
            {
                source = sources[i];
                return count;
            }
        }

        return 0;
    }
}
