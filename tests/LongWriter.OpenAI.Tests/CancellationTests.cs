using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.OpenAI.Tests;

/// <summary>A caller that leaves is not told of failures, and the server learns of it.</summary>
public sealed class CancellationTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Cancel_BeforeTheCall_SendsNothing()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => "fine");
        using OpenAIChatClient client = server.Client();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.GetResponseAsync(Calls.Hello, null, new CancellationToken(canceled: true)));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Cancel_WhileTheServerIsSilent_ThrowsAndTheServerSeesTheClientLeave()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(
            _ => new LoopbackReply { Text = "first", Fault = LoopbackFault.NeverEnd });
        using OpenAIChatClient client = server.Client();
        using var cancel = new CancellationTokenSource();
        List<ChatResponseUpdate> updates = [];
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Calls.Hello, null, cancel.Token))
            {
                updates.Add(update);
                await cancel.CancelAsync();
            }
        });
        Assert.True(cancel.Token.IsCancellationRequested);
        Assert.IsNotType<ModelCallException>(cancelled.InnerException);
        Assert.Equal("first", Assert.Single(updates).Text);
        await server.Requests[0].ClientLeft.WaitAsync(LongEnough, TestContext.Current.CancellationToken);
        Assert.Equal(1, server.ClientsLeft);
    }

    [Fact]
    public async Task Cancel_DuringARead_ThrowsAndTheServerSeesTheClientLeave()
    {
        var reached = new TaskCompletionSource();
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => new LoopbackReply
        {
            Text = "never sent",
            BeforeEvent = _ =>
            {
                reached.TrySetResult();
                return Task.Delay(Timeout.Infinite);
            },
        });
        using OpenAIChatClient client = server.Client();
        using var cancel = new CancellationTokenSource();
        Task<ChatResponse> call = client.GetResponseAsync(Calls.Hello, null, cancel.Token);
        await reached.Task.WaitAsync(LongEnough, TestContext.Current.CancellationToken);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await server.Requests[0].ClientLeft.WaitAsync(LongEnough, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Abandon_AfterTheFirstPiece_TellsTheServer()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(
            _ => new LoopbackReply { Text = "first", Fault = LoopbackFault.NeverEnd });
        using OpenAIChatClient client = server.Client();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken))
        {
            Assert.Equal("first", update.Text);
            break;
        }

        await server.Requests[0].ClientLeft.WaitAsync(LongEnough, TestContext.Current.CancellationToken);
        Assert.Equal(1, server.ClientsLeft);
    }

    [Fact]
    public async Task Abandon_AfterTheFirstPiece_ClosesTheReplyAtOnce()
    {
        // Against a real server a missing close would pass once the garbage collector gets to the connection; here it does not.
        var handler = new CannedHandler("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"first\"}}]}\n\ndata: {}\n\n");
        using OpenAIChatClient client = Calls.OpenAIClient(handler);
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken))
        {
            Assert.Equal("first", update.Text);
            Assert.False(handler.IsReplyClosed);
            break;
        }

        Assert.True(handler.IsReplyClosed);
    }

    [Fact]
    public async Task Abandon_OfAModelThatNeverStops_TellsTheServer()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => new LoopbackReply { Chunks = Enumerable.Repeat("again ", int.MaxValue) });
        using OpenAIChatClient client = server.Client();
        int pieces = 0;
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken))
        {
            Assert.Equal("again ", update.Text);
            if (++pieces == 100)
            {
                break;
            }
        }

        await server.Requests[0].ClientLeft.WaitAsync(LongEnough, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Reply_ReadToItsEnd_IsNoLeaving()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => "fine");
        using OpenAIChatClient client = server.Client();
        for (int call = 0; call < 5; call++)
        {
            await client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, server.ClientsLeft);
    }

    [Fact]
    public async Task Stream_HeldBackByTheServer_ArrivesPieceByPiece()
    {
        var gates = Enumerable.Range(0, 5).Select(_ => new TaskCompletionSource()).ToArray();
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(
            _ => new LoopbackReply { Text = "abcdef", ChunkChars = 2, BeforeEvent = place => place < 5 ? gates[place].Task : Task.CompletedTask });
        using OpenAIChatClient client = server.Client();
        await using IAsyncEnumerator<ChatResponseUpdate> updates =
            client.GetStreamingResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        foreach ((int place, string piece) in new[] { (0, "ab"), (1, "cd"), (2, "ef") })
        {
            ValueTask<bool> next = updates.MoveNextAsync();
            Assert.False(next.IsCompleted);
            gates[place].SetResult();
            Assert.True(await next);
            Assert.Equal(piece, updates.Current.Text);
        }

        gates[3].SetResult();
        gates[4].SetResult();
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal(ChatFinishReason.Stop, updates.Current.FinishReason);
        Assert.False(await updates.MoveNextAsync());
    }
}
