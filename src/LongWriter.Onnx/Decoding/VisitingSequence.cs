namespace LongWriter.Onnx.Decoding;

/// <summary>A request that looks into the slot that keeps its text, or changes it, between two steps, and computes nothing.</summary>
internal sealed class VisitingSequence<T>(ReadOnlyMemory<int> ids, Func<KvSlot, T> visit, CancellationToken cancellationToken) : Sequence(ids, cancellationToken)
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => answer.Task;

    public override int ReusableTokens => PromptIds.Length;

    public override bool IsAnswered => answer.Task.IsCompleted;

    public override int ChunkTokens(int prefillChunkTokens) => throw new InvalidOperationException("A visit has no steps.");

    public override int LogitRows(int tokens) => throw new InvalidOperationException("A visit has no steps.");

    public override void Start(KvSlot slot, Sampler sampler)
    {
        base.Start(slot, sampler);
        answer.TrySetResult(visit(slot));
    }

    public override void Commit(Span<float> logits, Sampler sampler) => throw new InvalidOperationException("A visit has no steps.");

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
}
