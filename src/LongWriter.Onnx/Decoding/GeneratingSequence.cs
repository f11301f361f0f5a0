namespace LongWriter.Onnx.Decoding;

/// <summary>A prompt that is continued, past the end of the context where there is a window that slides.</summary>
internal sealed class GeneratingSequence(DecodingRequest request, int contextTokens, SlidingWindow? window, Func<int, bool> accept, CancellationToken cancellationToken)
    : Sequence(request.PromptIds, cancellationToken)
{
    private readonly TaskCompletionSource<DecodingResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int[] stopIds = [.. request.StopIds];
    private SamplerState? sampling;
    private int cachedPromptTokens;
    private int draftedTokens;
    private int acceptedTokens;
    private int droppedTokens;

    public Task<DecodingResult> Answer => answer.Task;

    /// <summary>The last one is always computed: its logits choose the first new token.</summary>
    public override int ReusableTokens => PromptIds.Length - 1;

    public override bool IsAnswered => answer.Task.IsCompleted;

    public override int MostTokens => (int)Math.Min(contextTokens, (long)PromptIds.Length + request.MaxNewTokens);

    /// <summary>The last token is drawn, not drafted.</summary>
    public override int DraftRoom => Math.Min(request.MaxNewTokens - GeneratedTokens, contextTokens - TokenCount) - 1;

    private int GeneratedTokens => droppedTokens + TokenCount - PromptIds.Length;

    public override int ChunkTokens(int prefillChunkTokens) => prefillChunkTokens;

    /// <summary>Of a chunk of the prompt the last row; behind the last known token and behind each draft a row.</summary>
    public override int LogitRows(int tokens) => PendingTokens == 1 ? tokens : 1;

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

        // Behind the known tokens are drafts, and behind each draft the logits of what follows if it is right.
        int drafted = Slot.CachedTokens - TokenCount;
        int right = 0;
        int vocabSize = logits.Length / (drafted + 1);
        DecodingEnd? end;
        bool isDrafted;
        do
        {
            int token = sampler.Sample(logits.Slice(right * vocabSize, vocabSize), sampling!);
            isDrafted = right < drafted && Slot.Ids[TokenCount] == token;
            right += isDrafted ? 1 : 0;
            Slot.Ids[TokenCount++] = token;
            end = EndAfter(token);
        }
        while (isDrafted && end is null);

        Slot.Rewind(Slot.CachedTokens - drafted + right);
        draftedTokens += drafted;
        acceptedTokens += right;
        if (end is { } cause)
        {
            answer.TrySetResult(new DecodingResult(cause, PromptIds.Length, cachedPromptTokens, GeneratedTokens)
            {
                DraftedTokens = draftedTokens,
                AcceptedTokens = acceptedTokens,
                DroppedTokens = droppedTokens,
            });
        }
    }

    /// <summary>The sinks keep their keys and values. Those of the last tokens hold their old positions, so they are computed again, which is exact for every precision.</summary>
    public override bool TrySlide()
    {
        if (window is null || TokenCount < contextTokens || IsAnswered)
        {
            return false;
        }

        int sinks = window.Sinks(PromptIds.Length, contextTokens);
        int kept = window.Kept(contextTokens);
        Slot.Rewind(sinks);
        Slot.Ids[(TokenCount - kept)..TokenCount].CopyTo(Slot.Ids[sinks..]);
        droppedTokens += TokenCount - sinks - kept;
        TokenCount = sinks + kept;
        return true;
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
        : TokenCount == contextTokens && window is null ? DecodingEnd.ContextLimit
        : null;
}
