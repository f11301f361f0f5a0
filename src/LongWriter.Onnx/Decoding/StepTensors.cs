using System.Numerics.Tensors;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Inputs and outputs of a step with a given number of sequences, of tokens for each, and of rows of logits: the last rows of the step. A graph that has no
/// input for the wanted rows gives those of all tokens, and takes memory for them: tokens * vocabulary.
/// </summary>
internal sealed class StepTensors : IDisposable
{
    private readonly DecoderModel model;
    private readonly List<IDisposable> owned = [];
    private readonly StepInput inputIds;
    private readonly StepInput? positionIds;
    private readonly StepInput? logitIndex;
    private readonly StepInput? logitsToKeep;
    private readonly StepInput? useCacheBranch;
    private readonly StepLogits logits;
    private readonly TensorCopies? uploads;

    /// <summary>Logits as float where the graph has them in another type.</summary>
    private readonly float[]? converted;

    /// <param name="model">The graph.</param>
    /// <param name="sequences">1, or up to as many as there are rows of keys and values when <see cref="DecoderModel.Batches"/>.</param>
    /// <param name="tokens">Tokens of each sequence.</param>
    /// <param name="logitRows">From 1 to sequences * tokens.</param>
    /// <param name="isCaptured">Whether the step may be one of a captured graph's.</param>
    public StepTensors(DecoderModel model, int sequences, int tokens, int logitRows, bool isCaptured = false)
    {
        this.model = model;
        Tokens = tokens;
        LogitRows = logitRows;
        try
        {
            inputIds = Own(new StepInput(model, model.InputIds, TensorElementType.Int64, sequences, tokens));
            positionIds = model.PositionIds is { } positions ? Own(new StepInput(model, positions, TensorElementType.Int64, sequences, tokens)) : null;
            useCacheBranch = model.UseCacheBranch is { } branch ? Own(new StepInput(model, branch, TensorElementType.Bool, 1)) : null;
            logitIndex = model.LogitIndex is { } index ? Own(LastRows(index, sequences * tokens)) : null;
            logitsToKeep = model.LogitsToKeep is { } keep ? Own(KeptRows(keep)) : null;
            bool hasAllRows = logitIndex is null && logitsToKeep is null;
            int vocabSize = model.Manifest.VocabSize;
            logits = Own(logitIndex is null ? new StepLogits(model, isCaptured, 1, hasAllRows ? tokens : logitRows, vocabSize) : new StepLogits(model, isCaptured, logitRows, vocabSize));
            converted = model.LogitsType == TensorElementType.Float ? null : new float[logitRows * vocabSize];
            uploads = StepInput.Uploads(model.Session.Environment, inputIds, positionIds, useCacheBranch);
            using TensorCopies? constants = StepInput.Uploads(model.Session.Environment, logitIndex, logitsToKeep);
            constants?.Run();
        }
        catch
        {
            // A device may be full; what it gave goes back.
            Dispose();
            throw;
        }
    }

    public int Tokens { get; }

    public int LogitRows { get; }

    public void Bind(OrtIoBinding binding)
    {
        inputIds.Bind(binding);
        positionIds?.Bind(binding);
        logitIndex?.Bind(binding);
        logitsToKeep?.Bind(binding);
        useCacheBranch?.Bind(binding);
        logits.Bind(binding);
    }

    /// <summary>The step's tokens, sequence after sequence; the first of each is at the position of its past.</summary>
    public void Write(ReadOnlySpan<int> ids, ReadOnlySpan<int> pasts)
    {
        Span<long> target = inputIds.OnHost.AsSpan<long>();
        for (int i = 0; i < ids.Length; i++)
        {
            target[i] = ids[i];
        }

        Span<long> positions = positionIds is null ? [] : positionIds.OnHost.AsSpan<long>();
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = pasts[i / Tokens] + i % Tokens;
        }

        if (useCacheBranch is not null)
        {
            useCacheBranch.OnHost.AsSpan<bool>()[0] = pasts[0] > 0;
        }

        uploads?.Run();
    }

    /// <summary>(logit rows, vocabSize), row-major. Valid until the next run.</summary>
    public Span<float> ReadLogits()
    {
        OrtTensor read = logits.Read();
        int wanted = LogitRows * model.Manifest.VocabSize;
        if (converted is null)
        {
            return read.AsSpan<float>()[^wanted..];
        }

        if (model.LogitsType == TensorElementType.Float16)
        {
            TensorPrimitives.ConvertToSingle(read.AsSpan<Half>()[^wanted..], converted);
            return converted;
        }

        ReadOnlySpan<ushort> upper = read.AsSpan<ushort>()[^wanted..];
        for (int i = 0; i < wanted; i++)
        {
            converted[i] = BFloat16Bits.ToSingle(upper[i]);
        }

        return converted;
    }

    public void Dispose()
    {
        uploads?.Dispose();
        foreach (IDisposable part in owned)
        {
            part.Dispose();
        }
    }

    private T Own<T>(T part)
        where T : IDisposable
    {
        owned.Add(part);
        return part;
    }

    private StepInput LastRows(int input, int rows)
    {
        var index = new StepInput(model, input, TensorElementType.Int64, LogitRows);
        Span<long> wanted = index.OnHost.AsSpan<long>();
        for (int row = 0; row < LogitRows; row++)
        {
            wanted[row] = rows - LogitRows + row;
        }

        return index;
    }

    private StepInput KeptRows(int input)
    {
        ReadOnlySpan<long> shape = model.Session.Inputs[input].Dimensions.Count == 0 ? [] : [1];
        var kept = new StepInput(model, input, TensorElementType.Int64, shape);
        kept.OnHost.AsSpan<long>()[0] = LogitRows;
        return kept;
    }
}
