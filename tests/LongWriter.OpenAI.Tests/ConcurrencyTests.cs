using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.OpenAI.Tests;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Calls_InParallel_GetWhatTheyGetOneByOne()
    {
        const int Count = 24;
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(
            request => string.Concat(Enumerable.Repeat($"{request.LastText} at {request.Temperature}; ", 20)));
        using OpenAIChatClient client = server.Client();

        List<string> serial = [];
        for (int call = 0; call < Count; call++)
        {
            serial.Add(await AskAsync(client, call));
        }

        string[] parallel = await Task.WhenAll(Enumerable.Range(0, Count).Select(call => AskAsync(client, call)));
        Assert.Equal(serial, parallel);
        Assert.Equal(Count, serial.Distinct().Count());
    }

    [Fact]
    public async Task Stream_EnumeratedTwice_CallsTwice()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(request => $"reply {request.Number}");
        using OpenAIChatClient client = server.Client();
        IAsyncEnumerable<ChatResponseUpdate> stream = client.GetStreamingResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken);
        Assert.Equal("reply 0", (await stream.ToChatResponseAsync(TestContext.Current.CancellationToken)).Text);
        Assert.Equal("reply 1", (await stream.ToChatResponseAsync(TestContext.Current.CancellationToken)).Text);
    }

    [Fact]
    public async Task Dispose_LeavesTheClientUsable()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => "fine");
        OpenAIChatClient client = server.Client();
        client.Dispose();
        Assert.Equal("fine", (await client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken)).Text);
    }

    private static async Task<string> AskAsync(OpenAIChatClient client, int call)
    {
        var options = new ChatOptions { Temperature = call / 16f };
        return (await client.GetResponseAsync([new(ChatRole.User, $"question {call}")], options, TestContext.Current.CancellationToken)).Text;
    }
}
