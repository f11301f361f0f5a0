using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.OpenAI.Tests;

/// <summary>Everything that goes wrong becomes a ModelCallException that says who answered what, and whether to try again.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(400, "BadRequest", false)]
    [InlineData(401, "Unauthorized", false)]
    [InlineData(403, "Forbidden", false)]
    [InlineData(404, "NotFound", false)]
    [InlineData(408, "RequestTimeout", true)]
    [InlineData(409, "Conflict", true)]
    [InlineData(422, "UnprocessableEntity", false)]
    [InlineData(429, "TooManyRequests", true)]
    [InlineData(500, "InternalServerError", true)]
    [InlineData(502, "BadGateway", true)]
    [InlineData(503, "ServiceUnavailable", true)]
    public async Task Status_OfAnError_SaysWhetherToTryAgain(int status, string name, bool isTransient)
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(LoopbackReply.Error(status, "it is what it is."));
        Assert.Equal($"SERVER answered {status} {name}: it is what it is.", message);
        Assert.Equal((HttpStatusCode)status, failure.StatusCode);
        Assert.Equal(isTransient, failure.IsTransient);
        Assert.Null(failure.RetryAfter);
    }

    [Fact]
    public async Task Status_WithoutAName_IsGivenAsNumber()
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(LoopbackReply.Error(425, "too early"));
        Assert.Equal("SERVER answered 425: too early.", message);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Status_429ForAnEmptyQuota_IsNotTransient()
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(LoopbackReply.Error(429, "You have no credit left.", code: "insufficient_quota"));
        Assert.Equal("SERVER answered 429 TooManyRequests: You have no credit left.", message);
        Assert.False(failure.IsTransient);
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("0", 0)]
    [InlineData("Thu, 01 Jan 2026 00:01:30 GMT", 90)]
    [InlineData("Wed, 31 Dec 2025 23:00:00 GMT", 0)]
    public async Task RetryAfter_SecondsOrDate_IsTheWait(string header, int seconds)
    {
        (ModelCallException failure, _) = await Calls.FailureAsync(
            LoopbackReply.Error(429, "slow down", header), options => options with { TimeProvider = new ManualTimeProvider() });
        Assert.Equal(TimeSpan.FromSeconds(seconds), failure.RetryAfter);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("")]
    public async Task RetryAfter_Unreadable_IsUnknown(string header)
    {
        (ModelCallException failure, _) = await Calls.FailureAsync(LoopbackReply.Error(429, "slow down", header));
        Assert.Null(failure.RetryAfter);
    }

    [Fact]
    public async Task RetryAfter_InMilliseconds_IsPreferred()
    {
        LoopbackReply reply = LoopbackReply.Error(429, "slow down", "2") with
        {
            Headers = new Dictionary<string, string> { ["Retry-After"] = "2", ["retry-after-ms"] = "1250" },
        };
        (ModelCallException failure, _) = await Calls.FailureAsync(reply);
        Assert.Equal(TimeSpan.FromMilliseconds(1250), failure.RetryAfter);
    }

    [Theory]
    [InlineData("""{"error":{"message":"m1"}}""", ": m1")]
    [InlineData("""{"error":"m2"}""", ": m2")]
    [InlineData("""{"object":"error","message":"m3","code":400}""", ": m3")]
    [InlineData("""{"detail":"m4"}""", ": m4")]
    [InlineData("\"m5\"", ": m5")]
    [InlineData("""{"else":1}""", """: {"else":1}""")]
    [InlineData("""{"error":{"message":"\ud800"}}""", ": \"\\ud800\"")]
    [InlineData("plain  words\r\n of a proxy.", ": plain words of a proxy")]
    [InlineData("", "")]
    public async Task ErrorBody_OfAnyShape_IsQuoted(string body, string quoted)
    {
        (_, string message) = await Calls.FailureAsync(new() { Status = 400, Body = body });
        Assert.Equal($"SERVER answered 400 BadRequest{quoted}.", message);
    }

    [Fact]
    public async Task ErrorBody_HtmlPage_IsQuotedInPart()
    {
        string page = $"<html><title>502 Bad Gateway</title>{new string('x', 5000)}</html>";
        (ModelCallException failure, string message) = await Calls.FailureAsync(LoopbackReply.HtmlPage(502, page));
        Assert.Equal($"SERVER answered 502 BadGateway: {page[..200]}….", message);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task ErrorBody_ThatRepeatsTheKey_IsQuotedWithoutIt()
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(
            LoopbackReply.Error(401, "Incorrect API key provided: sk-secret-1."), options => options with { ApiKey = "sk-secret-1" });
        Assert.Equal("SERVER answered 401 Unauthorized: Incorrect API key provided: ***.", message);
        Assert.DoesNotContain("sk-secret-1", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Success_WithAnHtmlPage_IsAFailureForGood()
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(LoopbackReply.HtmlPage(200, "<html>Please log in</html>"));
        Assert.Equal("SERVER answered 200 OK but the content type must be 'text/event-stream' and is 'text/html': <html>Please log in</html>.", message);
        Assert.False(failure.IsTransient);
        Assert.Equal(HttpStatusCode.OK, failure.StatusCode);
    }

    [Fact]
    public async Task Success_WithTheWrongContentType_IsAFailureForGood()
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(new()
        {
            Status = 200, ContentType = "application/json", Body = """{"error":{"message":"no streaming here"}}""",
        });
        Assert.Equal("SERVER answered 200 OK but the content type must be 'text/event-stream' and is 'application/json': no streaming here.", message);
        Assert.False(failure.IsTransient);
    }

    [Fact]
    public async Task Connection_DroppedBeforeTheHeaders_IsTransient()
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(new() { Fault = LoopbackFault.DropBeforeHeaders });
        Assert.StartsWith("SERVER did not answer (", message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
        Assert.Null(failure.StatusCode);
    }

    [Fact]
    public async Task Connection_Refused_IsTransient()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var client = new OpenAIChatClient(new() { Model = "m", Endpoint = new Uri($"http://127.0.0.1:{port}/v1") });
        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(
            () => client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken));
        Assert.StartsWith($"http://127.0.0.1:{port}/v1 did not answer (", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Connection_DroppedMidStream_IsTransientAndNeverLooksComplete()
    {
        var firstPieceRead = new TaskCompletionSource();
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => new LoopbackReply
        {
            Text = "It was a dark and stormy night",
            Fault = LoopbackFault.DropMidStream,
            BeforeEvent = place => place == 0 ? Task.CompletedTask : firstPieceRead.Task,
        });
        using OpenAIChatClient client = server.Client();
        List<ChatResponseUpdate> updates = [];
        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(async () =>
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken))
            {
                updates.Add(update);
                firstPieceRead.TrySetResult();
            }
        });
        Assert.Equal($"{server.Endpoint} broke the connection off after 1 events.", failure.Message);
        Assert.True(failure.IsTransient);
        Assert.Equal("It was ", Assert.Single(updates).Text);
        Assert.Null(updates[0].FinishReason);
    }

    [Fact]
    public async Task Stream_EndsWithoutFinishReasonAndDone_IsTransient()
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(
            new() { Text = "It was a dark and stormy night", Fault = LoopbackFault.EndEarly, FaultAfterChunks = 3 });
        Assert.Equal("SERVER ended the stream without a finish reason and without [DONE], after 3 events.", message);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Stream_Empty_IsTransient()
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(new() { RawEvents = [] });
        Assert.Equal("SERVER ended the stream without a finish reason and without [DONE], after 0 events.", message);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Stream_EventWithTruncatedJson_IsTransient()
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(
            new() { Text = "It was a dark and stormy night", Fault = LoopbackFault.TruncateEvent, FaultAfterChunks = 2 });
        Assert.Equal("SERVER sent an event that is not a chat completion chunk, after 2 good ones.", message);
        Assert.True(failure.IsTransient);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"choices\":7}")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"\ud83d"}}]}""")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":["a"]}}]}""")]
    public async Task Stream_EventOfAnotherShape_IsTransient(string data)
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(new() { RawEvents = [data] });
        Assert.Equal("SERVER sent an event that is not a chat completion chunk, after 0 good ones.", message);
        Assert.True(failure.IsTransient);
    }

    [Theory]
    [InlineData("""{"error":{"message":"out of memory","code":500}}""", ": out of memory", true)]
    [InlineData("""{"error":{"message":"prompt too long","code":400}}""", ": prompt too long", false)]
    [InlineData("""{"error":"overloaded"}""", ": overloaded", true)]
    [InlineData("""{"error":{"message":"no credit","code":"insufficient_quota"}}""", ": no credit", false)]
    public async Task Stream_ErrorAsAnEvent_IsAFailure(string data, string quoted, bool isTransient)
    {
        (ModelCallException failure, string message) = await Calls.FailureAsync(new()
        {
            RawEvents = ["""{"choices":[{"index":0,"delta":{"content":"a"}}]}""", data, "[DONE]"],
        });
        Assert.Equal($"SERVER reported an error inside the stream{quoted}.", message);
        Assert.Equal(isTransient, failure.IsTransient);
    }

    [Fact]
    public async Task Server_SilentForTooLong_IsTransient()
    {
        TimeSpan patience = TimeSpan.FromMilliseconds(100);
        (ModelCallException failure, string message) = await Calls.FailureAsync(
            new() { Fault = LoopbackFault.NeverEnd, FaultAfterChunks = 0 }, options => options with { NetworkTimeout = patience });
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"SERVER was silent for longer than {patience}, after 0 events."), message);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Server_SilentBeforeTheHeaders_IsTransient()
    {
        TimeSpan patience = TimeSpan.FromMilliseconds(100);
        ModelCallException failure = await SilenceAsync(new HttpClient(new SilentHandler()) { Timeout = Timeout.InfiniteTimeSpan }, patience);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"http://models.example/v1 was silent for longer than {patience}, after 0 events."), failure.Message);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Server_SilentForLongerThanTheHttpClientWaits_IsTransient()
    {
        ModelCallException failure = await SilenceAsync(new HttpClient(new SilentHandler()) { Timeout = TimeSpan.FromMilliseconds(100) }, TimeSpan.FromMinutes(5));
        Assert.Equal("http://models.example/v1 did not answer within the time-out of the given HttpClient.", failure.Message);
        Assert.True(failure.IsTransient);
    }

    [Fact]
    public async Task Call_ThatFails_IsNotRetried()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(
            request => request.Attempt == 1 ? LoopbackReply.Error(503, "busy", "0") : LoopbackReply.Write("fine"));
        using OpenAIChatClient client = server.Client();
        await Assert.ThrowsAsync<ModelCallException>(() => client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken));
        Assert.Single(server.Requests);
        ChatResponse response = await client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken);
        Assert.Equal("fine", response.Text);
        Assert.Equal(2, server.Requests[1].Attempt);
    }

    private static async Task<ModelCallException> SilenceAsync(HttpClient http, TimeSpan networkTimeout)
    {
        using var client = new OpenAIChatClient(
            new() { Model = "m", Endpoint = new Uri("http://models.example/v1"), HttpClient = http, NetworkTimeout = networkTimeout });
        return await Assert.ThrowsAsync<ModelCallException>(() => client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken));
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException("An endless wait has ended.");
        }
    }
}
