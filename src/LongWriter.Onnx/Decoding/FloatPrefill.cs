using System.Runtime.InteropServices;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Reads prompts into a cache of int8 keys and values by a graph with float32 ones: the keys and values of one row lie as floats in a scratch cache, to which the graph appends, and what it
/// appended is quantized into the row. Chunk after chunk of a prompt the scratch goes on; before the first one the row's past is brought into it. (ADR 19)
/// </summary>
internal sealed class FloatPrefill : IDisposable
{
    /// <summary>More than a step with drafts has: those are decoding, and for so few tokens bringing back the past costs more than it gains.</summary>
    private const int MinTokens = ModelRunner.MostDraftingTokens + 1;

    private readonly SharedKvCache target;
    private readonly SharedKvCache scratch;
    private readonly ModelRunner runner;
    private readonly float[] steps;

    /// <summary>Which row the scratch holds, how much of it, and since which change of the row.</summary>
    private (int Row, int Tokens, long Version) held = (-1, 0, 0);

    private FloatPrefill(DecoderModel model, SharedKvCache target, float[] steps, int capacity)
    {
        this.target = target;
        this.steps = steps;
        scratch = new SharedKvCache(model, rows: 1, capacity);
        runner = ModelRunner.Create(model, scratch);
    }

    /// <summary>Null where the model has no graph for it, or the memory holds no prompt.</summary>
    /// <param name="model">With int8 keys and values.</param>
    /// <param name="cache">What is read into.</param>
    /// <param name="scratchBytes">Memory that the scratch may take at most; longer prompts are read on without it.</param>
    public static FloatPrefill? Create(DecoderModel model, KvCache cache, long scratchBytes)
    {
        if (model.Prefill is not { } prefill || cache is not SharedKvCache target)
        {
            return null;
        }

        long floatBytesPerToken = (long)target.BytesPerToken * sizeof(float);
        int capacity = (int)Math.Min(target.Capacity, scratchBytes / floatBytesPerToken);
        float[] steps = [.. model.Manifest.Kv.KeyScales!.Zip(model.Manifest.Kv.ValueScales!, (key, value) => new[] { key, value }).SelectMany(pair => pair)];
        return capacity >= MinTokens ? new FloatPrefill(prefill, target, steps, capacity) : null;
    }

    /// <summary>Whether a step of one row is for this.</summary>
    public bool Takes(int past, int tokens) => tokens >= MinTokens && past + tokens <= scratch.Capacity;

    /// <inheritdoc cref="ModelRunner.Run(int, ReadOnlySpan{int}, int, int, OrtRunOptions)"/>
    public Span<float> Run(int row, scoped ReadOnlySpan<int> ids, int past, int logitRows, OrtRunOptions options)
    {
        if (held.Row != row || held.Version != target.VersionOf(row) || held.Tokens < past)
        {
            Dequantize(row, past);
        }

        Span<float> logits = runner.Run(0, ids, past, logitRows, options);
        Quantize(row, past, past + ids.Length);
        target.Touch(row);
        held = (row, past + ids.Length, target.VersionOf(row));
        return logits;
    }

    public void Dispose()
    {
        runner.Dispose();
        scratch.Dispose();
    }

    private void Dequantize(int row, int tokens)
    {
        for (int i = 0; i < target.TensorHeads; i++)
        {
            KvQuantization.Dequantize(
                MemoryMarshal.Cast<byte, sbyte>(target.Positions(i, row, 0, tokens)), StepOf(i), MemoryMarshal.Cast<byte, float>(scratch.Positions(i, 0, 0, tokens)));
        }
    }

    private void Quantize(int row, int from, int end)
    {
        for (int i = 0; i < target.TensorHeads; i++)
        {
            KvQuantization.Quantize(
                MemoryMarshal.Cast<byte, float>(scratch.Positions(i, 0, from, end)), StepOf(i), MemoryMarshal.Cast<byte, sbyte>(target.Positions(i, row, from, end)));
        }
    }

    private float StepOf(int tensorAndHead) => steps[tensorAndHead / (target.TensorHeads / steps.Length)];
}
