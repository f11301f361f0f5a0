using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>Cancelling and disposing: within a step, and without harm to anybody else.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class CancellationTests(ExportedEmbeddedModel model)
{
    [Fact]
    public async Task DecodeAsync_CancelledWhileDecoding_EndsAfterThatTokenAndLeavesTheEngineUsable()
    {
        using DecodingEngine engine = model.Load();
        int[] prompt = Prompt(40, 1);
        (int[] expected, _) = await engine.Decode(prompt, 20);
        using var cancellation = new CancellationTokenSource();
        int accepted = 0;

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.DecodeAsync(
            new DecodingRequest(prompt, SamplingOptions.Greedy, 500, []),
            _ =>
            {
                if (++accepted == 5)
                {
                    cancellation.Cancel();
                }

                return true;
            },
            cancellation.Token));

        Assert.Equal(cancellation.Token, e.CancellationToken);
        Assert.Equal(5, accepted);
        Assert.Equal(expected, (await engine.Decode(prompt, 20)).Tokens);
    }

    [Fact]
    public async Task DecodeAsync_CancelledInPrefill_NeverAnswersAndLeavesTheEngineUsable()
    {
        // One token a step: the prefill takes 1,900 of them, and the cancellation comes right at its beginning.
        using DecodingEngine engine = model.Load(chunkTokens: 1, slots: 1);
        int[] prompt = Prompt(1900, 1);
        using var cancellation = new CancellationTokenSource();
        bool answered = false;
        Task<(int[] Tokens, DecodingResult Result)> before = engine.Decode(Prompt(10, 2), 1);
        Task<DecodingResult> cancelled = engine.DecodeAsync(new DecodingRequest(prompt, SamplingOptions.Greedy, 10, []), _ => answered = true, cancellation.Token);

        await before;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        (int[] after, DecodingResult result) = await engine.Decode(prompt[..60], 20);

        Assert.False(answered);
        Assert.True(result.CachedPromptTokens < 60);
        using DecodingEngine fresh = model.Load();
        Assert.Equal((await fresh.Decode(prompt[..60], 20)).Tokens, after);
    }

    [Fact]
    public async Task DecodeAsync_CancelledWhileWaiting_IsAnsweredWithoutWaiting()
    {
        using DecodingEngine engine = model.Load();
        using var cancellation = new CancellationTokenSource();
        Task<DecodingResult>? waiting = null;
        bool served = false;
        Exception? seen = null;

        // While the engine's thread is inside this callback, nothing else can be served; so the answer does not come from it.
        await engine.DecodeAsync(
            new DecodingRequest(Prompt(10, 1), SamplingOptions.Greedy, 1, []),
            _ =>
            {
                waiting = engine.DecodeAsync(new DecodingRequest(Prompt(10, 2), SamplingOptions.Greedy, 1, []), _ => served = true, cancellation.Token);
                cancellation.Cancel();
                seen = Record.Exception(() => waiting.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
                return true;
            },
            TestContext.Current.CancellationToken);
        await engine.Decode(Prompt(10, 3), 1);

        Assert.IsAssignableFrom<OperationCanceledException>(Assert.IsType<AggregateException>(seen).InnerException);
        Assert.True(waiting!.IsCanceled);
        Assert.False(served);
    }

    [Fact]
    public async Task DecodeAsync_CancelledBefore_IsNotServed()
    {
        using DecodingEngine engine = model.Load();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.DecodeAsync(
            new DecodingRequest(Prompt(10, 1), SamplingOptions.Greedy, 1, []), _ => true, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task LogProbabilitiesAsync_CancelledInTheMiddle_LeavesTheEngineUsable()
    {
        using DecodingEngine engine = model.Load(chunkTokens: 1);
        using var cancellation = new CancellationTokenSource();
        Task<(int[] Tokens, DecodingResult Result)> before = engine.Decode(Prompt(10, 2), 1);
        Task<float[]> cancelled = engine.LogProbabilitiesAsync(Prompt(1900, 1), cancellation.Token);

        await before;
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(10, (await engine.Decode(Prompt(10, 2), 10)).Tokens.Length);
    }

    /// <summary>The part that timing decides in the engine, with the timing taken out: the step is stopped by the run options, and the next one is not.</summary>
    [Fact]
    public void Cancel_OfTheRunningSequence_StopsItsStepAndNotTheNext()
    {
        using var decoder = DecoderModel.Load(model.SeedFolder, new OnnxRuntimeOptions { IntraOpThreads = 1 }, NullLogger.Instance);
        using var cache = KvCache.Create(decoder, rows: 1, capacity: 600);
        using var runner = new ModelRunner(decoder, cache);
        using var options = new OrtRunOptions(decoder.Session.Environment);
        using var source = new CancellationTokenSource();
        var cancellation = new Cancellation(options);
        var request = new DecodingRequest(Prompt(500, 1), SamplingOptions.Greedy, 1, []);
        var sequence = new GeneratingSequence(request, 600, window: null, _ => true, source.Token);
        var other = new GeneratingSequence(request, 600, window: null, _ => true, default);
        float[] expected = runner.Run(0, request.PromptIds.Span, 0, 1, options).ToArray();

        cancellation.Enter([sequence]);
        cancellation.Cancel(other);
        runner.Run(0, request.PromptIds.Span, 0, 1, options);
        source.Cancel();
        cancellation.Cancel(sequence);
        Assert.Throws<OperationCanceledException>(() => { runner.Run(0, request.PromptIds.Span, 0, 1, options); });
        cancellation.Leave();

        Assert.True(other.Answer.IsFaulted || other.Answer.IsCanceled);
        Assert.False(sequence.IsAnswered);
        Assert.Equal(expected, runner.Run(0, request.PromptIds.Span, 0, 1, options).ToArray());
    }

    [Fact]
    public void Cancel_OfOneInABatch_StopsTheStepOnlyWhenItWasTheLast()
    {
        using var decoder = DecoderModel.Load(model.RandomFolder, new OnnxRuntimeOptions { IntraOpThreads = 1 }, NullLogger.Instance);
        using var options = new OrtRunOptions(decoder.Session.Environment);
        using CancellationTokenSource first = new();
        using CancellationTokenSource second = new();
        var cancellation = new Cancellation(options);
        var request = new DecodingRequest(Prompt(5, 1, 96), SamplingOptions.Greedy, 1, []);
        var a = new GeneratingSequence(request, 100, window: null, _ => true, first.Token);
        var b = new GeneratingSequence(request, 100, window: null, _ => true, second.Token);

        cancellation.Enter([a, b]);
        first.Cancel();
        cancellation.Cancel(a);
        Assert.False(options.TerminateRequested);
        Assert.False(a.IsAnswered);
        second.Cancel();
        cancellation.Cancel(b);
        Assert.True(options.TerminateRequested);
        cancellation.Leave();

        Assert.False(options.TerminateRequested);
        Assert.Throws<OperationCanceledException>(() => cancellation.Enter([a, b]));
    }

    [Fact]
    public async Task Dispose_WhileIdle_EndsTheThreadAndRefusesRequests()
    {
        DecodingEngine engine = model.Load();
        await engine.Decode(Prompt(10, 1), 3);

        engine.Dispose();
        engine.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.Decode(Prompt(10, 1), 3));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.LogProbabilitiesAsync(Prompt(10, 1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Dispose_WhileServing_FailsWhoIsServedAndWhoWaits()
    {
        DecodingEngine engine = model.Load(concurrent: 1);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<DecodingResult> served = engine.DecodeAsync(
            new DecodingRequest(Prompt(10, 1), SamplingOptions.Greedy, 2000, []), _ => started.TrySetResult() || true, TestContext.Current.CancellationToken);
        Task<(int[] Tokens, DecodingResult Result)> waiting = engine.Decode(Prompt(10, 2), 1);
        await started.Task;

        engine.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => served);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
    }

    [Fact]
    public async Task Dispose_FromTheCallback_DoesNotWaitForItself()
    {
        DecodingEngine engine = model.Load();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.DecodeAsync(
            new DecodingRequest(Prompt(10, 1), SamplingOptions.Greedy, 100, []),
            _ =>
            {
                engine.Dispose();
                return true;
            },
            TestContext.Current.CancellationToken));
    }
}
