using System.Net;
using System.Text;
using System.Text.Json;
using LongWriter.Testing;

namespace LongWriter.OpenAI.Tests;

/// <summary>What the loopback server does that this library's client never asks for.</summary>
public sealed class LoopbackOpenAIServerTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task Models_AreListed()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => new LoopbackReply(), ["a", "b"]);
        JsonElement list = JsonDocument.Parse(await Http.GetStringAsync(new Uri($"{server.Endpoint}/models"), TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(["a", "b"], list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Completion_NotStreamed_IsOneObject()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(
            _ => new LoopbackReply { Text = "two words", FinishReason = "length", Reasoning = "hm" });
        const string Body = """
            {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"one two three"}]}],
             "stop":"END","seed":7,"temperature":0.25,"max_tokens":9,"response_format":{"type":"json_object"}}
            """;
        (HttpStatusCode status, JsonElement reply) = await PostAsync(server, "/chat/completions", Body);
        Assert.Equal(HttpStatusCode.OK, status);
        JsonElement choice = reply.GetProperty("choices")[0];
        Assert.Equal("two words", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("hm", choice.GetProperty("message").GetProperty("reasoning_content").GetString());
        Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
        Assert.Equal((3, 2), (reply.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), reply.GetProperty("usage").GetProperty("completion_tokens").GetInt32()));

        LoopbackRequest request = server.Requests.Single();
        Assert.Equal("one two three", request.LastText);
        Assert.Equal(["END"], request.Stop);
        Assert.Equal((7L, 0.25, 9, "json_object"), (request.Seed!.Value, request.Temperature!.Value, request.MaxTokens!.Value, request.ResponseFormat));
        Assert.False(request.IsStreaming);
        Assert.False(request.WantsUsage);
    }

    [Fact]
    public async Task Attempts_OfTheSameBody_AreCounted()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(request => $"{request.Attempt}");
        const string First = """{"model":"m","messages":[{"role":"user","content":"a"}]}""";
        await PostAsync(server, "/chat/completions", First);
        await PostAsync(server, "/chat/completions", First.Replace("\"a\"", "\"b\"", StringComparison.Ordinal));
        await PostAsync(server, "/chat/completions", First);
        Assert.Equal([1, 1, 2], server.Requests.Select(request => request.Attempt));
        Assert.Equal([0, 1, 2], server.Requests.Select(request => request.Number));
    }

    [Fact]
    public async Task Path_Unknown_Is404()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => "fine");
        (HttpStatusCode status, JsonElement reply) = await PostAsync(server, "/embeddings", "{}");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("There is no POST /v1/embeddings.", reply.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Script_ThatThrows_IsAnswered500()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync((Func<LoopbackRequest, string>)(_ => throw new InvalidOperationException("no script")));
        (HttpStatusCode status, JsonElement reply) = await PostAsync(server, "/chat/completions", """{"model":"m","messages":[]}""");
        Assert.Equal(HttpStatusCode.InternalServerError, status);
        Assert.Equal("The script failed: no script", reply.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task Dispose_WithAReplyHeldBack_DoesNotWaitForIt()
    {
        var reached = new TaskCompletionSource();
        LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => new LoopbackReply
        {
            Text = "x",
            BeforeEvent = _ =>
            {
                reached.TrySetResult();
                return Task.Delay(Timeout.Infinite);
            },
        });
        using OpenAIChatClient client = server.Client();
        Task call = client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken);
        await reached.Task;
        await server.DisposeAsync();
        await Assert.ThrowsAsync<ModelCallException>(() => call);
        Assert.Equal(0, server.ClientsLeft);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Reply)> PostAsync(LoopbackOpenAIServer server, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Http.PostAsync(new Uri(server.Endpoint + path), content, TestContext.Current.CancellationToken);
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonDocument.Parse(body).RootElement);
    }
}
