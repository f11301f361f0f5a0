using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Runs one step over one slot. What a step needs is bound once and written in place; another slot or another number of tokens binds anew. A step of one
/// token allocates nothing.
/// </summary>
internal sealed class ModelRunner : IDisposable
{
    private readonly DecoderModel model;
    private readonly KvCache cache;
    private readonly OrtIoBinding binding;
    private readonly StepLengths lengths;
    private readonly StepTensors decode;
    private StepTensors other;
    private StepTensors? bound;

    public ModelRunner(DecoderModel model, KvCache cache)
    {
        this.model = model;
        this.cache = cache;
        binding = new OrtIoBinding(model.Session);
        lengths = StepLengths.Create(model, binding, cache.Capacity);
        decode = new StepTensors(model, 1, 1);
        other = decode;
    }

    /// <summary>Appends tokens to a slot that has <paramref name="past"/> of them.</summary>
    /// <returns>Logits of the last <paramref name="rows"/> tokens, (rows, vocabSize), row-major. Valid until the next run.</returns>
    /// <exception cref="OperationCanceledException">The options were terminated; the slot's first <paramref name="past"/> positions are as before.</exception>
    public Span<float> Run(int slot, ReadOnlySpan<int> ids, int past, int rows, OrtRunOptions options)
    {
        cache.Bind(binding, slot, past, ids.Length);
        StepTensors step = Bind(ids.Length, rows);
        step.Write(ids, past);
        lengths.Set(past + ids.Length);
        model.Session.Run(binding, options);
        cache.Commit(slot, past + ids.Length);
        return step.ReadLogits();
    }

    public void Dispose()
    {
        binding.Dispose();
        decode.Dispose();
        other.Dispose();
        lengths.Dispose();
    }

    private StepTensors Bind(int tokens, int rows)
    {
        StepTensors step = tokens == 1 && rows == 1 ? decode : Other(tokens, rows);
        if (step != bound)
        {
            step.Bind(binding);
            bound = step;
        }

        return step;
    }

    /// <summary>One is kept: a long prompt is many equal chunks.</summary>
    private StepTensors Other(int tokens, int rows)
    {
        if (other == decode || other.Tokens != tokens || other.Rows != rows)
        {
            if (other != decode)
            {
                other.Dispose();
            }

            other = new StepTensors(model, tokens, rows);
        }

        return other;
    }
}
