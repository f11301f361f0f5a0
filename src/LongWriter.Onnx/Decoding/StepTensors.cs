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
    private readonly OrtTensor inputIds;
    private readonly OrtTensor? positionIds;
    private readonly OrtTensor? logitIndex;
    private readonly OrtTensor? logitsToKeep;
    private readonly OrtTensor? useCacheBranch;
    private readonly OrtTensor logits;

    /// <summary>Logits as float where the graph has them in another type.</summary>
    private readonly float[]? converted;

    /// <param name="model">The graph.</param>
    /// <param name="sequences">1, or up to as many as there are rows of keys and values when <see cref="DecoderModel.Batches"/>.</param>
    /// <param name="tokens">Tokens of each sequence.</param>
    /// <param name="logitRows">From 1 to sequences * tokens.</param>
    public StepTensors(DecoderModel model, int sequences, int tokens, int logitRows)
    {
        this.model = model;
        Tokens = tokens;
        LogitRows = logitRows;
        OrtEnvironment environment = model.Session.Environment;
        int vocabSize = model.Manifest.VocabSize;
        inputIds = OrtTensor.Allocate(environment, TensorElementType.Int64, sequences, tokens);
        positionIds = model.PositionIds is null ? null : OrtTensor.Allocate(environment, TensorElementType.Int64, sequences, tokens);
        if (model.LogitIndex is null)
        {
            logits = OrtTensor.Allocate(environment, model.LogitsType, 1, model.LogitsToKeep is null ? tokens : logitRows, vocabSize);
            converted = model.LogitsType == TensorElementType.Float ? null : new float[logitRows * vocabSize];
            useCacheBranch = model.UseCacheBranch is null ? null : OrtTensor.Allocate(environment, TensorElementType.Bool, 1);
            if (model.LogitsToKeep is { } keep)
            {
                ReadOnlySpan<long> shape = model.Session.Inputs[keep].Dimensions.Count == 0 ? [] : [1];
                logitsToKeep = OrtTensor.Allocate(environment, TensorElementType.Int64, shape);
                logitsToKeep.AsSpan<long>()[0] = logitRows;
            }

            return;
        }

        logits = OrtTensor.Allocate(environment, TensorElementType.Float, logitRows, vocabSize);
        logitIndex = OrtTensor.Allocate(environment, TensorElementType.Int64, logitRows);
        Span<long> index = logitIndex.AsSpan<long>();
        for (int row = 0; row < logitRows; row++)
        {
            index[row] = sequences * tokens - logitRows + row;
        }
    }

    public int Tokens { get; }

    public int LogitRows { get; }

    public void Bind(OrtIoBinding binding)
    {
        binding.BindInput(model.InputIds, inputIds);
        if (positionIds is not null)
        {
            binding.BindInput(model.PositionIds!.Value, positionIds);
        }

        if (logitIndex is not null)
        {
            binding.BindInput(model.LogitIndex!.Value, logitIndex);
        }

        if (logitsToKeep is not null)
        {
            binding.BindInput(model.LogitsToKeep!.Value, logitsToKeep);
        }

        if (useCacheBranch is not null)
        {
            binding.BindInput(model.UseCacheBranch!.Value, useCacheBranch);
        }

        binding.BindOutput(model.Logits, logits);
    }

    /// <summary>The step's tokens, sequence after sequence; the first of each is at the position of its past.</summary>
    public void Write(ReadOnlySpan<int> ids, ReadOnlySpan<int> pasts)
    {
        Span<long> target = inputIds.AsSpan<long>();
        for (int i = 0; i < ids.Length; i++)
        {
            target[i] = ids[i];
        }

        Span<long> positions = positionIds is null ? [] : positionIds.AsSpan<long>();
        for (int i = 0; i < positions.Length; i++)
        {
            positions[i] = pasts[i / Tokens] + i % Tokens;
        }

        if (useCacheBranch is not null)
        {
            useCacheBranch.AsSpan<bool>()[0] = pasts[0] > 0;
        }
    }

    /// <summary>(logit rows, vocabSize), row-major. Valid until the next run.</summary>
    public Span<float> ReadLogits()
    {
        int wanted = LogitRows * model.Manifest.VocabSize;
        if (converted is null)
        {
            return logits.AsSpan<float>()[^wanted..];
        }

        if (model.LogitsType == TensorElementType.Float16)
        {
            TensorPrimitives.ConvertToSingle(logits.AsSpan<Half>()[^wanted..], converted);
            return converted;
        }

        // A bfloat16 is the upper half of a float.
        ReadOnlySpan<ushort> upper = logits.AsSpan<ushort>()[^wanted..];
        for (int i = 0; i < wanted; i++)
        {
            converted[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
        }

        return converted;
    }

    public void Dispose()
    {
        inputIds.Dispose();
        positionIds?.Dispose();
        logitIndex?.Dispose();
        logitsToKeep?.Dispose();
        useCacheBranch?.Dispose();
        logits.Dispose();
    }
}
