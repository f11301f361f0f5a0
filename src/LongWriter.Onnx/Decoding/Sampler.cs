using System.Numerics.Tensors;
using static System.FormattableString;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Chooses a token from logits. Vectorised, and allocates nothing per token. One for an engine; not safe for concurrent use, since its scratch memory
/// serves one call at a time. The same logits, options and random numbers give the same token. Against sorting in double precision (the tests' plain
/// version) top-k with top-p takes 0.06 of the time at 4,096 tokens and 0.002 at 32,000: SamplerBenchmarks.
/// </summary>
internal sealed class Sampler(int vocabSize)
{
    private readonly TopTokens top = new(vocabSize);
    private readonly WeightedDraw draw = new(vocabSize);
    private readonly int[] ids = new int[vocabSize];
    private readonly float[] weights = new float[vocabSize];
    private readonly Stack<TokenCounts> unusedCounts = [];

    /// <summary>State for a new sequence. Give it back by <see cref="End"/>.</summary>
    public SamplerState Begin(SamplingOptions options, ReadOnlySpan<int> prompt, ILogitsProcessor? processor = null)
    {
        TokenCounts? counts = null;
        if (options.CountsTokens)
        {
            counts = unusedCounts.Count > 0 ? unusedCounts.Pop() : new TokenCounts(vocabSize);
            counts.AddPrompt(prompt);
        }

        return new SamplerState(options, counts, processor);
    }

    public void End(SamplerState state)
    {
        if (state.Counts is { } counts)
        {
            counts.Clear();
            unusedCounts.Push(counts);
        }
    }

    /// <summary>The next token; counts it. The logits are overwritten.</summary>
    /// <exception cref="InvalidOperationException">The largest logit is not a finite number.</exception>
    public int Sample(Span<float> logits, SamplerState state)
    {
        LogitAdjustments.Apply(logits, state);
        state.Processor?.Process(logits);
        int best = TensorPrimitives.IndexOfMax<float>(logits);
        if (!float.IsFinite(logits[best]))
        {
            throw new InvalidOperationException(Invariant($"The model's largest logit must be finite but is {logits[best]} (token {best})."));
        }

        int token = state.Options.Temperature == 0 ? best : Draw(logits, logits[best], state);
        state.Counts?.AddGenerated(token);
        return token;
    }

    private int Draw(Span<float> logits, float largest, SamplerState state)
    {
        SamplingOptions options = state.Options;
        int? topK = options.TopK < vocabSize ? options.TopK : null;
        float? topP = options.TopP < 1 ? options.TopP : null;
        float? minP = options.MinP > 0 ? options.MinP : null;
        if (topK is null && topP is null && minP is null)
        {
            ToWeights(logits, largest, options.Temperature);
            return draw.Next(logits, state.NextRandom());
        }

        int count = topK is { } k ? KeepTopK(logits, largest, k, options.Temperature) : KeepAll(logits, largest, options.Temperature, topP, minP);
        if (topP is { } p && topK is not null)
        {
            count = TopTokens.CountOfMass(weights.AsSpan(0, count), p * draw.Sum(weights.AsSpan(0, count)));
        }

        if (minP is { } m)
        {
            count = KeepAtLeast(count, m);
        }

        return ids[draw.Next(weights.AsSpan(0, count), state.NextRandom())];
    }

    /// <summary>Probabilities but for a factor, in place; the largest is 1.</summary>
    private static void ToWeights(Span<float> logits, float largest, float temperature)
    {
        TensorPrimitives.Subtract(logits, largest, logits);

        // A quotient, not a product with 1 / temperature, which is infinite for the smallest temperatures.
        TensorPrimitives.Divide(logits, temperature, logits);
        TensorPrimitives.Exp<float>(logits, logits);
    }

    private int KeepTopK(ReadOnlySpan<float> logits, float largest, int k, float temperature)
    {
        int count = top.Largest(logits, k, ids, weights);
        ToWeights(weights.AsSpan(0, count), largest, temperature);
        return count;
    }

    /// <summary>Top-p over the vocabulary, or, when it is not asked for, what min-p can keep.</summary>
    private int KeepAll(Span<float> logits, float largest, float temperature, float? topP, float? minP)
    {
        ToWeights(logits, largest, temperature);
        return topP is { } p
            ? top.LargestOfMass(logits, p, draw.Sum(logits), ids, weights)
            : TopTokens.AtLeast(logits, minP!.Value, ids, weights);
    }

    /// <summary>The largest weight is 1, so a fraction of it is the fraction itself. The order stays.</summary>
    private int KeepAtLeast(int count, float fraction)
    {
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (weights[i] >= fraction)
            {
                (ids[kept], weights[kept]) = (ids[i], weights[i]);
                kept++;
            }
        }

        return kept;
    }
}
