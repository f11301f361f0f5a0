using LongWriter.Onnx.Decoding;

namespace LongWriter.Throughput;

/// <summary>
/// A draft model whose drafts are right as often as is said. It computes what it would compute, one token after the other behind the text; but what comes out is the known text, or another token. So what a draft
/// costs is the model's, and how many are right does not hang on what the two models learned.
/// </summary>
internal sealed class RightNowAndThen(ModelDrafter model, int vocabSize) : IDrafter
{
    private readonly int[] one = new int[1];
    private Random random = new(ThroughputRun.Seed);

    /// <summary>The prompt and what is to be generated.</summary>
    public int[] Text { get; set; } = [];

    /// <summary>Probability that a drafted token is right, if those before it are.</summary>
    public double Right { get; set; }

    /// <summary>Begins its draws anew, so that each round is of the same drafts.</summary>
    public void Restart()
    {
        model.Restart();
        random = new Random(ThroughputRun.Seed);
    }

    public void CatchUp(ReadOnlySpan<int> known) => model.CatchUp(known);

    public int Draft(ReadOnlySpan<int> known, Span<int> draft)
    {
        int count = Math.Clamp(Text.Length - known.Length, 0, draft.Length);
        for (int i = 0; i < count; i++)
        {
            model.Draft(Text.AsSpan(0, known.Length + i), one);
            int right = Text[known.Length + i];
            draft[i] = random.NextDouble() < Right ? right : (right + 1) % vocabSize;
        }

        return count;
    }

    public void Dispose() => model.Dispose();
}
