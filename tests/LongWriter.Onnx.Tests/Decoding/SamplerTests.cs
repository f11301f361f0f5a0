using LongWriter.Onnx.Decoding;

namespace LongWriter.Onnx.Tests.Decoding;

public sealed class SamplerTests
{
    /// <summary>Probabilities 0.1, 0.2, 0.3, 0.4.</summary>
    private static readonly float[] Tenths = [.. new[] { 0.1, 0.2, 0.3, 0.4 }.Select(p => (float)Math.Log(p))];

    /// <summary>The draws of seed 42 are 0.084, 0.379, 0.680; the expected tokens follow by hand from the probabilities above.</summary>
    [Fact]
    public void Sample_Seed42_GivesTheTokensOfTheCumulatedProbabilities()
    {
        // 0.1, 0.3, 0.6, 1.
        Assert.Equal([0, 2, 3], Draw(Tenths, new SamplingOptions(), 3));

        // Squares, normalized: 1/30, 4/30, 9/30, 16/30; cumulated 0.033, 0.167, 0.467, 1.
        Assert.Equal([1, 2, 3], Draw(Tenths, new SamplingOptions { Temperature = 0.5f }, 3));

        // Tokens 3, 2 by probability: 4/7, 1.
        Assert.Equal([3, 3, 2], Draw(Tenths, new SamplingOptions { TopK = 2 }, 3));

        // 0.4 + 0.3 < 0.75 <= 0.4 + 0.3 + 0.2: tokens 3, 2, 1 with cumulated 0.444, 0.778, 1.
        Assert.Equal([3, 3, 2], Draw(Tenths, new SamplingOptions { TopP = 0.75f }, 3));

        // At least 0.6 * 0.4: tokens 2, 3 by id with cumulated 0.429, 1.
        Assert.Equal([2, 2, 3], Draw(Tenths, new SamplingOptions { MinP = 0.6f }, 3));
    }

    [Fact]
    public void Sample_Greedy_TakesTheFirstOfEquals()
    {
        float[] logits = new float[1000];
        logits[997] = logits[321] = logits[700] = 3;

        Assert.Equal([321, 321], Draw(logits, SamplingOptions.Greedy, 2));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Sample_LogitsThatAreNoNumbers_Throw(float bad)
    {
        float[] logits = new float[40];
        logits[33] = bad;
        var sampler = new Sampler(40);

        var e = Assert.Throws<InvalidOperationException>(() => sampler.Sample(logits, sampler.Begin(SamplingOptions.Greedy, [])));

        Assert.Equal(FormattableString.Invariant($"The model's largest logit must be finite but is {bad} (token 33)."), e.Message);
    }

    [Fact]
    public void Sample_NegativeInfinity_IsNeverDrawn()
    {
        float[] logits = [float.NegativeInfinity, 0, float.NegativeInfinity, 0];

        Assert.Equal([1, 3], Draw(logits, new SamplingOptions(), 200).Distinct().Order());
    }

    [Fact]
    public void Sample_SmallestTemperature_IsGreedy() =>
        Assert.Equal([3, 3, 3], Draw(Tenths, new SamplingOptions { Temperature = float.Epsilon }, 3));

    /// <summary>OpenAI's formula: logit - count * frequency - (count above 0) * presence, over generated tokens alone.</summary>
    [Fact]
    public void Apply_PresenceAndFrequency_SubtractOverGeneratedTokensOnly()
    {
        var sampler = new Sampler(4);
        SamplerState state = sampler.Begin(new SamplingOptions { PresencePenalty = 0.5f, FrequencyPenalty = 0.25f }, [0, 0, 1]);
        state.Counts!.AddGenerated(1);
        state.Counts.AddGenerated(2);
        state.Counts.AddGenerated(2);
        state.Counts.AddGenerated(2);
        float[] logits = [1, 1, 1, 1];

        LogitAdjustments.Apply(logits, state);

        Assert.Equal([1, 0.25f, -0.25f, 1], logits);
    }

    [Fact]
    public void Apply_Repetition_DividesPositiveAndMultipliesNegative()
    {
        var sampler = new Sampler(4);
        SamplerState state = sampler.Begin(new SamplingOptions { RepetitionPenalty = 2 }, [0, 1]);
        state.Counts!.AddGenerated(2);
        float[] logits = [3, -3, 5, 7];

        LogitAdjustments.Apply(logits, state);

        Assert.Equal([1.5f, -6, 2.5f, 7], logits);
    }

    [Fact]
    public void Apply_Bias_AddsToItsIds()
    {
        var sampler = new Sampler(3);
        float[] logits = [1, 2, 3];

        LogitAdjustments.Apply(logits, sampler.Begin(new SamplingOptions { LogitBias = new Dictionary<int, float> { [2] = -100, [0] = 4 } }, []));

        Assert.Equal([5, 2, -97], logits);
    }

    [Fact]
    public void Sample_LogitsProcessor_HasTheLastWordOverTheBias()
    {
        var sampler = new Sampler(4);
        SamplerState state = sampler.Begin(new SamplingOptions { Temperature = 0, LogitBias = new Dictionary<int, float> { [2] = 100 } }, [], new Forbidding(2));
        Assert.Equal(3, sampler.Sample([0, 1, 2, 3], state));
        Assert.Equal(2, sampler.Sample([0, 1, 2, 3], sampler.Begin(state.Options, [])));
    }

    [Fact]
    public void End_GivesCountsBackEmpty()
    {
        var sampler = new Sampler(8);
        SamplerState first = sampler.Begin(new SamplingOptions { PresencePenalty = 1 }, [1, 2, 2]);
        first.Counts!.AddGenerated(5);
        sampler.End(first);

        SamplerState second = sampler.Begin(new SamplingOptions { PresencePenalty = 1 }, []);

        Assert.Same(first.Counts, second.Counts);
        Assert.Empty(second.Counts!.Seen.ToArray());
        Assert.Equal(-1, second.Counts.Generated(5));
    }

    public static TheoryData<int, int> SizesAndSeeds => [.. new[] { 1, 2, 7, 8, 9, 255, 256, 257, 1003 }.SelectMany(size => Enumerable.Range(0, 60).Select(seed => (size, seed)))];

    /// <summary>Random logits (with ties), random options: the same token as the plain version, whose set of tokens is never left.</summary>
    [Theory]
    [MemberData(nameof(SizesAndSeeds))]
    public void Sample_AnyOptions_AgreesWithThePlainVersion(int vocabSize, int seed)
    {
        var random = new Random(seed * 10_000 + vocabSize);
        SamplingOptions options = RandomOptions(random, vocabSize) with { Seed = seed };
        int[] prompt = [.. Enumerable.Range(0, 5).Select(_ => random.Next(vocabSize))];
        List<int> generated = [];
        var sampler = new Sampler(vocabSize);
        SamplerState state = sampler.Begin(options, prompt);
        var numbers = new Xoshiro256(seed);
        for (int step = 0; step < 10; step++)
        {
            float[] logits = [.. Enumerable.Range(0, vocabSize).Select(_ => (float)Math.Round(12 * (random.NextDouble() - 0.5), seed % 2 == 0 ? 1 : 4))];
            List<(int Id, double Probability)> expected = PlainSampler.Distribution(logits, options, prompt, [.. generated]);

            int token = sampler.Sample(logits, state);

            (int id, double margin) = PlainSampler.Draw(expected, options.Temperature == 0 ? 0 : numbers.NextDouble());
            Assert.True(token == id || margin < 1e-5, $"step {step}: {token} instead of {id}, margin {margin}, {options}");
            generated.Add(token);
        }
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(5, null, null)]
    [InlineData(null, 0.8f, null)]
    [InlineData(null, null, 0.2f)]
    [InlineData(12, 0.9f, 0.1f)]
    public void Sample_ManyDraws_FollowTheDistribution(int? topK, float? topP, float? minP)
    {
        var random = new Random(3);
        float[] logits = [.. Enumerable.Range(0, 20).Select(_ => (float)(2 * random.NextDouble()))];
        var options = new SamplingOptions { TopK = topK, TopP = topP, MinP = minP, Seed = 11 };
        List<(int Id, double Probability)> distribution = PlainSampler.Distribution(logits, options, [], []);
        const int Draws = 20_000;

        Dictionary<int, int> counts = Draw(logits, options, Draws).CountBy(id => id).ToDictionary();

        Assert.All(counts.Keys, id => Assert.Contains(distribution, entry => entry.Id == id));
        double chiSquare = distribution.Sum(entry => Math.Pow(counts.GetValueOrDefault(entry.Id) - entry.Probability * Draws, 2) / (entry.Probability * Draws));
        double degrees = distribution.Count - 1;

        // Wilson and Hilferty's approximation of the 99.9 % quantile (normal quantile 3.09).
        double quantile = degrees * Math.Pow(1 - 2 / (9 * degrees) + 3.09 * Math.Sqrt(2 / (9 * degrees)), 3);
        Assert.True(chiSquare < quantile, $"chi-square {chiSquare} with {degrees} degrees of freedom, 99.9 % quantile {quantile}");
    }

    [Fact]
    public void Sample_SteadyState_AllocatesNothing()
    {
        SamplingOptions[] all =
        [
            SamplingOptions.Greedy,
            new() { Seed = 1 },
            new() { Seed = 1, TopK = 40, TopP = 0.9f, MinP = 0.01f },
            new() { Seed = 1, TopP = 0.9f },
            new() { Seed = 1, MinP = 0.01f, PresencePenalty = 0.1f, FrequencyPenalty = 0.1f, RepetitionPenalty = 1.1f, LogitBias = new Dictionary<int, float> { [3] = 1 } },
        ];
        var random = new Random(5);
        float[] source = [.. Enumerable.Range(0, 4096).Select(_ => (float)(8 * random.NextDouble()))];
        float[] logits = new float[source.Length];
        var sampler = new Sampler(source.Length);
        foreach (SamplingOptions options in all)
        {
            SamplerState state = sampler.Begin(options, [1, 2, 3]);
            Run(10);

            long before = GC.GetAllocatedBytesForCurrentThread();
            Run(200);

            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

            void Run(int tokens)
            {
                for (int i = 0; i < tokens; i++)
                {
                    source.CopyTo(logits, 0);
                    sampler.Sample(logits, state);
                }
            }
        }
    }

    private static SamplingOptions RandomOptions(Random random, int vocabSize) => new()
    {
        Temperature = random.Next(8) == 0 ? 0 : 0.3f + (float)random.NextDouble(),
        TopK = random.Next(2) == 0 ? 1 + random.Next(vocabSize + 5) : null,
        TopP = random.Next(2) == 0 ? 1 - (float)random.NextDouble() : null,
        MinP = random.Next(2) == 0 ? 0.3f * (float)random.NextDouble() : null,
        PresencePenalty = random.Next(2) == 0 ? 1.5f : 0,
        FrequencyPenalty = random.Next(2) == 0 ? 0.7f : 0,
        RepetitionPenalty = random.Next(2) == 0 ? 1.3f : 1,
        LogitBias = random.Next(2) == 0 ? new Dictionary<int, float> { [random.Next(vocabSize)] = 2 } : null,
    };

    private static List<int> Draw(float[] logits, SamplingOptions options, int count)
    {
        var sampler = new Sampler(logits.Length);
        SamplerState state = sampler.Begin(options with { Seed = options.Seed ?? 42 }, []);
        return [.. Enumerable.Range(0, count).Select(_ => sampler.Sample([.. logits], state))];
    }

    private sealed class Forbidding(int id) : ILogitsProcessor
    {
        public void Process(Span<float> logits) => logits[id] = float.NegativeInfinity;
    }
}
