using System.Net;
using System.Text;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.OpenAI.Tests;

/// <summary>What the tests do over and over: make a client, call it once, look at what was sent or how it failed.</summary>
internal static class Calls
{
    public const string Model = "test-model";

    public static readonly ChatMessage[] Hello = [new(ChatRole.User, "hello")];

    public static OpenAIChatClient Client(this LoopbackOpenAIServer server, Func<OpenAIChatClientOptions, OpenAIChatClientOptions>? change = null)
    {
        var options = new OpenAIChatClientOptions { Model = Model, Endpoint = server.Endpoint };
        return new OpenAIChatClient(change is null ? options : change(options), _ => null);
    }

    /// <summary>A client of OpenAI's own endpoint whose requests end in <paramref name="handler"/>.</summary>
    public static OpenAIChatClient OpenAIClient(HttpMessageHandler handler) => new(
        new OpenAIChatClientOptions { Model = Model, ApiKey = "sk-test", HttpClient = new HttpClient(handler) }, _ => null);

    /// <summary>Sends one call with <paramref name="options"/> to a custom endpoint and returns what arrived there.</summary>
    public static async Task<LoopbackRequest> SentAsync(
        ChatOptions? options, ChatMessage[]? messages = null, Func<OpenAIChatClientOptions, OpenAIChatClientOptions>? change = null)
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => "fine");
        using OpenAIChatClient client = server.Client(change);
        await client.GetResponseAsync(messages ?? Hello, options, TestContext.Current.CancellationToken);
        return server.Requests.Single();
    }

    /// <summary>The message with which a call with <paramref name="options"/> is refused, nothing having been sent.</summary>
    public static async Task<string> RefusedAsync(ChatOptions options, ChatMessage[]? messages = null, Func<OpenAIChatClientOptions, OpenAIChatClientOptions>? change = null)
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => "fine");
        using OpenAIChatClient client = server.Client(change);
        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(
            () => client.GetResponseAsync(messages ?? Hello, options, TestContext.Current.CancellationToken));
        Assert.Empty(server.Requests);
        return refusal.Message;
    }

    /// <summary>The response to one call that is answered with <paramref name="reply"/>.</summary>
    public static async Task<ChatResponse> ReplyAsync(LoopbackReply reply, ChatOptions? options = null)
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => reply);
        using OpenAIChatClient client = server.Client();
        return await client.GetResponseAsync(Hello, options, TestContext.Current.CancellationToken);
    }

    /// <summary>The failure of one call that is answered with <paramref name="reply"/>; the endpoint in its message is written as "SERVER".</summary>
    public static async Task<(ModelCallException Failure, string Message)> FailureAsync(
        LoopbackReply reply, Func<OpenAIChatClientOptions, OpenAIChatClientOptions>? change = null)
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => reply);
        using OpenAIChatClient client = server.Client(change);
        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(
            () => client.GetResponseAsync(Hello, null, TestContext.Current.CancellationToken));
        Assert.Single(server.Requests);
        return (failure, failure.Message.Replace(server.Endpoint.ToString(), "SERVER", StringComparison.Ordinal));
    }
}

/// <summary>Answers every request with the same event stream, and keeps the last body it was sent.</summary>
internal sealed class CannedHandler(string events, bool oneByteAtATime = false) : HttpMessageHandler
{
    public string? LastBody { get; private set; }

    public string? LastKey { get; private set; }

    public Uri? LastAddress { get; private set; }

    /// <summary>True once the reply's stream was closed, which is what closes a real connection.</summary>
    public bool IsReplyClosed { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        LastBody = await request.Content!.ReadAsStringAsync(cancellationToken);
        LastKey = request.Headers.Authorization?.Parameter;
        LastAddress = request.RequestUri;
        byte[] bytes = Encoding.UTF8.GetBytes(events);
        var content = new StreamContent(new ReplyStream(this, bytes, oneByteAtATime ? 1 : int.MaxValue));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/event-stream");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    /// <summary>Hands out few bytes per read: at one byte, every character of more than one byte is split.</summary>
    private sealed class ReplyStream(CannedHandler owner, byte[] bytes, int bytesPerRead) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(bytesPerRead, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(bytesPerRead, count));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            base.ReadAsync(buffer, offset, Math.Min(bytesPerRead, count), cancellationToken);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(bytesPerRead, buffer.Length)], cancellationToken);

        protected override void Dispose(bool disposing)
        {
            owner.IsReplyClosed = true;
            base.Dispose(disposing);
        }
    }
}
