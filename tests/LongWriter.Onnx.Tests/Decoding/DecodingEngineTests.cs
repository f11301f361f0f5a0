using LongWriter.Onnx.Decoding;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>The reproducible profile's promise (the same tokens however the work was cut), and how requests end.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class DecodingEngineTests(ExportedEmbeddedModel model)
{
    private static readonly SamplingOptions Sampled = new() { Temperature = 0.9f, TopP = 0.95f, RepetitionPenalty = 1.1f, Seed = 5 };

    [Fact]
    public async Task DecodeAsync_SameSeed_SameTokens()
    {
        using DecodingEngine engine = model.Load();
        int[] prompt = Prompt(60, 1);

        (int[] first, _) = await engine.Decode(prompt, 60, Sampled);
        (int[] again, _) = await engine.Decode(prompt, 60, Sampled);
        (int[] other, _) = await engine.Decode(prompt, 60, Sampled with { Seed = 6 });

        Assert.Equal(60, first.Length);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(512)]
    public async Task DecodeAsync_AloneAfterOthersResumedAndInChunks_SameTokens(int chunkTokens)
    {
        int[] prompt = Prompt(150, 1);
        int[] expected;
        using (DecodingEngine alone = model.Load())
        {
            (expected, _) = await alone.Decode(prompt, 40);
        }

        using DecodingEngine engine = model.Load(chunkTokens);
        (int[] inChunks, DecodingResult first) = await engine.Decode(prompt, 40);
        await engine.Decode(Prompt(70, 2), 20, Sampled);
        (int[] afterOthers, DecodingResult second) = await engine.Decode(prompt, 40);
        (int[] resumed, DecodingResult third) = await engine.Decode([.. prompt, .. expected[..25]], 15);

        Assert.Equal(expected, inChunks);
        Assert.Equal(expected, afterOthers);
        Assert.Equal(expected[25..], resumed);
        Assert.Equal(new DecodingResult(DecodingEnd.MaxNewTokens, 150, 0, 40), first);
        Assert.Equal(new DecodingResult(DecodingEnd.MaxNewTokens, 150, 149, 40), second);
        Assert.Equal(new DecodingResult(DecodingEnd.MaxNewTokens, 175, 174, 15), third);
    }

    [Fact]
    public async Task DecodeAsync_PromptThatLeavesTheCachedOne_RewindsAndEqualsAFreshRun()
    {
        int[] trunk = Prompt(200, 1);
        int[] branch = [.. trunk[..120], .. Prompt(30, 9)];
        using DecodingEngine fresh = model.Load();
        (int[] expected, _) = await fresh.Decode(branch, 30);

        using DecodingEngine engine = model.Load(slots: 1);
        await engine.Decode(trunk, 30);
        (int[] tokens, DecodingResult result) = await engine.Decode(branch, 30);

        Assert.Equal(expected, tokens);
        Assert.Equal(120, result.CachedPromptTokens);
    }

    [Fact]
    public async Task DecodeAsync_ShortSharedBeginning_IsCopiedAndLeavesTheTrunkCached()
    {
        int[] trunk = Prompt(200, 1);
        int[] side = [.. trunk[..40], .. Prompt(30, 9)];
        using DecodingEngine fresh = model.Load();
        (int[] expectedSide, _) = await fresh.Decode(side, 20);
        (int[] expectedTrunk, _) = await fresh.Decode(trunk, 20);

        using DecodingEngine engine = model.Load(slots: 2);
        await engine.Decode(trunk, 20);
        await engine.Decode(Prompt(10, 8), 5);
        (int[] sideTokens, DecodingResult sideResult) = await engine.Decode(side, 20);
        (int[] trunkTokens, DecodingResult trunkResult) = await engine.Decode(trunk, 20);

        Assert.Equal(expectedSide, sideTokens);
        Assert.Equal(expectedTrunk, trunkTokens);
        Assert.Equal(40, sideResult.CachedPromptTokens);
        Assert.Equal(199, trunkResult.CachedPromptTokens);
    }

    [Fact]
    public async Task DecodeAsync_ManyAtOnce_EqualOneByOne()
    {
        (int[] Prompt, SamplingOptions Sampling)[] requests = [.. Enumerable.Range(0, 6).Select(i => (Prompt(20 + 7 * i, i), Sampled with { Seed = i }))];
        List<int[]> expected = [];
        using (DecodingEngine serial = model.Load())
        {
            foreach ((int[] prompt, SamplingOptions sampling) in requests)
            {
                expected.Add((await serial.Decode(prompt, 25, sampling)).Tokens);
            }
        }

        using DecodingEngine engine = model.Load();
        (int[] Tokens, DecodingResult Result)[] results = await Task.WhenAll(requests.Select(request => engine.Decode(request.Prompt, 25, request.Sampling)));

        Assert.Equal(expected, results.Select(result => result.Tokens));
    }

    [Fact]
    public async Task DecodeAsync_StopToken_EndsWithItUnspoken()
    {
        using DecodingEngine engine = model.Load();
        int[] prompt = Prompt(50, 1);
        (int[] tokens, _) = await engine.Decode(prompt, 30, Sampled);
        int stop = tokens[12];
        int first = Array.IndexOf(tokens, stop);

        (int[] stopped, DecodingResult result) = await engine.Decode(prompt, 30, Sampled, 4095, stop);

        Assert.Equal(tokens[..first], stopped);
        Assert.Equal(new DecodingResult(DecodingEnd.StopToken, 50, 49, first + 1), result);
    }

    [Fact]
    public async Task DecodeAsync_CallerWantsNoMore_EndsAtOnce()
    {
        using DecodingEngine engine = model.Load();
        int accepted = 0;

        DecodingResult result = await engine.DecodeAsync(
            new DecodingRequest(Prompt(30, 1), SamplingOptions.Greedy, 100, []), _ => ++accepted < 7, TestContext.Current.CancellationToken);

        Assert.Equal(7, accepted);
        Assert.Equal(new DecodingResult(DecodingEnd.StoppedByCaller, 30, 0, 7), result);
    }

    [Theory]
    [InlineData(20, 12)]
    [InlineData(31, 1)]
    public async Task DecodeAsync_ContextIsFull_EndsWithContextLimit(int promptTokens, int generated)
    {
        using DecodingEngine engine = model.Load(contextTokens: 32);

        (int[] tokens, DecodingResult result) = await engine.Decode(Prompt(promptTokens, 1), 1000);

        Assert.Equal(32, engine.ContextTokens);
        Assert.Equal(generated, tokens.Length);
        Assert.Equal(new DecodingResult(DecodingEnd.ContextLimit, promptTokens, 0, generated), result);
    }

    [Fact]
    public async Task DecodeAsync_PromptDoesNotFit_ThrowsWithTheNumbers()
    {
        using DecodingEngine engine = model.Load(contextTokens: 32);

        var e = await Assert.ThrowsAsync<ContextBudgetException>(() => engine.Decode(Prompt(32, 1), 1));

        Assert.Equal("The prompt has 32 tokens; the context of 32 leaves no room for a reply.", e.Message);
        Assert.Equal((33, 32), (e.RequiredTokens, e.AvailableTokens));
    }

    [Fact]
    public async Task DecodeAsync_AcceptThrows_FailsThatRequestOnly()
    {
        using DecodingEngine engine = model.Load();
        int[] prompt = Prompt(30, 1);
        (int[] expected, _) = await engine.Decode(prompt, 10);

        var e = await Assert.ThrowsAsync<InvalidDataException>(() => engine.DecodeAsync(
            new DecodingRequest(prompt, SamplingOptions.Greedy, 10, []), _ => throw new InvalidDataException("No."), TestContext.Current.CancellationToken));

        Assert.Equal("No.", e.Message);
        Assert.Equal(expected, (await engine.Decode(prompt, 10)).Tokens);
    }

    [Fact]
    public async Task DecodeAsync_SteadyState_AllocatesNothing()
    {
        using DecodingEngine engine = model.Load();
        foreach (SamplingOptions sampling in (SamplingOptions[])[SamplingOptions.Greedy, Sampled])
        {
            long[] allocated = new long[300];
            int tokens = 0;

            await engine.DecodeAsync(
                new DecodingRequest(Prompt(30, 1), sampling, allocated.Length, []),
                _ =>
                {
                    allocated[tokens++] = GC.GetAllocatedBytesForCurrentThread();
                    return true;
                },
                TestContext.Current.CancellationToken);

            Assert.Equal(allocated.Length, tokens);
            Assert.Equal(0, allocated[tokens - 1] - allocated[20]);
        }
    }

    [Fact]
    public void Load_SaysWhatTheModelIs()
    {
        using DecodingEngine engine = model.Load();

        Assert.Equal((4096, 4096), (engine.ContextTokens, engine.VocabSize));
        Assert.Equal([2, 0], engine.EndTokenIds);
        Assert.Matches("^[0-9a-f]{64}$", engine.ModelHash);
    }
}
