using System.Numerics.Tensors;

namespace LongWriter.Onnx.Decoding;

/// <summary>A text whose tokens are weighed, not continued. Logits are turned into one number per token chunk by chunk.</summary>
internal sealed class ScoringSequence : Sequence
{
    /// <summary>64 MB of logits at a time.</summary>
    private const int LargestLogits = 1 << 24;

    private readonly TaskCompletionSource<float[]> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WeightedDraw sum;
    private readonly ReadOnlyMemory<int> ids;
    private readonly int vocabSize;
    private readonly float[] result;
    private int scored = 1;

    /// <param name="ids">Two or more. The last one needs no logits: nothing comes after it.</param>
    /// <param name="vocabSize">Logits of one token.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public ScoringSequence(ReadOnlyMemory<int> ids, int vocabSize, CancellationToken cancellationToken)
        : base(ids[..^1], cancellationToken)
    {
        this.ids = ids;
        this.vocabSize = vocabSize;
        sum = new WeightedDraw(vocabSize);
        result = new float[ids.Length];
        result[0] = float.NaN;
    }

    public Task<float[]> Answer => answer.Task;

    /// <summary>Keys and values alone do not tell what the logits were.</summary>
    public override int ReusableTokens => 0;

    public override bool IsAnswered => answer.Task.IsCompleted;

    public override int ChunkTokens(int prefillChunkTokens) => Math.Clamp(LargestLogits / vocabSize, 1, prefillChunkTokens);

    public override int LogitRows(int tokens) => tokens;

    public override void Commit(Span<float> logits, Sampler sampler)
    {
        for (; !logits.IsEmpty; logits = logits[vocabSize..])
        {
            result[scored] = LogProbability(logits[..vocabSize], ids.Span[scored]);
            scored++;
        }

        if (scored == result.Length)
        {
            answer.TrySetResult(result);
        }
    }

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException && CancellationToken.IsCancellationRequested)
        {
            answer.TrySetCanceled(CancellationToken);
        }
        else
        {
            answer.TrySetException(exception);
        }
    }

    private float LogProbability(Span<float> logits, int id)
    {
        float largest = TensorPrimitives.Max<float>(logits);
        double above = logits[id] - (double)largest;
        TensorPrimitives.Subtract(logits, largest, logits);
        TensorPrimitives.Exp<float>(logits, logits);
        return (float)(above - Math.Log(sum.Sum(logits)));
    }
}
