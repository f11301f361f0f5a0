using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.OpenAI.Tests;

/// <summary>What a good reply becomes.</summary>
public sealed class ReplyTests
{
    [Fact]
    public async Task Reply_Text_ArrivesInPiecesAndWhole()
    {
        const string Text = "It was a dark and stormy night; the rain fell in torrents.";
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => Text);
        using OpenAIChatClient client = server.Client();
        List<ChatResponseUpdate> updates = await CollectAsync(client);
        Assert.Equal(9, updates.Count(update => update.Text.Length > 0));
        Assert.Equal("It was ", updates[0].Text);
        Assert.Equal(Text, string.Concat(updates.Select(update => update.Text)));
        Assert.All(updates, update => Assert.Equal("chatcmpl-0", update.ResponseId));
        Assert.All(updates, update => Assert.Equal(ChatRole.Assistant, update.Role));
    }

    [Fact]
    public async Task Reply_FinishReason_IsOnTheLastUpdateAlone()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => "a text of some length");
        using OpenAIChatClient client = server.Client();
        List<ChatResponseUpdate> updates = await CollectAsync(client);
        Assert.All(updates.SkipLast(1), update => Assert.Null(update.FinishReason));
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
        Assert.Single(updates.SelectMany(update => update.Contents).OfType<UsageContent>());
    }

    [Fact]
    public async Task Reply_Folded_KnowsModelIdAndTime()
    {
        ChatResponse response = await Calls.ReplyAsync(LoopbackReply.Write("fine"));
        Assert.Equal("fine", response.Text);
        Assert.Equal(Calls.Model, response.ModelId);
        Assert.Equal("chatcmpl-0", response.ResponseId);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), response.CreatedAt);
        Assert.Single(response.Messages);
    }

    [Fact]
    public async Task Reply_Update_KeepsTheEventAsRawRepresentation()
    {
        const string Event = """{"id":"x","choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}],"novel":[1]}""";
        using OpenAIChatClient client = Calls.OpenAIClient(new CannedHandler($"data: {Event}\n\ndata: [DONE]\n\n"));
        List<ChatResponseUpdate> updates = await CollectAsync(client);
        Assert.Equal(Event, updates[0].RawRepresentation);
    }

    [Theory]
    [InlineData("stop", "stop")]
    [InlineData("length", "length")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("tool_calls", "tool_calls")]
    [InlineData("function_call", "tool_calls")]
    [InlineData("abort", "abort")]
    public async Task FinishReason_OfTheServer_IsKept(string sent, string expected)
    {
        ChatResponse response = await Calls.ReplyAsync(new() { Text = "text", FinishReason = sent });
        Assert.Equal(new ChatFinishReason(expected), response.FinishReason);
    }

    [Fact]
    public async Task FinishReason_NoneButDone_IsUnknown() =>
        Assert.Null((await Calls.ReplyAsync(new() { Text = "text", FinishReason = null })).FinishReason);

    [Fact]
    public async Task FinishReason_WithoutDone_IsComplete()
    {
        ChatResponse response = await Calls.ReplyAsync(new() { RawEvents = ["""{"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}"""] });
        Assert.Equal("hi", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task Usage_EachCount_IsMapped()
    {
        ChatResponse response = await Calls.ReplyAsync(new() { Text = "text", Usage = new(Input: 100, Output: 40, CachedInput: 64, Reasoning: 25) });
        Assert.Equal(100, response.Usage?.InputTokenCount);
        Assert.Equal(64, response.Usage?.CachedInputTokenCount);
        Assert.Equal(40, response.Usage?.OutputTokenCount);
        Assert.Equal(25, response.Usage?.ReasoningTokenCount);
        Assert.Equal(140, response.Usage?.TotalTokenCount);
    }

    [Fact]
    public async Task Usage_InEveryEvent_CountsOnce()
    {
        ChatResponse response = await Calls.ReplyAsync(new()
        {
            RawEvents =
            [
                """{"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":7,"completion_tokens":1,"prompt_tokens_details":null}}""",
                """{"choices":[{"index":0,"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}""",
                """{"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}""",
                "[DONE]",
            ],
        });
        Assert.Equal((7, 2), (response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount));
        Assert.Null(response.Usage?.CachedInputTokenCount);
        Assert.Null(response.Usage?.TotalTokenCount);
    }

    [Fact]
    public async Task Usage_NotSent_IsUnknown() => Assert.Null((await Calls.ReplyAsync(new() { RawEvents = ["[DONE]"] })).Usage);

    [Fact]
    public async Task Usage_OfSeveralCalls_Sums()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(
            request => new LoopbackReply { Text = "text", Usage = new(10 + request.Number, 5, 4, 1) });
        using OpenAIChatClient client = server.Client();
        var total = new UsageDetails();
        for (int call = 0; call < 3; call++)
        {
            total.Add((await client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken)).Usage!);
        }

        Assert.Equal((33L, 15L, 12L, 3L), (total.InputTokenCount, total.OutputTokenCount, total.CachedInputTokenCount, total.ReasoningTokenCount));
    }

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    public async Task Reasoning_UnderEitherName_IsNotText(string field)
    {
        ChatResponse response = await Calls.ReplyAsync(new() { Text = "text", Reasoning = "thinking", ReasoningField = field });
        Assert.Equal("text", response.Text);
        Assert.Equal("thinking", Assert.Single(response.Messages[0].Contents.OfType<TextReasoningContent>()).Text);
    }

    [Fact]
    public async Task Reasoning_UnderBothNames_ArrivesOnce()
    {
        ChatResponse response = await Calls.ReplyAsync(new()
        {
            RawEvents = ["""{"choices":[{"index":0,"delta":{"reasoning":"hm","reasoning_content":"hm"},"finish_reason":"stop"}]}"""],
        });
        Assert.Equal("hm", Assert.Single(response.Messages[0].Contents.OfType<TextReasoningContent>()).Text);
    }

    [Fact]
    public async Task Refusal_ArrivesAsTextWithAMark()
    {
        await using LoopbackOpenAIServer server = await LoopbackOpenAIServer.StartAsync(_ => new LoopbackReply { Refusal = "I cannot help with that." });
        using OpenAIChatClient client = server.Client();
        List<ChatResponseUpdate> updates = await CollectAsync(client);
        Assert.Equal("I cannot help with that.", string.Concat(updates.Select(update => update.Text)));
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
        Assert.Equal(true, updates[^1].AdditionalProperties?["refusal"]);
    }

    [Fact]
    public async Task Refusal_NotThere_LeavesNoMark()
    {
        ChatResponse response = await Calls.ReplyAsync(LoopbackReply.Write("text"));
        Assert.Null(response.AdditionalProperties);
        Assert.Null(response.Messages[0].AdditionalProperties);
    }

    [Fact]
    public async Task Reply_Empty_IsAnEmptyText()
    {
        ChatResponse response = await Calls.ReplyAsync(new());
        Assert.Equal(string.Empty, response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task Reply_EventsWithoutContent_AreSkipped()
    {
        ChatResponse response = await Calls.ReplyAsync(new()
        {
            RawEvents =
            [
                """{"id":"x","choices":[],"prompt_filter_results":[],"error":null}""",
                """{"id":"x","choices":[null,{"index":0,"delta":{"tool_calls":[null]}}]}""",
                """{"id":"x","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":""}]}""",
                """{"id":"x","choices":[{"index":1,"delta":{"content":"of another choice"},"finish_reason":null}]}""",
                """{"id":"x","choices":[{"index":0,"delta":{"content":"text"},"finish_reason":null}],"created":1e300}""",
                """{"id":"x","choices":[{"index":0,"delta":null,"finish_reason":"stop"}]}""",
                "[DONE]",
            ],
        });
        Assert.Equal("text", response.Text);
        Assert.Null(response.CreatedAt);
    }

    [Fact]
    public async Task Reply_MultiByteCharactersSplitByTheNetwork_AreWhole()
    {
        const string Text = "naïve 雨夜 👩‍👩‍👧 𝒳 конец";
        string stream = $$$"""data: {"choices":[{"index":0,"delta":{"content":"{{{Text}}}"},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n";
        using OpenAIChatClient client = Calls.OpenAIClient(new CannedHandler(stream, oneByteAtATime: true));
        ChatResponse response = await client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken);
        Assert.Equal(Text, response.Text);
    }

    [Fact]
    public async Task Reply_TextCutAtEveryCharacter_IsWhole()
    {
        const string Text = "雨夜 👩‍👩‍👧 𝒳";
        Assert.Equal(Text, (await Calls.ReplyAsync(new() { Text = Text, ChunkChars = 1 })).Text);
    }

    [Fact]
    public async Task ToolCalls_Streamed_ArriveWholeAtTheEnd()
    {
        ChatResponse response = await Calls.ReplyAsync(new()
        {
            FinishReason = "tool_calls",
            ToolCalls = [new("c1", "add", """{"left":1,"right":2}"""), new("c2", "now", string.Empty)],
        });
        FunctionCallContent[] calls = [.. response.Messages[0].Contents.OfType<FunctionCallContent>()];
        Assert.Equal(["c1 add", "c2 now"], calls.Select(call => $"{call.CallId} {call.Name}"));
        Assert.Equal("2", calls[0].Arguments?["right"]?.ToString());
        Assert.Empty(calls[1].Arguments!);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Fact]
    public async Task ToolCalls_WithoutNumbers_AreToldApartByTheirIds()
    {
        ChatResponse response = await Calls.ReplyAsync(new()
        {
            RawEvents =
            [
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"a\""}}]}}]}""",
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"arguments":":1}"}}]}}]}""",
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"id":"c2","function":{"name":"g","arguments":"{broken"}}]},"finish_reason":"tool_calls"}]}""",
            ],
        });
        FunctionCallContent[] calls = [.. response.Messages[0].Contents.OfType<FunctionCallContent>()];
        Assert.Equal(["c1 f", "c2 g"], calls.Select(call => $"{call.CallId} {call.Name}"));
        Assert.Equal("1", calls[0].Arguments?["a"]?.ToString());
        Assert.NotNull(calls[1].Exception);
    }

    private static async Task<List<ChatResponseUpdate>> CollectAsync(OpenAIChatClient client)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }
}
