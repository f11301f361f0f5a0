namespace LongWriter.Onnx.Decoding;

/// <summary>
/// A request on its way. It is created on the caller's thread and then belongs to the engine's thread; only <see cref="Fail"/> may be called from any.
/// </summary>
internal abstract class Sequence(ReadOnlyMemory<int> promptIds, CancellationToken cancellationToken)
{
    public ReadOnlyMemory<int> PromptIds { get; } = promptIds;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Where its keys and values are; set by <see cref="Start"/>.</summary>
    public KvSlot Slot { get; private set; } = null!;

    /// <summary>Tokens that are known, computed or not.</summary>
    public int TokenCount { get; protected set; }

    /// <summary>Tokens that are known but not computed. 1 past the prompt: the one that was drawn last.</summary>
    public int PendingTokens => TokenCount - Slot.CachedTokens;

    /// <summary>Prompt tokens whose keys and values may come from an earlier request.</summary>
    public abstract int ReusableTokens { get; }

    /// <summary>Positions it may come to fill.</summary>
    public virtual int MostTokens => PromptIds.Length;

    /// <summary>Tokens that may be drafted behind the known ones at most; 0 for a sequence that draws none.</summary>
    public virtual int DraftRoom => 0;

    /// <summary>True once the caller has its answer, for example because it cancelled while it waited.</summary>
    public abstract bool IsAnswered { get; }

    /// <summary>Tokens one step may take at most.</summary>
    public abstract int ChunkTokens(int prefillChunkTokens);

    /// <summary>How many of the last rows of a step of <paramref name="tokens"/> tokens have logits of use; 1 or more, since a step gives at least one.</summary>
    public abstract int LogitRows(int tokens);

    /// <summary>Takes what a step computed: first the tokens, which the slot holds already, then the logits. Answers when the sequence has ended.</summary>
    public abstract void Commit(Span<float> logits, Sampler sampler);

    /// <summary>Answers with an exception unless there is an answer.</summary>
    public abstract void Fail(Exception exception);

    public virtual void Start(KvSlot slot, Sampler sampler)
    {
        Slot = slot;
        PromptIds.Span.CopyTo(slot.Ids);
        TokenCount = PromptIds.Length;
    }

    /// <summary>Makes room where the context is full and the sequence goes on: fewer tokens are known then, and some of them wait to be computed again.</summary>
    /// <returns>True when it did.</returns>
    public virtual bool TrySlide() => false;

    /// <summary>Gives back what was borrowed.</summary>
    public virtual void Release(Sampler sampler)
    {
    }
}
