using System.Numerics.Tensors;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Decoding;

/// <summary>Drafts the most probable continuation by a second, smaller model of the same vocabulary. Owns the model.</summary>
internal sealed class ModelDrafter : IDrafter
{
    private const int ChunkTokens = 512;

    /// <summary>Tokens behind which a draft reads what came since the last one by itself.</summary>
    private const int FewTokens = 16;

    private readonly DecoderModel model;
    private readonly KvCache cache;
    private readonly ModelRunner runner;
    private readonly OrtRunOptions runOptions;
    private readonly KvSlot slot;

    /// <param name="model">The smaller model.</param>
    /// <param name="contextTokens">Tokens of the longest sequence; beyond what the model can, nothing is drafted.</param>
    public ModelDrafter(DecoderModel model, int contextTokens)
    {
        this.model = model;
        int capacity = Math.Min(contextTokens, model.Manifest.MaxPositions);
        cache = KvCache.Create(model, rows: 1, capacity);
        runner = ModelRunner.Create(model, cache);
        runOptions = new OrtRunOptions(model.Session.Environment);
        slot = new KvSlot(0, capacity);
    }

    /// <summary>Loads a folder that the exporter, onnxruntime-genai's builder or Optimum wrote.</summary>
    /// <exception cref="ModelFormatException">A file is missing or contradicts another one, or the vocabulary is another one.</exception>
    /// <exception cref="OnnxRuntimeException">The native library cannot run the model.</exception>
    public static ModelDrafter Load(string folder, int vocabSize, OnnxRuntimeOptions runtime, int contextTokens, ILogger logger)
    {
        var model = DecoderModel.Load(folder, runtime.InTurns(), logger);
        if (model.Manifest.VocabSize == vocabSize)
        {
            return new ModelDrafter(model, contextTokens);
        }

        int found = model.Manifest.VocabSize;
        model.Dispose();
        throw new ModelFormatException($"{folder}: expected a draft model of the same vocabulary, {vocabSize} tokens, found {found}.");
    }

    public void Restart()
    {
        // Another sequence may begin alike; what they have in common is found at the next draft.
    }

    public void CatchUp(ReadOnlySpan<int> known)
    {
        if (known.Length < slot.Ids.Length)
        {
            Follow(known);
            if (known.Length - slot.CachedTokens > FewTokens)
            {
                Read(known.Length - 1);
            }
        }
    }

    public int Draft(ReadOnlySpan<int> known, Span<int> draft)
    {
        if (known.Length + draft.Length > slot.Ids.Length)
        {
            return 0;
        }

        Follow(known);
        int next = Read(known.Length);
        for (int i = 0; i < draft.Length; i++)
        {
            draft[i] = next;
            slot.Ids[known.Length + i] = next;
            if (i + 1 < draft.Length)
            {
                next = Read(known.Length + i + 1);
            }
        }

        return draft.Length;
    }

    public void Dispose()
    {
        runner.Dispose();
        cache.Dispose();
        runOptions.Dispose();
        model.Dispose();
    }

    /// <summary>Keeps what it has in common with the text, but for its last token, and takes over the rest.</summary>
    private void Follow(ReadOnlySpan<int> known)
    {
        slot.Rewind(slot.CommonPrefix(known[..^1]));
        known[slot.CachedTokens..].CopyTo(slot.Ids[slot.CachedTokens..]);
    }

    /// <summary>Computes what is known up to <paramref name="end"/>; the most probable next token.</summary>
    private int Read(int end)
    {
        while (true)
        {
            int past = slot.CachedTokens;
            int tokens = Math.Min(Math.Min(ChunkTokens, model.MaxStepTokens(past)), end - past);
            Span<float> logits = runner.Run(0, slot.Ids.Slice(past, tokens), past, 1, runOptions);
            slot.Advance(tokens);
            if (slot.CachedTokens == end)
            {
                return TensorPrimitives.IndexOfMax<float>(logits);
            }
        }
    }
}
