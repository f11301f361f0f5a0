using LongWriter.Onnx.Chat.Length;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Chat.Length;

/// <summary>The window on its way through the client.</summary>
public sealed class LengthWindowChatTests
{
    private const string Text = "One two three four. Five six seven eight. Nine ten eleven twelve. And this is the end.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetResponse_WindowInsideTheReply_EndsItAtASentence()
    {
        ChatResponse response = await RespondAsync(new LengthWindow(5, 8, 12, WordCounter.Unicode));
        Assert.Equal("One two three four. Five six seven eight.", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal("length_window", response.AdditionalProperties!["longwriter.end"]);
    }

    [Fact]
    public async Task GetResponse_SentenceThatDoesNotEnd_IsCutAsLength()
    {
        using FakeEngine engine = FakeChat.Says(string.Concat(Enumerable.Repeat(" and on", 200)));
        using OnnxChatClient client = FakeChat.Client(engine);
        ChatResponse response = await client.GetResponseAsync([FakeChat.User("hi")], Limit(client, new ChatOptions(), new LengthWindow(0, 8, 12, WordCounter.Unicode)), Token);
        Assert.Equal(12 + LengthGuide.OverrunWords, WordCounter.Unicode.Count(response.Text));
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal("length_window_overrun", response.AdditionalProperties!["longwriter.end"]);
    }

    [Fact]
    public async Task GetResponse_StopSequenceBeforeTheWindow_StillStops()
    {
        ChatResponse response = await RespondAsync(new LengthWindow(8, 8, 12, WordCounter.Unicode), new ChatOptions { StopSequences = ["three"] });
        Assert.Equal("One two ", response.Text);
        Assert.Equal("stop_sequence", response.AdditionalProperties!["longwriter.end"]);
    }

    [Fact]
    public async Task GetResponse_OutputLimitBeforeTheWindow_IsLength()
    {
        ChatResponse response = await RespondAsync(new LengthWindow(8, 8, 12, WordCounter.Unicode), new ChatOptions { MaxOutputTokens = 3 });
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal("max_output_tokens", response.AdditionalProperties!["longwriter.end"]);
    }

    [Fact]
    public async Task GetResponse_WithoutWindow_HasNoLogitsProcessor()
    {
        using FakeEngine engine = FakeChat.Says(Text);
        using OnnxChatClient client = FakeChat.Client(engine);
        ChatResponse response = await client.GetResponseAsync([FakeChat.User("hi")], null, Token);
        Assert.Equal(Text, response.Text);
        Assert.Null(engine.Requests[0].LogitsProcessor);
    }

    [Fact]
    public void Limit_Options_AreClonedAndTheirWindowReplaced()
    {
        using OnnxChatClient client = FakeChat.Client(FakeChat.Says("x"));
        var options = new ChatOptions { Temperature = 0.5f, AdditionalProperties = new() { ["min_p"] = 0.1 } };
        ChatOptions first = Limit(client, options, new LengthWindow(1, 2, 3, WordCounter.Unicode));
        ChatOptions second = Limit(client, first, new LengthWindow(4, 5, 6, WordCounter.Compatible));
        Assert.Equal(["min_p"], options.AdditionalProperties.Keys);
        Assert.Equal("1 to 3 words, best 2, by unicode", first.AdditionalProperties!["longwriter.length_window"]!.ToString());
        Assert.Equal("4 to 6 words, best 5, by compatible", second.AdditionalProperties!["longwriter.length_window"]!.ToString());
        Assert.Equal((0.5f, 0.1), (second.Temperature!.Value, (double)second.AdditionalProperties["min_p"]!));
    }

    private static async Task<ChatResponse> RespondAsync(LengthWindow window, ChatOptions? options = null)
    {
        using FakeEngine engine = FakeChat.Says(Text);
        using OnnxChatClient client = FakeChat.Client(engine);
        return await client.GetResponseAsync([FakeChat.User("hi")], Limit(client, options ?? new ChatOptions(), window), Token);
    }

    private static ChatOptions Limit(OnnxChatClient client, ChatOptions options, LengthWindow window) =>
        client.GetService<ILengthWindow>()!.Limit(options, window);
}
