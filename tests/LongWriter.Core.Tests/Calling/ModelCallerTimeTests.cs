using System.Runtime.CompilerServices;
using LongWriter.Calling;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.Core.Tests.Calling;

public sealed class ModelCallerTimeTests
{
    // A caller that waits for ever must fail its test instead of stopping the run.
    private const int GuardMs = 60_000;

    private static readonly ModelCallOptions Options = new() { CallTimeout = TimeSpan.FromHours(1), IdleTimeout = TimeSpan.FromMinutes(2) };

    [Theory(Timeout = GuardMs)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task CallAsync_StalledStream_IsTriedAgain(bool folded, bool quiet)
    {
        TaskCompletionSource stalled = CallProbe.Signal();
        var time = new ManualTimeProvider { AutoAdvance = true };
        using var client = new ScriptedChatClient(
            (call, token) => call.Number == 0 ? CallProbe.Stalled(stalled, "Half", quiet, token) : ScriptedChatClient.Stream("Text."));
        ModelCaller caller = CallProbe.Caller(client, Options, time);

        Task<List<CallUpdate>> running = RunAsync(caller, folded, TestContext.Current.CancellationToken);
        await stalled.Task;
        time.Advance(Options.IdleTimeout - TimeSpan.FromTicks(1));
        Assert.Single(client.Calls);
        time.Advance(TimeSpan.FromTicks(1));
        List<CallUpdate> updates = await running;

        Assert.Equal(("Text.", EndCause.Stop, 2), (CallProbe.Result(updates).Text, CallProbe.Result(updates).End, CallProbe.Result(updates).Attempts));
        Assert.Equal(
            folded ? [] : ["The stream stalled: nothing came for 00:02:00 (IdleTimeout)."], updates.OfType<CallRestarted>().Select(one => one.Reason));
    }

    [Theory(Timeout = GuardMs)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task CallAsync_TryAboveItsTimeout_IsTriedAgainAndFails(bool folded, bool quiet)
    {
        ModelCallOptions options = Options with { CallTimeout = TimeSpan.FromMinutes(90), IdleTimeout = TimeSpan.FromHours(10), MaxAttempts = 2 };
        TaskCompletionSource[] stalled = [CallProbe.Signal(), CallProbe.Signal()];
        var time = new ManualTimeProvider { AutoAdvance = true };
        using var client = new ScriptedChatClient((call, token) => CallProbe.Stalled(stalled[call.Number], "Half", quiet, token));

        Task<List<CallUpdate>> running = RunAsync(CallProbe.Caller(client, options, time), folded, TestContext.Current.CancellationToken);
        foreach (TaskCompletionSource one in stalled)
        {
            await one.Task;
            time.Advance(options.CallTimeout);
        }

        CallResult result = CallProbe.Result(await running);
        Assert.Equal((EndCause.Error, 2, ""), (result.End, result.Attempts, result.Text));
        Assert.Equal("The call failed after 2 tries: The try took longer than CallTimeout (01:30:00).", result.Failure);
    }

    [Theory(Timeout = GuardMs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallAsync_SlowButSteadyStream_IsNoStall(bool folded)
    {
        var time = new ManualTimeProvider { AutoAdvance = true };
        using var client = new ScriptedChatClient((_, _) => Steady(time));

        CallResult result = CallProbe.Result(await RunAsync(CallProbe.Caller(client, Options, time), folded, TestContext.Current.CancellationToken));

        Assert.Equal(("tick tick tick tick ", 1), (result.Text, result.Attempts));
    }

    [Theory(Timeout = GuardMs)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task CallAsync_CancelledInATry_PassesAndEndsTheTry(bool folded, bool quiet)
    {
        TaskCompletionSource stalled = CallProbe.Signal();
        bool ended = false;
        using var stop = new CancellationTokenSource();
        using var client = new ScriptedChatClient((_, token) => Guarded(CallProbe.Stalled(stalled, "Half", quiet, token), () => ended = true));

        Task running = RunAsync(CallProbe.Caller(client), folded, stop.Token);
        await stalled.Task;
        await stop.CancelAsync();

        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(stop.Token, cancelled.CancellationToken);
        Assert.True(ended);
        Assert.Single(client.Calls);
    }

    [Theory(Timeout = GuardMs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallAsync_CancelledClientThatFailsInItsOwnWay_IsStillCancelled(bool folded)
    {
        TaskCompletionSource stalled = CallProbe.Signal();
        using var stop = new CancellationTokenSource();
        using var client = new ScriptedChatClient((_, token) => FailsWhenCancelled(stalled, token));

        Task running = RunAsync(CallProbe.Caller(client), folded, stop.Token);
        await stalled.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Single(client.Calls);
    }

    [Theory(Timeout = GuardMs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallAsync_CancelledBetweenTries_PassesAtOnce(bool folded)
    {
        var time = new ManualTimeProvider();
        using var stop = new CancellationTokenSource();
        using var client = new ScriptedChatClient(
            (_, _) => CallProbe.Broken(new ModelCallException("Busy.", isTransient: true) { RetryAfter = TimeSpan.FromSeconds(17) }));

        Task running = RunAsync(CallProbe.Caller(client, Options, time), folded, stop.Token);
        await time.WhenWaitingAsync(TimeSpan.FromSeconds(17));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Single(client.Calls);
    }

    [Theory(Timeout = GuardMs)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallAsync_CancelledBefore_MakesNoCall(bool folded)
    {
        using var client = new ScriptedChatClient(_ => "Text.");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(CallProbe.Caller(client), folded, new CancellationToken(canceled: true)));

        Assert.Empty(client.Calls);
    }

    [Fact(Timeout = GuardMs)]
    public async Task CallAsync_AbandonedEnumeration_EndsTheTryBeforeItReturns()
    {
        TaskCompletionSource stalled = CallProbe.Signal();
        bool ended = false;
        using var client = new ScriptedChatClient((_, token) => Guarded(CallProbe.Stalled(stalled, "Half", quiet: false, token), () => ended = true));

        await foreach (CallUpdate update in CallProbe.Caller(client).CallAsync(CallProbe.Call, TestContext.Current.CancellationToken))
        {
            Assert.Equal(new CallText("Half"), update);
            break;
        }

        Assert.True(ended);
    }

    [Fact(Timeout = GuardMs)]
    public async Task CallAsync_AbandonedWithFullBuffer_StopsAnEndlessStream()
    {
        int produced = 0;
        bool ended = false;
        using var client = new ScriptedChatClient((_, _) => Guarded(Endless(() => produced++), () => ended = true));

        await foreach (CallUpdate update in CallProbe.Caller(client).CallAsync(CallProbe.Call, TestContext.Current.CancellationToken))
        {
            break;
        }

        Assert.True(ended);
        Assert.InRange(produced, 1, 1100);
    }

    [Fact(Timeout = GuardMs)]
    public async Task CallAsync_AbandonedBetweenTries_LeavesNoTimer()
    {
        var time = new ManualTimeProvider();
        using var client = new ScriptedChatClient((_, _) => CallProbe.Broken(new IOException("Pipe.")));

        await foreach (CallUpdate update in CallProbe.Caller(client, Options, time).CallAsync(CallProbe.Call, TestContext.Current.CancellationToken))
        {
            Assert.IsType<CallRestarted>(update);
            break;
        }

        Assert.Equal(0, time.RunningTimers);
    }

    [Fact(Timeout = GuardMs)]
    public async Task CallAsync_ManyAtOnce_EachGetsItsOwnText()
    {
        using var client = new ScriptedChatClient((call, _) => call.Number % 3 == 0
            ? CallProbe.Broken(new IOException("Pipe."), CallProbe.Text("lost " + call.LastText))
            : CallProbe.Reply(CallProbe.Text("for "), CallProbe.Text(call.LastText), CallProbe.Usage(1, 0, 2)));
        ModelCaller caller = CallProbe.Caller(client, new ModelCallOptions { MaxAttempts = 20 });

        List<CallUpdate>[] all = await Task.WhenAll(Enumerable.Range(0, 32).Select(
            index => CallProbe.StreamAsync(caller, new ModelCall([new ChatMessage(ChatRole.User, $"{index}")], RetrySeed: index))));

        Assert.Equal(Enumerable.Range(0, 32).Select(index => $"for {index}"), all.Select(updates => CallProbe.Result(updates).Text));
        Assert.All(all, updates => Assert.Equal(new TokenUsage(1, 0, 2, 1), CallProbe.Result(updates).Usage));
    }

    private static async Task<List<CallUpdate>> RunAsync(ModelCaller caller, bool folded, CancellationToken cancellationToken)
    {
        if (folded)
        {
            return [new CallCompleted(await caller.CompleteAsync(CallProbe.Call, cancellationToken))];
        }

        List<CallUpdate> updates = [];
        await foreach (CallUpdate update in caller.CallAsync(CallProbe.Call, cancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Steady(ManualTimeProvider time)
    {
        for (int tick = 0; tick < 4; tick++)
        {
            time.Advance(TimeSpan.FromSeconds(119));
            await Task.Yield();
            yield return CallProbe.Text("tick ");
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Endless(Action produced)
    {
        while (true)
        {
            await Task.Yield();
            produced();
            yield return CallProbe.Text("more ");
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> FailsWhenCancelled(
        TaskCompletionSource stalled, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ChatResponseUpdate update in CallProbe.Stalled(stalled, "Half", quiet: true, cancellationToken))
        {
            yield return update;
        }

        throw new ObjectDisposedException("connection");
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Guarded(IAsyncEnumerable<ChatResponseUpdate> inner, Action ended)
    {
        try
        {
            await foreach (ChatResponseUpdate update in inner)
            {
                yield return update;
            }
        }
        finally
        {
            ended();
        }
    }
}
