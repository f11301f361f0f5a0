using LongWriter.Onnx.Decoding;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding;

[Collection(nameof(ExportedEmbeddedModel))]
public sealed class LogProbabilityTests(ExportedEmbeddedModel model)
{
    [Fact]
    public async Task LogProbabilitiesAsync_AnyChunkSize_SameBits()
    {
        int[] ids = Prompt(130, 1);
        using DecodingEngine whole = model.Load(chunkTokens: 512);
        float[] expected = await whole.LogProbabilitiesAsync(ids, TestContext.Current.CancellationToken);

        Assert.Equal(130, expected.Length);
        Assert.True(float.IsNaN(expected[0]));
        Assert.All(expected[1..], value => Assert.True(value < 0));
        foreach (int chunk in (int[])[1, 16, 64])
        {
            using DecodingEngine engine = model.Load(chunk);
            Assert.Equal(expected, await engine.LogProbabilitiesAsync(ids, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task LogProbabilitiesAsync_AllNextTokens_SumToOneAndGreedyIsTheMostLikely()
    {
        using DecodingEngine engine = model.Load(random: true);
        int[] prompt = Prompt(20, 1, engine.VocabSize);
        int greedy = (await engine.Decode(prompt, 1)).Tokens[0];
        List<float> all = [];
        for (int id = 0; id < engine.VocabSize; id++)
        {
            all.Add((await engine.LogProbabilitiesAsync(new[] { prompt, [id] }.SelectMany(ids => ids).ToArray(), TestContext.Current.CancellationToken))[^1]);
        }

        Assert.Equal(1, all.Sum(value => Math.Exp(value)), 1e-5);
        Assert.Equal(greedy, all.IndexOf(all.Max()));
        Assert.True(all.Max() - all.Min() > 1, "The distribution is flat; the test would prove nothing.");
    }

    [Fact]
    public async Task LogProbabilitiesAsync_DoesNotDisturbWhatIsCached()
    {
        using DecodingEngine engine = model.Load(slots: 2);
        int[] prompt = Prompt(50, 1);
        (int[] expected, _) = await engine.Decode(prompt, 10);

        await engine.LogProbabilitiesAsync(Prompt(60, 2), TestContext.Current.CancellationToken);
        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, 10);

        Assert.Equal(expected, tokens);
        Assert.Equal(49, result.CachedPromptTokens);
    }

    [Fact]
    public async Task LogProbabilitiesAsync_ContextExactlyFull_IsAccepted()
    {
        using DecodingEngine engine = model.Load(contextTokens: 32, random: true);

        Assert.Equal(32, (await engine.LogProbabilitiesAsync(Prompt(32, 1, 96), TestContext.Current.CancellationToken)).Length);
        Assert.Equal(new[] { float.NaN }, await engine.LogProbabilitiesAsync(Prompt(1, 1, 96), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task LogProbabilitiesAsync_WrongIds_SayWhatIsWrong()
    {
        using DecodingEngine engine = model.Load(contextTokens: 32, random: true);

        var empty = await Assert.ThrowsAsync<ArgumentException>(() => engine.LogProbabilitiesAsync(ReadOnlyMemory<int>.Empty, TestContext.Current.CancellationToken));
        var outside = await Assert.ThrowsAsync<ArgumentException>(() => engine.LogProbabilitiesAsync(new[] { 1, 96 }, TestContext.Current.CancellationToken));
        var tooMany = await Assert.ThrowsAsync<ContextBudgetException>(() => engine.LogProbabilitiesAsync(Prompt(33, 1, 96), TestContext.Current.CancellationToken));

        Assert.Equal("Ids must hold 1 token or more but is empty.", empty.Message);
        Assert.Equal("Ids[1] must be in [0, 95] but is 96.", outside.Message);
        Assert.Equal("The text has 33 tokens; the context holds 32.", tooMany.Message);
        Assert.Equal((33, 32), (tooMany.RequiredTokens, tooMany.AvailableTokens));
    }
}
