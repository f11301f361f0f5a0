using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>Past the end of the context a text is what the model says to a fresh prompt of the first and the last tokens, token by token.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class SlidingWindowTests(ExportedEmbeddedModel model)
{
    private const int ContextTokens = 64;

    private static readonly SlidingWindow Usual = new(SinkTokens: null, KeptTokens: null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10, null, null, 512, false)]
    [InlineData(10, null, null, 7, true)]
    [InlineData(60, null, null, 512, true)]
    [InlineData(63, null, null, 16, true)]
    [InlineData(10, 4, 50, 512, true)]
    [InlineData(10, 20, 1, 512, true)]
    [InlineData(10, 0, 1, 1, true)]
    [InlineData(10, 0, 63, 512, false)]
    [InlineData(1, 60, 3, 512, true)]
    public async Task DecodeAsync_FarBeyondTheContext_EqualsFreshPromptsOfSinksAndTail(int promptTokens, int? sinkTokens, int? keptTokens, int chunkTokens, bool isSampled)
    {
        const int NewTokens = 200;
        var window = new SlidingWindow(sinkTokens, keptTokens);
        int[] prompt = Prompt(promptTokens, 1, 96);
        (int[] expected, int dropped) = await ByHand(prompt, NewTokens, Options(isSampled), window);
        using DecodingEngine engine = Load(window, chunkTokens: chunkTokens);

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, NewTokens, Options(isSampled));

        Assert.Equal(expected, tokens);
        Assert.Equal(new DecodingResult(DecodingEnd.MaxNewTokens, promptTokens, 0, NewTokens) { DroppedTokens = dropped }, result);
        Assert.InRange(dropped, promptTokens + NewTokens - ContextTokens, promptTokens + NewTokens - 1);
    }

    [Theory]
    [InlineData(54, 0)]
    [InlineData(55, 22)]
    public async Task DecodeAsync_EndsAroundTheContextsEnd_SlidesOnlyForWhatFollows(int newTokens, int dropped)
    {
        // 10 tokens of prompt and 54 more fill the context; the 55th is drawn behind 10 sinks and 32 kept ones.
        using DecodingEngine engine = Load(Usual);

        (_, DecodingResult result) = await engine.Decode(Prompt(10, 1, 96), newTokens);

        Assert.Equal((newTokens, dropped), (result.GeneratedTokens, result.DroppedTokens));
    }

    [Fact]
    public async Task DecodeAsync_SeveralWhoseWindowsSlideAtDifferentTimes_EqualThoseAlone()
    {
        int[][] prompts = [.. Enumerable.Range(0, 9).Select(i => Prompt(3 + (7 * i % 58), i, 96))];
        int[] newTokens = [.. Enumerable.Range(0, 9).Select(i => i % 3 == 0 ? 20 : 90 + (17 * i))];
        using DecodingEngine engine = Load(Usual, chunkTokens: 8);

        (int[] Tokens, DecodingResult Result)[] found = await Task.WhenAll(prompts.Select((prompt, i) => engine.Decode(prompt, newTokens[i], Sampled(i))));

        for (int i = 0; i < prompts.Length; i++)
        {
            (int[] expected, int dropped) = await ByHand(prompts[i], newTokens[i], Sampled(i), Usual);
            Assert.Equal(expected, found[i].Tokens);
            Assert.Equal(dropped, found[i].Result.DroppedTokens);
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task DecodeAsync_WithDrafts_SameTokensInFewerSteps(bool lookup, bool draftModel)
    {
        // Greedy decoding of the trained model soon goes round in a circle.
        int[] prompt = Prompt(20, 4);
        (int[] expected, int dropped) = await ByHand(prompt, 300, SamplingOptions.Greedy, Usual, random: false);
        using DecodingEngine engine = Load(Usual, random: false, lookup: lookup, hasDraftModel: draftModel);

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, 300);

        Assert.Equal(expected, tokens);
        Assert.Equal(dropped, result.DroppedTokens);
        Assert.True(result.AcceptedTokens > 40, $"{result.AcceptedTokens} of {result.DraftedTokens} drafted tokens");
        Assert.True(!draftModel || lookup || result.AcceptedTokens == result.DraftedTokens);
    }

    [Fact]
    public async Task DecodeAsync_StopTokenBeyondTheContext_EndsThere()
    {
        int[] prompt = Prompt(20, 3, 96);
        (int[] expected, _) = await ByHand(prompt, 200, Sampled(4), Usual);
        int at = Enumerable.Range(60, 140).First(index => !expected.AsSpan(0, index).Contains(expected[index]));
        using DecodingEngine engine = Load(Usual);

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, 200, Sampled(4), expected[at]);

        Assert.Equal(expected[..at], tokens);
        Assert.Equal((DecodingEnd.StopToken, at + 1), (result.End, result.GeneratedTokens));
    }

    /// <summary>The other one's tokens tell where the engine is: it draws one between two tokens that are read again.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(31)]
    public async Task DecodeAsync_CancelledWhileItIsReadAgain_LeavesEverybodyElseAlone(int cancelAfter)
    {
        int[] prompt = Prompt(50, 5, 96);
        int[] otherPrompt = Prompt(1, 6, 96);
        using DecodingEngine engine = Load(Usual, chunkTokens: 1, slots: 1, concurrent: 2);
        using var cancellation = new CancellationTokenSource();
        int accepted = 0;
        int others = 0;
        List<int> otherTokens = [];
        Task<DecodingResult>? other = null;
        Task<DecodingResult> sliding = engine.DecodeAsync(
            new DecodingRequest(prompt, Sampled(1), 500, []),
            _ =>
            {
                accepted++;
                other ??= engine.DecodeAsync(new DecodingRequest(otherPrompt, Sampled(2), 150, []), AcceptOther, Token);
                return true;
            },
            cancellation.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sliding);
        await other!;

        Assert.Equal(ContextTokens - 50, accepted);
        Assert.Equal((await ByHand(otherPrompt, 150, Sampled(2), Usual)).Tokens, otherTokens);
        Assert.Equal((await ByHand(prompt, 90, Sampled(1), Usual)).Tokens, (await engine.Decode(prompt, 90, Sampled(1))).Tokens);

        bool AcceptOther(int token)
        {
            otherTokens.Add(token);
            if (accepted == ContextTokens - 50 && ++others == cancelAfter)
            {
                cancellation.Cancel();
            }

            return true;
        }
    }

    [Fact]
    public async Task DecodeAsync_AfterAWindowSlid_TheSlotClaimsSinksAndTailAndNothingElse()
    {
        int[] prompt = Prompt(10, 7, 96);
        using DecodingEngine engine = Load(Usual, slots: 1, concurrent: 1);
        (int[] tokens, DecodingResult first) = await engine.Decode(prompt, 70, Sampled(1));
        int[] text = [.. prompt, .. tokens];
        int[] windowText = [.. text[..10], .. text[(10 + first.DroppedTokens)..], 5];

        byte[] kv = new byte[ContextTokens * engine.KvTokenBytes];
        int kept = await engine.ReadKvAsync(windowText, 0, kv, Token);
        (int[] continued, DecodingResult second) = await engine.Decode(windowText, 8);
        int read = await engine.ReadKvAsync(text.AsMemory(0, 60), 0, kv, Token);
        (int[] again, DecodingResult third) = await engine.Decode(text[..60], 4);
        using DecodingEngine fresh = Load(Usual);

        // All but the last token, which was drawn and not computed, and the new one.
        Assert.Equal(windowText.Length - 2, kept);
        Assert.Equal(windowText.Length - 2, second.CachedPromptTokens);
        Assert.Equal((await fresh.Decode(windowText, 8)).Tokens, continued);
        Assert.Equal(text[..60].AsSpan().CommonPrefixLength(windowText), read);
        Assert.Equal(read, third.CachedPromptTokens);
        Assert.Equal((await fresh.Decode(text[..60], 4)).Tokens, again);
    }

    [Fact]
    public async Task Dispose_WhileWindowsSlide_FailsThem()
    {
        DecodingEngine engine = Load(new SlidingWindow(0, 63), chunkTokens: 1);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<DecodingResult>[] requests = [.. Enumerable.Range(0, 6).Select(i =>
        {
            int accepted = 0;
            return engine.DecodeAsync(new DecodingRequest(Prompt(60, i, 96), SamplingOptions.Greedy, 10_000, []), _ => ++accepted < 5 || started.TrySetResult() || true, Token);
        })];
        await started.Task;

        engine.Dispose();

        foreach (Task<DecodingResult> request in requests)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => request);
        }
    }

    [Fact]
    public async Task LogProbabilitiesAsync_WithAWindow_StillRefusesWhatDoesNotFit()
    {
        using DecodingEngine engine = Load(Usual);

        await Assert.ThrowsAsync<ContextBudgetException>(() => engine.LogProbabilitiesAsync(Prompt(65, 1, 96), Token));
        await Assert.ThrowsAsync<ContextBudgetException>(() => engine.Decode(Prompt(64, 1, 96), 1));
    }

    [Theory]
    [InlineData(-1, null, "SlidingWindow.SinkTokens must be 0 or more but is -1.")]
    [InlineData(null, 0, "SlidingWindow.KeptTokens must be 1 or more but is 0.")]
    [InlineData(-3, -2, "SlidingWindow.SinkTokens must be 0 or more but is -3. SlidingWindow.KeptTokens must be 1 or more but is -2.")]
    [InlineData(4, 60, "SlidingWindow must leave room for a token but 4 sinks and 60 kept tokens fill the context of 64.")]
    [InlineData(null, 48, "SlidingWindow must leave room for a token but 16 sinks and 48 kept tokens fill the context of 64.")]
    [InlineData(int.MaxValue, int.MaxValue, "SlidingWindow must leave room for a token but 2147483647 sinks and 2147483647 kept tokens fill the context of 64.")]
    public void Load_WindowOutOfRange_IsRefused(int? sinkTokens, int? keptTokens, string message)
    {
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Load(new SlidingWindow(sinkTokens, keptTokens))).Message);
    }

    private static SamplingOptions Options(bool isSampled) => isSampled ? Sampled(3) : SamplingOptions.Greedy;

    /// <summary>With a penalty for what was said long ago, too: sampling forgets nothing that the window drops.</summary>
    private static SamplingOptions Sampled(int seed) => new() { Temperature = 1.2f, TopP = 0.95f, RepetitionPenalty = 1.1f, FrequencyPenalty = 0.3f, Seed = seed };

    /// <summary>The plain version: each token from a request of its own, whose prompt is the window; sampled outside of the engine.</summary>
    private async Task<(int[] Tokens, int Dropped)> ByHand(int[] prompt, int newTokens, SamplingOptions options, SlidingWindow window, bool random = true)
    {
        using DecodingEngine engine = model.Load(random: random, slots: 1, concurrent: 1);
        var sampler = new Sampler(engine.VocabSize);
        SamplerState state = sampler.Begin(options, prompt);
        int sinks = window.SinkTokens ?? Math.Min(prompt.Length, ContextTokens / 4);
        int kept = window.KeptTokens ?? ContextTokens / 2;
        List<int> visible = [.. prompt];
        List<int> tokens = [];
        int dropped = 0;
        while (tokens.Count < newTokens)
        {
            if (visible.Count == ContextTokens)
            {
                dropped += ContextTokens - sinks - kept;
                visible = [.. visible[..sinks], .. visible[^kept..]];
            }

            var logits = new LogitsCopy();
            await engine.DecodeAsync(new DecodingRequest(visible.ToArray(), SamplingOptions.Greedy, 1, []) { LogitsProcessor = logits }, _ => true, Token);
            int token = sampler.Sample(logits.Values, state);
            tokens.Add(token);
            visible.Add(token);
        }

        return ([.. tokens], dropped);
    }

    private DecodingEngine Load(SlidingWindow window, int chunkTokens = 512, int slots = 2, int concurrent = 4, bool random = true, bool lookup = false, bool hasDraftModel = false) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = random ? model.RandomFolder : model.SeedFolder,
            Slots = slots,
            MaxConcurrentSequences = concurrent,
            MaxContextTokens = ContextTokens,
            SlidingWindow = window,
            PrefillChunkTokens = chunkTokens,
            Threads = 1,
            PromptLookup = lookup,
            DraftModelFolder = hasDraftModel ? model.SeedFolder : null,
            DraftGate = new DraftGate(isAlwaysOpen: true),
            Runtime = new OnnxRuntimeOptions { AllowSpinning = false },
        },
        NullLogger.Instance);

    private sealed class LogitsCopy : ILogitsProcessor
    {
        public float[] Values { get; private set; } = [];

        public void Process(Span<float> logits) => Values = logits.ToArray();
    }
}
