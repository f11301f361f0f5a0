using System.Net;
using LongWriter.Calling;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.Core.Tests.Calling;

public sealed class ModelCallerRetryTests
{
    private static readonly ModelCallOptions Three = new() { MaxAttempts = 3, RetrySeed = 11 };

    public static TheoryData<Exception, string> Transient => new()
    {
        { new ModelCallException("Overloaded.", isTransient: true), "Overloaded." },
        { new HttpRequestException("No route."), "HttpRequestException: No route." },
        { new HttpRequestException("Slow.", null, HttpStatusCode.RequestTimeout), "HttpRequestException: Slow." },
        { new HttpRequestException("Early.", null, (HttpStatusCode)425), "HttpRequestException: Early." },
        { new HttpRequestException("Many.", null, HttpStatusCode.TooManyRequests), "HttpRequestException: Many." },
        { new HttpRequestException("Broken.", null, HttpStatusCode.InternalServerError), "HttpRequestException: Broken." },
        { new HttpRequestException("Odd.", null, (HttpStatusCode)599), "HttpRequestException: Odd." },
        { new IOException("Pipe."), "IOException: Pipe." },
        { new TimeoutException("Too slow."), "Too slow." },
        { new TaskCanceledException("HttpClient gave up."), "The client cancelled the call by itself: HttpClient gave up." },
    };

    public static TheoryData<Exception, string> Final => new()
    {
        { new ModelCallException("Bad key.", isTransient: false), "Bad key." },
        { new HttpRequestException("Who?", null, HttpStatusCode.Unauthorized), "HttpRequestException: Who?" },
        { new HttpRequestException("Bad.", null, HttpStatusCode.BadRequest), "HttpRequestException: Bad." },
        { new InvalidOperationException("Unreadable reply."), "InvalidOperationException: Unreadable reply." },
        { new FormatException("Not JSON."), "FormatException: Not JSON." },
    };

    public static TheoryData<Exception> WrongUse => new()
    {
        new ArgumentException("Bad argument."),
        new NotSupportedException("FrequencyPenalty is not supported by this client."),
        new NotImplementedException("Not there."),
        new InvalidCastException("Cast."),
#pragma warning disable CA2201 // A client with a defect throws these.
        new NullReferenceException("Null."),
        new IndexOutOfRangeException("Index."),
#pragma warning restore CA2201
        new ObjectDisposedException("client"),
    };

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task CallAsync_TransientFailure_TakesTheTextBackAndTriesAgain(Exception failure, string reason)
    {
        List<CallUpdate> updates = await CallProbe.BothAsync(
            (call, _) => call.Number == 0
                ? CallProbe.Broken(failure, CallProbe.Text("Onc"), CallProbe.Text("e up"), CallProbe.Usage(10, 4, 3))
                : CallProbe.Reply(CallProbe.Text("Once upon."), CallProbe.Usage(10, 10, 5), CallProbe.Finish("stop")),
            Three);

        Assert.Equal(
            [
                new CallText("Onc"),
                new CallText("e up"),
                new CallRestarted(7, reason, ExpectedDelays(Three, callSeed: 0, count: 1)[0]),
                new CallText("Once upon."),
                new CallCompleted(new CallResult("Once upon.", EndCause.Stop, new TokenUsage(20, 14, 8, 1), null, "stop", 2, null)),
            ],
            updates);
    }

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task CallAsync_TransientFailureEachTime_EndsWithTheError(Exception failure, string reason)
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Broken(failure, CallProbe.Text("Half"), CallProbe.Usage(1, 0, 1)), Three);

        TimeSpan[] delays = ExpectedDelays(Three, callSeed: 0, count: 2);
        string text = "The call failed after 3 tries: " + reason;
        Assert.Equal(
            [
                new CallText("Half"),
                new CallRestarted(4, reason, delays[0]),
                new CallText("Half"),
                new CallRestarted(4, reason, delays[1]),
                new CallText("Half"),
                new CallRetracted(4, text),
                new CallCompleted(new CallResult("", EndCause.Error, new TokenUsage(3, 0, 3, 0), null, null, 3, text)),
            ],
            updates);
    }

    [Theory]
    [MemberData(nameof(Final))]
    public async Task CallAsync_FinalFailure_IsNotTriedAgain(Exception failure, string reason)
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Broken(failure), Three);

        CallUpdate only = Assert.Single(updates);
        string text = "The call failed after 1 try: " + reason;
        Assert.Equal(new CallCompleted(new CallResult("", EndCause.Error, default, null, null, 1, text)), only);
    }

    [Theory]
    [MemberData(nameof(WrongUse))]
    public async Task CallAsync_WrongUse_IsThrownAsItIs(Exception failure)
    {
        using var client = new ScriptedChatClient((_, _) => CallProbe.Broken(failure, CallProbe.Text("Half")));
        ModelCaller caller = CallProbe.Caller(client, Three);

        Assert.Same(failure, await Record.ExceptionAsync(() => CallProbe.StreamAsync(caller)));
        Assert.Same(failure, await Record.ExceptionAsync(() => caller.CompleteAsync(CallProbe.Call, TestContext.Current.CancellationToken)));
        Assert.Equal(2, client.Calls.Count);
    }

    [Fact]
    public async Task CallAsync_ClientThatThrowsBeforeItsStream_IsTriedAgain()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync(
            (call, _) => call.Number == 0 ? throw new IOException("Refused.") : ScriptedChatClient.Stream("Text."), Three);

        Assert.Equal(new CallRestarted(0, "IOException: Refused.", ExpectedDelays(Three, 0, 1)[0]), updates[0]);
        Assert.Equal(("Text.", 2), (CallProbe.Result(updates).Text, CallProbe.Result(updates).Attempts));
    }

    [Fact]
    public async Task CallAsync_TransientHook_IsAskedAboutUnknownFailures()
    {
        ModelCallOptions options = Three with { IsTransient = exception => exception is FormatException };

        List<CallUpdate> updates = await CallProbe.BothAsync(
            (call, _) => call.Number == 0 ? CallProbe.Broken(new FormatException("Cut JSON.")) : ScriptedChatClient.Stream("Text."), options);

        Assert.Equal("FormatException: Cut JSON.", Assert.IsType<CallRestarted>(updates[0]).Reason);
        Assert.Equal(EndCause.Stop, CallProbe.Result(updates).End);
    }

    [Fact]
    public async Task CallAsync_ErrorContentOfAnOverloadedServer_IsTriedAgain()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync(
            (call, _) => call.Number == 0
                ? CallProbe.Reply(CallProbe.Text("Ha"), new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent("Busy.") { ErrorCode = "server_error" }]))
                : ScriptedChatClient.Stream("Text."),
            Three);

        Assert.Equal((2, "The client reported an error (server_error): Busy."), updates.OfType<CallRestarted>().Select(one => (one.CharCount, one.Reason)).Single());
    }

    [Fact]
    public async Task CallAsync_OneAttempt_NeverTriesAgain()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Broken(new IOException("Pipe.")), new() { MaxAttempts = 1 });

        Assert.Equal("The call failed after 1 try: IOException: Pipe.", CallProbe.Result(updates).Failure);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(11, 0)]
    [InlineData(11, 3)]
    public async Task CallAsync_SeededJitter_GivesTheDelaysOfTheFormula(int optionsSeed, int callSeed)
    {
        ModelCallOptions options = new() { MaxAttempts = 20, RetrySeed = optionsSeed };

        List<CallUpdate> updates = await CallProbe.BothAsync(
            (_, _) => CallProbe.Broken(new IOException("Pipe.")), options, CallProbe.Call with { RetrySeed = callSeed });

        TimeSpan[] delays = [.. updates.OfType<CallRestarted>().Select(restarted => restarted.Delay)];
        Assert.Equal(ExpectedDelays(options, callSeed, 19), delays);
        Assert.Equal(options.MaxRetryDelay, delays[^1]);
    }

    [Fact]
    public async Task CallAsync_Backoff_WaitsTheDelayItNames()
    {
        var time = new ManualTimeProvider { AutoAdvance = true };
        DateTimeOffset start = time.GetUtcNow();
        using var client = new ScriptedChatClient((_, _) => CallProbe.Broken(new IOException("Pipe.")));

        await CallProbe.StreamAsync(CallProbe.Caller(client, Three, time));

        TimeSpan[] delays = ExpectedDelays(Three, 0, 2);

        // Timers count whole milliseconds.
        Assert.Equal(delays.Sum(delay => Math.Floor(delay.TotalMilliseconds)), (time.GetUtcNow() - start).TotalMilliseconds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(60)]
    public async Task CallAsync_RetryAfter_WinsOverTheComputedDelay(int seconds)
    {
        var failure = new ModelCallException("Slow down.", isTransient: true) { RetryAfter = TimeSpan.FromSeconds(seconds) };

        List<CallUpdate> updates = await CallProbe.BothAsync(
            (call, _) => call.Number == 0 ? CallProbe.Broken(failure) : ScriptedChatClient.Stream("Text."), Three);

        Assert.Equal(new CallRestarted(0, "Slow down.", TimeSpan.FromSeconds(seconds)), updates[0]);
    }

    [Fact]
    public async Task CallAsync_RetryAfterAboveTheCap_FailsAndSaysSo()
    {
        var failure = new ModelCallException("Slow down.", isTransient: true) { RetryAfter = TimeSpan.FromSeconds(61) };

        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Broken(failure), Three);

        CallUpdate only = Assert.Single(updates);
        Assert.Equal(
            "The call failed after 1 try: Slow down. The server asks to wait 00:01:01, longer than MaxRetryDelay (00:01:00).",
            ((CallCompleted)only).Result.Failure);
    }

    [Fact]
    public async Task CallAsync_RetractedReasoningThenFailure_TakesBackOnlyWhatIsVisible()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync(
            (call, _) => call.Number == 0
                ? CallProbe.Broken(new IOException("Pipe."), CallProbe.Text("Plan."), CallProbe.Text("</think>Te"))
                : ScriptedChatClient.Stream("Text."),
            Three);

        Assert.Equal((2, 5), (updates.OfType<CallRestarted>().Single().CharCount, updates.OfType<CallRetracted>().Single().CharCount));
    }

    /// <summary>Decorrelated jitter, version 2, as Polly documents it: differences of 2^t · tanh(√(4t)) at t = attempt + chance.</summary>
    private static TimeSpan[] ExpectedDelays(ModelCallOptions options, int callSeed, int count)
    {
        Random chance = RetryPipeline.Jitter(options.RetrySeed, callSeed);
        double previous = 0;
        var delays = new TimeSpan[count];
        for (int attempt = 0; attempt < count; attempt++)
        {
            double t = attempt + chance.NextDouble();
            double next = Math.Pow(2, t) * Math.Tanh(Math.Sqrt(4 * t));
            double ticks = (next - previous) * (1 / 1.4) * options.BaseRetryDelay.Ticks;
            previous = next;
            delays[attempt] = TimeSpan.FromTicks((long)Math.Min(ticks, options.MaxRetryDelay.Ticks));
        }

        return delays;
    }
}
