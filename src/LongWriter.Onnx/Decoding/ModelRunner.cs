using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Runs one step over neighbouring rows of the cache. What a step needs is bound once and written in place; other rows or another number of tokens bind
/// anew. A step of one token for each row allocates nothing.
/// </summary>
internal sealed class ModelRunner : IDisposable
{
    private readonly DecoderModel model;
    private readonly KvCache cache;
    private readonly OrtIoBinding binding;
    private readonly StepLengths lengths;
    private readonly FloatPrefill? prefill;
    private readonly CapturedSteps? captured;

    /// <summary>Tokens of a step with drafts for which tensors are kept.</summary>
    public const int MostDraftingTokens = 33;

    /// <summary>Tensors of steps of one token, by the number of sequences less 1; made when first needed.</summary>
    private readonly StepTensors?[] decoding;

    /// <summary>Of steps with logits for each of some tokens, by their number.</summary>
    private readonly StepTensors?[] drafting = new StepTensors?[MostDraftingTokens + 1];
    private StepTensors? other;
    private StepTensors? bound;

    /// <param name="model">The graph.</param>
    /// <param name="cache">Its keys and values.</param>
    /// <param name="prefill">Takes the steps that are for it; null for none. The runner disposes of it.</param>
    public ModelRunner(DecoderModel model, KvCache cache, FloatPrefill? prefill = null)
    {
        this.model = model;
        this.cache = cache;
        this.prefill = prefill;
        binding = new OrtIoBinding(model.Session);
        try
        {
            lengths = StepLengths.Create(model, binding, cache);
        }
        catch
        {
            binding.Dispose();
            throw;
        }

        decoding = new StepTensors?[cache.Rows];
        captured = model.CapturesDecodeSteps ? new CapturedSteps() : null;
    }

    /// <summary>Over a cache that is disposed of when there is no memory left for a runner.</summary>
    /// <param name="model">The graph.</param>
    /// <param name="cache">Its keys and values.</param>
    /// <param name="prefillScratchBytes">Memory for reading prompts in float where the model can; 0 for never.</param>
    public static ModelRunner Create(DecoderModel model, KvCache cache, long prefillScratchBytes = 0)
    {
        FloatPrefill? prefill = null;
        try
        {
            prefill = FloatPrefill.Create(model, cache, prefillScratchBytes);
            return new ModelRunner(model, cache, prefill);
        }
        catch
        {
            prefill?.Dispose();
            cache.Dispose();
            throw;
        }
    }

    /// <summary>Appends tokens to a row that has <paramref name="past"/> of them.</summary>
    /// <inheritdoc cref="Run(int, ReadOnlySpan{int}, ReadOnlySpan{int}, int, OrtRunOptions)"/>
    public Span<float> Run(int row, scoped ReadOnlySpan<int> ids, int past, int logitRows, OrtRunOptions options) => Run(row, ids, [past], logitRows, options);

    /// <summary>Appends as many tokens to each of some neighbouring rows.</summary>
    /// <param name="firstRow">The first of the rows.</param>
    /// <param name="ids">The tokens, row after row. More than one for each only when there is one row.</param>
    /// <param name="pasts">Tokens that each row has. More than one row only when <see cref="DecoderModel.Batches"/>.</param>
    /// <param name="logitRows">How many of the last tokens have logits of use.</param>
    /// <param name="options">To stop the run.</param>
    /// <returns>(logitRows, vocabSize), row-major. Valid until the next run.</returns>
    /// <exception cref="OperationCanceledException">The options were terminated; what the rows had before is as it was.</exception>
    public Span<float> Run(int firstRow, scoped ReadOnlySpan<int> ids, scoped ReadOnlySpan<int> pasts, int logitRows, OrtRunOptions options)
    {
        int tokens = ids.Length / pasts.Length;
        if (pasts.Length == 1 && prefill?.Takes(pasts[0], tokens) == true)
        {
            return prefill.Run(firstRow, ids, pasts[0], logitRows, options);
        }

        cache.Bind(binding, firstRow, pasts, tokens);
        StepTensors step = Bind(pasts.Length, tokens, logitRows);
        step.Write(ids, pasts);
        lengths.Set(pasts, tokens);
        captured?.Select(options, firstRow, pasts.Length, tokens);
        Run(options);
        cache.Commit(firstRow, pasts, tokens);
        return step.ReadLogits();
    }

    public void Dispose()
    {
        binding.Dispose();
        other?.Dispose();
        foreach (StepTensors? step in decoding.Concat(drafting))
        {
            step?.Dispose();
        }

        lengths.Dispose();
        prefill?.Dispose();
    }

    private void Run(OrtRunOptions options)
    {
        if (model.Device is null)
        {
            model.Session.Run(binding, options);
            return;
        }

        if (model.AttentionMask is not null)
        {
            // A mask is bound anew for every step, and copied when it is bound.
            binding.SynchronizeInputs();
        }

        model.Session.Run(binding, options);
        binding.SynchronizeOutputs();
    }

    private StepTensors Bind(int sequences, int tokens, int logitRows)
    {
        StepTensors step = tokens == 1 ? decoding[sequences - 1] ??= new StepTensors(model, sequences, 1, sequences, model.CapturesDecodeSteps)
            : tokens == logitRows && tokens <= MostDraftingTokens ? drafting[tokens] ??= new StepTensors(model, 1, tokens, tokens)
            : Other(tokens, logitRows);
        if (step != bound)
        {
            step.Bind(binding);
            bound = step;
        }

        return step;
    }

    /// <summary>One is kept: a long prompt is many equal chunks.</summary>
    private StepTensors Other(int tokens, int logitRows)
    {
        if (other?.Tokens != tokens || other.LogitRows != logitRows)
        {
            other?.Dispose();
            other = new StepTensors(model, 1, tokens, logitRows);
        }

        return other;
    }
}
