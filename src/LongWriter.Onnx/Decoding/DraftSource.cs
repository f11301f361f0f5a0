namespace LongWriter.Onnx.Decoding;

/// <summary>A drafter with a gate of its own: drafters differ in what they cost and in how often they are right. What drafting itself takes counts as much as the longer step.</summary>
internal sealed class DraftSource(IDrafter drafter, DraftGate gate, TimeProvider clock) : IDisposable
{
    private TimeSpan drafting;

    /// <summary>Whether the next step must be one without drafts, by which others are measured.</summary>
    public bool NeedsPlainStep => gate.NeedsPlainStep;

    /// <summary>Another text follows.</summary>
    public void Restart()
    {
        drafter.Restart();
        gate.Restart();
    }

    /// <summary>Writes as many tokens as are worth it.</summary>
    /// <param name="known">The whole text so far.</param>
    /// <param name="room">For all that may be drafted.</param>
    /// <returns>How many tokens were written.</returns>
    public int Draft(ReadOnlySpan<int> known, Span<int> room)
    {
        int wanted = gate.Choose(room.Length);
        if (wanted < 1)
        {
            return 0;
        }

        long begin = clock.GetTimestamp();
        drafter.CatchUp(known);
        long ready = clock.GetTimestamp();
        int drafted = drafter.Draft(known, room[..wanted]);
        long end = clock.GetTimestamp();

        // What was read once does not say what the next draft costs, but has to be earned.
        gate.Lose(clock.GetElapsedTime(begin, drafted > 0 ? ready : end).TotalSeconds);
        drafting = clock.GetElapsedTime(ready, end);
        return drafted;
    }

    /// <summary>A step was made with drafts of this source, or without any.</summary>
    public void Learn(int drafted, int right, TimeSpan taken) => gate.Learn(drafted, right, (drafted > 0 ? taken + drafting : taken).TotalSeconds);

    public void Dispose() => drafter.Dispose();
}
