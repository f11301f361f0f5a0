namespace LongWriter.Onnx.Decoding;

/// <summary>A prompt that is continued.</summary>
internal sealed class GeneratingSequence(DecodingRequest request, int contextTokens, Func<int, bool> accept, CancellationToken cancellationToken)
    : Sequence(request.PromptIds, cancellationToken)
{
    private readonly TaskCompletionSource<DecodingResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int[] stopIds = [.. request.StopIds];
    private SamplerState? sampling;
    private int cachedPromptTokens;

    public Task<DecodingResult> Answer => answer.Task;

    /// <summary>The last one is always computed: its logits choose the first new token.</summary>
    public override int ReusableTokens => PromptIds.Length - 1;

    public override bool IsAnswered => answer.Task.IsCompleted;

    private int GeneratedTokens => TokenCount - PromptIds.Length;

    public override int ChunkTokens(int prefillChunkTokens) => prefillChunkTokens;

    public override int LogitRows(int tokens) => 1;

    public override void Start(KvSlot slot, Sampler sampler)
    {
        base.Start(slot, sampler);
        cachedPromptTokens = slot.CachedTokens;
        sampling = sampler.Begin(request.Sampling, PromptIds.Span, request.LogitsProcessor);
    }

    public override void Commit(Span<float> logits, Sampler sampler)
    {
        if (Slot.CachedTokens < TokenCount)
        {
            return;
        }

        int token = sampler.Sample(logits, sampling!);
        Slot.Ids[TokenCount++] = token;
        if (EndAfter(token) is { } end)
        {
            answer.TrySetResult(new DecodingResult(end, PromptIds.Length, cachedPromptTokens, GeneratedTokens));
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

    public override void Release(Sampler sampler)
    {
        if (sampling is { } state)
        {
            sampler.End(state);
            sampling = null;
        }
    }

    private DecodingEnd? EndAfter(int token) =>
        stopIds.AsSpan().Contains(token) ? DecodingEnd.StopToken
        : !accept(token) ? DecodingEnd.StoppedByCaller
        : GeneratedTokens == request.MaxNewTokens ? DecodingEnd.MaxNewTokens
        : TokenCount == contextTokens ? DecodingEnd.ContextLimit
        : null;
}
