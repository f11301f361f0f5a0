using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding.Memory;

/// <summary>With a limit to memory the texts are the same, and the memory that is really taken stays below it.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class KvBudgetDecodingTests(ExportedEmbeddedModel model)
{
    private const int ContextTokens = 512;

    /// <summary>4 layers of keys and values with 2 heads of 64 bytes.</summary>
    private const long ContextBytes = ContextTokens * 1024L;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task DecodeAsync_ManyOfManySizes_SameTextsWithinTheLimit(int contexts)
    {
        int[] trunk = Prompt(300, 99);
        (int[] Prompt, int NewTokens)[] requests =
        [
            .. Enumerable.Range(0, 16).Select(i => (i % 3 == 0 ? [.. trunk[..(90 * (1 + (i % 3)))], .. Prompt(5 + i, i)] : Prompt(10 + (37 * i % 350), i), 3 + (29 * i % 130))),
        ];
        long limit = contexts * ContextBytes;
        using DecodingEngine engine = Load(limit);
        using DecodingEngine free = Load(limitBytes: null);
        long most = 0;

        int[][] tokens = await Task.WhenAll(requests.Select(request => Decode(engine, request.Prompt, request.NewTokens)));

        for (int i = 0; i < requests.Length; i++)
        {
            Assert.Equal(await Decode(free, requests[i].Prompt, requests[i].NewTokens), tokens[i]);
        }

        if (OperatingSystem.IsLinux())
        {
            Assert.InRange(most, 64 << 10, limit);
        }

        async Task<int[]> Decode(DecodingEngine on, int[] prompt, int newTokens)
        {
            List<int> tokens = [];
            await on.DecodeAsync(
                new DecodingRequest(prompt, new SamplingOptions { Temperature = 0.9f, TopP = 0.95f, Seed = prompt.Length }, newTokens, []),
                token =>
                {
                    tokens.Add(token);
                    most = on == engine && tokens.Count % 4 == 1 ? Math.Max(most, engine.KvResidentBytes ?? 0) : most;
                    return true;
                },
                Token);
            return [.. tokens];
        }
    }

    [Fact]
    public async Task DecodeAsync_DocumentsInTurns_ThoseThatHaveRoomAreContinuedAndTheOldestIsReadAgain()
    {
        // 200 tokens and 20 more take four pages of each of 16 heads: a quarter of a MiB. There is room for four.
        int[][] documents = [.. Enumerable.Range(0, 5).Select(i => Prompt(200, i))];
        using DecodingEngine engine = Load(2 * ContextBytes, slots: 8);
        foreach (int[] document in documents)
        {
            await engine.Decode(document, 20);
        }

        List<int> cached = [];
        foreach (int[] document in documents.AsEnumerable().Reverse())
        {
            cached.Add((await engine.Decode([.. document, 5, 6], 10)).Result.CachedPromptTokens);
        }

        Assert.Equal([200, 200, 200, 200, 0], cached);
    }

    [Fact]
    public async Task DecodeAsync_RoomIsNeeded_MemoryOfForgottenTextsGoesBackToTheSystem()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells which memory is taken.");
        using DecodingEngine engine = Load(3 * ContextBytes, slots: 8);
        for (int i = 0; i < 3; i++)
        {
            await engine.Decode(Prompt(400, i), 112);
        }

        long full = engine.KvResidentBytes!.Value;
        await engine.Decode(Prompt(10, 7), 500);
        await engine.Decode(Prompt(10, 8), 1);

        // The last of 512 tokens is drawn and never computed, in the same page.
        Assert.Equal(3 * ContextBytes, full);
        Assert.InRange(engine.KvResidentBytes!.Value, ContextBytes + (64 << 10), 3 * ContextBytes);
        (_, DecodingResult oldest) = await engine.Decode(Prompt(400, 0), 1);
        (_, DecodingResult youngest) = await engine.Decode(Prompt(400, 2), 1);
        Assert.Equal((0, 399), (oldest.CachedPromptTokens, youngest.CachedPromptTokens));
    }

    [Fact]
    public async Task DecodeAsync_NoRoomBesideThoseThatRun_WaitsInOrder()
    {
        using DecodingEngine engine = Load(ContextBytes);
        List<string> order = [];
        Task<DecodingResult>? large = null;
        Task<DecodingResult>? small = null;

        // The first leaves room for the small one, but the large one came before it.
        await Named("first", Prompt(10, 1), 200, () =>
        {
            large ??= Named("large", Prompt(10, 2), 502);
            small ??= Named("small", Prompt(10, 3), 5);
        });
        await Task.WhenAll(large!, small!);

        Assert.Equal([.. Enumerable.Repeat("first", 200), .. Enumerable.Repeat("large", 502), .. Enumerable.Repeat("small", 5)], order);

        Task<DecodingResult> Named(string name, int[] prompt, int newTokens, Action? then = null) => engine.DecodeAsync(
            new DecodingRequest(prompt, SamplingOptions.Greedy, newTokens, []),
            _ =>
            {
                order.Add(name);
                then?.Invoke();
                return true;
            },
            Token);
    }

    [Fact]
    public async Task DecodeAsync_RoomBesideThoseThatRun_RunsWithThem()
    {
        using DecodingEngine engine = Load(ContextBytes);
        List<string> order = [];
        Task<DecodingResult>? second = null;
        await Add("first", 200, () => second ??= Add("second", 200, null));
        await second!;

        Assert.Contains("second", order[..100]);

        Task<DecodingResult> Add(string name, int newTokens, Action? then) => engine.DecodeAsync(
            new DecodingRequest(Prompt(10, name.Length), SamplingOptions.Greedy, newTokens, []),
            _ =>
            {
                order.Add(name);
                then?.Invoke();
                return true;
            },
            Token);
    }

    [Fact]
    public async Task DecodeAsync_CancelledWhileItWaitsForMemory_IsAnsweredAtOnceAndHoldsNobodyUp()
    {
        using DecodingEngine engine = Load(ContextBytes);
        using var cancellation = new CancellationTokenSource();
        int accepted = 0;
        int acceptedBeforeBehind = 0;
        Task<DecodingResult>? waiting = null;
        Task<DecodingResult>? behind = null;
        bool wasServed = false;
        Exception? seen = null;

        await engine.DecodeAsync(
            new DecodingRequest(Prompt(10, 1), SamplingOptions.Greedy, 200, []),
            _ =>
            {
                accepted++;
                waiting ??= engine.DecodeAsync(new DecodingRequest(Prompt(10, 2), SamplingOptions.Greedy, 502, []), _ => wasServed = true, cancellation.Token);
                behind ??= engine.DecodeAsync(new DecodingRequest(Prompt(10, 3), SamplingOptions.Greedy, 5, []), _ => (acceptedBeforeBehind = accepted) > 0, Token);
                if (accepted == 20)
                {
                    // The engine's thread is here, so the answer does not come from it.
                    cancellation.Cancel();
                    seen = Record.Exception(() => waiting.Wait(TimeSpan.FromSeconds(30), Token));
                }

                return true;
            },
            Token);

        await behind!;
        Assert.IsAssignableFrom<OperationCanceledException>(Assert.IsType<AggregateException>(seen).InnerException);
        Assert.False(wasServed);
        Assert.InRange(acceptedBeforeBehind, 20, 40);
    }

    [Fact]
    public async Task Dispose_WhileOneWaitsForMemory_FailsIt()
    {
        DecodingEngine engine = Load(ContextBytes);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<DecodingResult>[] requests = [.. Enumerable.Range(0, 4).Select(i =>
        {
            int accepted = 0;
            return engine.DecodeAsync(new DecodingRequest(Prompt(10, i), SamplingOptions.Greedy, 500, []), _ => ++accepted < 5 || started.TrySetResult() || true, Token);
        })];
        await started.Task;

        engine.Dispose();

        foreach (Task<DecodingResult> request in requests)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => request);
        }
    }

    [Fact]
    public async Task WriteKvAsync_WithinTheLimit_IsFoundAndCounts()
    {
        int[] text = Prompt(300, 4);
        using DecodingEngine free = Load(limitBytes: null);
        (int[] expected, _) = await free.Decode(text, 20);
        byte[] kv = new byte[300 * free.KvTokenBytes];
        Assert.Equal(299, await free.ReadKvAsync(text.AsMemory(0, 299), 0, kv, Token));
        using DecodingEngine engine = Load(ContextBytes);
        await engine.Decode(Prompt(400, 5), 100);

        Assert.True(await engine.WriteKvAsync(text.AsMemory(0, 299), 0, kv.AsMemory(0, 299 * free.KvTokenBytes), Token));
        Assert.True(engine.KvResidentBytes is null or <= ContextBytes);
        (int[] tokens, DecodingResult result) = await engine.Decode(text, 20);

        Assert.Equal(299, result.CachedPromptTokens);
        Assert.Equal(expected, tokens);
    }

    [Fact]
    public void Load_LimitBelowOneContext_IsRefusedWithNumbers()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => Load(ContextBytes - 1));

        Assert.Equal(
            "KvMemoryBudgetBytes must be what the context of 512 tokens takes, 524288 bytes, or more but is 524287; a smaller MaxContextTokens takes less.", refusal.Message);
    }

    private DecodingEngine Load(long? limitBytes, int slots = 3) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = model.SeedFolder,
            Slots = slots,
            MaxConcurrentSequences = 4,
            MaxContextTokens = ContextTokens,
            KvMemoryBudgetBytes = limitBytes,
            PrefillChunkTokens = 64,
            Threads = 1,
            Runtime = new OnnxRuntimeOptions { AllowSpinning = false },
        },
        NullLogger.Instance);
}
