using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding.Batching;

/// <summary>A sequence that needs no model: it always draws 7, so many times. At so many tokens its window slides and keeps a number of them.</summary>
internal sealed class ScriptedSequence(string name, int[] prompt, int newTokens, int slidesAt = int.MaxValue, int keeps = 0) : Sequence(prompt, default)
{
    private bool isAnswered;

    public string Name => name;

    public Exception? Failure { get; private set; }

    public int Generated { get; private set; }

    public override int ReusableTokens => PromptIds.Length - 1;

    public override bool IsAnswered => isAnswered;

    public override int ChunkTokens(int prefillChunkTokens) => prefillChunkTokens;

    public override int LogitRows(int tokens) => 1;

    public override void Start(KvSlot slot, Sampler sampler)
    {
        base.Start(slot, sampler);
        if (newTokens == 0)
        {
            throw new InvalidDataException("It cannot start.");
        }
    }

    public override bool TrySlide()
    {
        if (TokenCount < slidesAt)
        {
            return false;
        }

        Slot.Rewind(0);
        TokenCount = keeps;
        return true;
    }

    public override void Commit(Span<float> logits, Sampler sampler)
    {
        if (Slot.CachedTokens == TokenCount)
        {
            Slot.Ids[TokenCount++] = 7;
            isAnswered = ++Generated == newTokens;
        }
    }

    public override void Fail(Exception exception)
    {
        Failure ??= exception;
        isAnswered = true;
    }
}
