namespace LongWriter.Onnx.Decoding;

/// <summary>Asks one drafter after the other until one has a guess.</summary>
internal sealed class CombinedDrafter(IReadOnlyList<IDrafter> drafters) : IDrafter
{
    public void Restart()
    {
        foreach (IDrafter drafter in drafters)
        {
            drafter.Restart();
        }
    }

    public int Draft(ReadOnlySpan<int> known, Span<int> draft)
    {
        for (int i = 0; i < drafters.Count; i++)
        {
            if (drafters[i].Draft(known, draft) is var count and > 0)
            {
                return count;
            }
        }

        return 0;
    }

    public void Dispose()
    {
        foreach (IDrafter drafter in drafters)
        {
            drafter.Dispose();
        }
    }
}
