using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Chat;

public sealed class OnnxChatClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetResponse_ReplyThatEnds_HasTextUsageAndIdentity()
    {
        var clock = new ManualTimeProvider();
        using FakeEngine engine = FakeChat.Says("Good evening.");
        using OnnxChatClient client = FakeChat.Client(engine, timeProvider: clock);
        ChatResponse response = await client.GetResponseAsync([FakeChat.User("Hello.")], new ChatOptions { Seed = 5 }, Token);
        Assert.Equal("Good evening.", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal("fake", response.ModelId);
        Assert.Equal(clock.GetUtcNow(), response.CreatedAt);
        int output = FakeChat.Tokenizer.CountTokens("Good evening.") + 1;
        int input = engine.Requests.Single().PromptIds.Length;
        Assert.Equal((input, 0, output, input + output), (response.Usage!.InputTokenCount, response.Usage.CachedInputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount));
        Assert.Equal("stop_token", response.AdditionalProperties!["longwriter.end"]);
        Assert.Equal(5L, response.AdditionalProperties["longwriter.seed"]);
        Assert.Equal("<|im_start|>user\nHello.<|im_end|>\n<|im_start|>assistant\n", FakeChat.Tokenizer.Decode(engine.Requests.Single().PromptIds.Span));
        Assert.Equal([0, 2], engine.Requests.Single().StopIds);
    }

    [Fact]
    public async Task GetResponse_Instructions_AreTheFirstMessage()
    {
        using FakeEngine engine = FakeChat.Says("x");
        using OnnxChatClient client = FakeChat.Client(engine);
        await client.GetResponseAsync([FakeChat.User("Hello.")], new ChatOptions { Instructions = "Be brief." }, Token);
        Assert.StartsWith("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n", FakeChat.Tokenizer.Decode(engine.Requests.Single().PromptIds.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_LimitWithinTheContext_EndsWithLength()
    {
        ChatResponse response = await EndlessAsync(contextTokens: 2048, maxOutputTokens: 5);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal("max_output_tokens", response.AdditionalProperties!["longwriter.end"]);
        Assert.False(response.AdditionalProperties.ContainsKey("longwriter.max_output_tokens_clamped_to"));
    }

    [Fact]
    public async Task GetResponse_LimitAboveWhatTheContextLeaves_IsClampedAndSaysSo()
    {
        ChatResponse response = await EndlessAsync(contextTokens: 32, maxOutputTokens: 1000);
        Assert.Equal(new ChatFinishReason("context_limit"), response.FinishReason);
        Assert.Equal("context_limit", response.AdditionalProperties!["longwriter.end"]);
        Assert.Equal(32L, response.Usage!.TotalTokenCount);
        Assert.Equal((int)response.Usage.OutputTokenCount!, response.AdditionalProperties["longwriter.max_output_tokens_clamped_to"]);
    }

    [Fact]
    public async Task GetResponse_LimitAboveTheContextWithASlidingWindow_IsGivenAsAsked()
    {
        ChatResponse response = await EndlessAsync(contextTokens: 32, maxOutputTokens: 1000, slidesWindow: true);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(1000L, response.Usage!.OutputTokenCount);
        Assert.False(response.AdditionalProperties!.ContainsKey("longwriter.max_output_tokens_clamped_to"));
        Assert.Equal((int)response.Usage.TotalTokenCount! - 32, response.AdditionalProperties["longwriter.dropped_tokens"]);
    }

    [Fact]
    public async Task GetResponse_NoLimitWithASlidingWindow_EndsWhereTheContextDoes()
    {
        ChatResponse response = await EndlessAsync(contextTokens: 32, maxOutputTokens: null, slidesWindow: true);
        Assert.Equal(new ChatFinishReason("context_limit"), response.FinishReason);
        Assert.False(response.AdditionalProperties!.ContainsKey("longwriter.dropped_tokens"));
    }

    [Fact]
    public async Task GetResponse_NoLimit_EndsWhereTheContextDoes()
    {
        ChatResponse response = await EndlessAsync(contextTokens: 32, maxOutputTokens: null);
        Assert.Equal(new ChatFinishReason("context_limit"), response.FinishReason);
        Assert.False(response.AdditionalProperties!.ContainsKey("longwriter.max_output_tokens_clamped_to"));
    }

    [Fact]
    public async Task GetResponse_PromptThatFillsTheContext_ThrowsWithNumbers()
    {
        using var engine = new FakeEngine(FakeChat.Draw) { ContextTokens = 10 };
        using OnnxChatClient client = FakeChat.Client(engine);
        ContextBudgetException refusal = await Assert.ThrowsAsync<ContextBudgetException>(
            () => client.GetResponseAsync([FakeChat.User("One two three four five six seven eight nine ten.")], null, Token));
        Assert.Equal(10, refusal.AvailableTokens);
        Assert.Equal($"The prompt must leave room for a token in the context of 10 tokens but has {refusal.RequiredTokens - 1}.", refusal.Message);
        Assert.Empty(engine.Requests);
    }

    [Fact]
    public async Task GetResponse_CharacterCutByTheLimit_IsLeftOut()
    {
        using var engine = new FakeEngine(_ => FakeChat.ByteIds("ok 字"));
        using OnnxChatClient client = FakeChat.Client(engine);
        ChatResponse response = await client.GetResponseAsync([FakeChat.User("x")], new ChatOptions { MaxOutputTokens = 5 }, Token);
        Assert.Equal("ok ", response.Text);
    }

    [Fact]
    public async Task GetResponse_LimitInsideAStopStringBegun_GivesTheTextBack()
    {
        using var engine = new FakeEngine(_ => FakeChat.ByteIds("one STOP"));
        using OnnxChatClient client = FakeChat.Client(engine);
        ChatResponse response = await client.GetResponseAsync([FakeChat.User("x")], new ChatOptions { MaxOutputTokens = 6, StopSequences = ["STOP"] }, Token);
        Assert.Equal("one ST", response.Text);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
    }

    [Fact]
    public async Task GetResponse_SpecialTokenGenerated_LeavesNoText()
    {
        using var engine = new FakeEngine(_ => [.. FakeChat.ByteIds("a"), 3, .. FakeChat.ByteIds("b"), 2]);
        using OnnxChatClient client = FakeChat.Client(engine);
        Assert.Equal("ab", (await client.GetResponseAsync([FakeChat.User("x")], null, Token)).Text);
    }

    [Fact]
    public async Task GetResponse_NextTurn_FindsAllOfTheLastOneCached()
    {
        // Byte by byte: the tokenizer would choose other ids, which nothing kept would fit.
        using var engine = new FakeEngine(_ => [.. FakeChat.ByteIds("Once upon a time, 字 and 😀."), 2]);
        using OnnxChatClient client = FakeChat.Client(engine);
        List<ChatMessage> history = [FakeChat.User("Tell me.")];
        long known = 0;
        for (int turn = 0; turn < 5; turn++)
        {
            ChatResponse response = await client.GetResponseAsync(history, null, Token);
            Assert.Equal(turn == 0 ? 0 : known, response.Usage!.CachedInputTokenCount);
            known = response.Usage.TotalTokenCount!.Value;
            history.AddRange([.. response.Messages, FakeChat.User("Go on.")]);
        }
    }

    [Fact]
    public async Task GetResponse_LastReplyTrimmedByTheCaller_FindsWhatWasKept()
    {
        using var engine = new FakeEngine(_ => [.. FakeChat.ByteIds("A whole sentence. And a ha"), 2]);
        using OnnxChatClient client = FakeChat.Client(engine);
        ChatResponse first = await client.GetResponseAsync([FakeChat.User("Tell me.")], null, Token);
        ChatResponse second = await client.GetResponseAsync([FakeChat.User("Tell me."), FakeChat.Assistant("A whole sentence."), FakeChat.User("Go on.")], null, Token);
        Assert.Equal(first.Usage!.InputTokenCount + "A whole sentence.".Length, second.Usage!.CachedInputTokenCount);
    }

    [Fact]
    public async Task GetResponse_AfterAnAbandonedReply_FindsWhatWasSeen()
    {
        using var engine = new FakeEngine(_ => Enumerable.Repeat(FakeChat.ByteIds("ha ")[0], int.MaxValue));
        using OnnxChatClient client = FakeChat.Client(engine);
        string seen = "";
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([FakeChat.User("Laugh.")], null, Token))
        {
            seen += update.Text;
            if (seen.Length == 20)
            {
                break;
            }
        }

        ChatResponse next = await client.GetResponseAsync([FakeChat.User("Laugh."), FakeChat.Assistant(seen), FakeChat.User("x")], new ChatOptions { MaxOutputTokens = 1 }, Token);
        Assert.Equal(engine.Requests[0].PromptIds.Length + 20, next.Usage!.CachedInputTokenCount);
    }

    [Fact]
    public async Task GetResponse_NoSeed_DrawsFromTheClientsSequence()
    {
        string[] first = await RepliesAsync(seed: 1);
        Assert.Equal(first, await RepliesAsync(seed: 1));
        Assert.NotEqual(first, await RepliesAsync(seed: 2));
        Assert.Equal(3, first.Distinct().Count());

        static async Task<string[]> RepliesAsync(long seed)
        {
            using var engine = new FakeEngine(FakeChat.Draw);
            using OnnxChatClient client = FakeChat.Client(engine, seed: seed);
            var replies = new string[3];
            for (int i = 0; i < replies.Length; i++)
            {
                replies[i] = (await client.GetResponseAsync([FakeChat.User("x")], null, Token)).Text;
            }

            return replies;
        }
    }

    [Fact]
    public async Task GetResponse_SeedThatAReplyNames_GivesItAgain()
    {
        using var engine = new FakeEngine(FakeChat.Draw);
        using OnnxChatClient client = FakeChat.Client(engine);
        ChatResponse first = await client.GetResponseAsync([FakeChat.User("x")], null, Token);
        ChatResponse again = await client.GetResponseAsync([FakeChat.User("x")], new ChatOptions { Seed = (long)first.AdditionalProperties!["longwriter.seed"]! }, Token);
        Assert.Equal(first.Text, again.Text);
    }

    [Fact]
    public async Task GetResponse_UnsupportedContent_IsNamed()
    {
        using FakeEngine engine = FakeChat.Says("x");
        using OnnxChatClient client = FakeChat.Client(engine);
        ChatMessage[] messages =
        [
            new(ChatRole.User, [new TextContent("a"), new UriContent("http://localhost/a.png", "image/png")]),
            new(ChatRole.Assistant, [new TextReasoningContent("hm"), new TextContent("b"), new UsageContent(new UsageDetails())]),
            new(ChatRole.Tool, [new FunctionResultContent("1", "r")]),
        ];
        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync(messages, null, Token));
        Assert.Equal(
            "Message 0 holds UriContent, which is not supported by OnnxChatClient: text alone. Message 2 has the role tool, which is not supported by OnnxChatClient. "
            + "Message 2 holds FunctionResultContent, which is not supported by OnnxChatClient: text alone.",
            refusal.Message);
        ArgumentException none = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([], null, Token));
        Assert.Equal("There must be at least one message but there is none. (Parameter 'messages')", none.Message);
    }

    [Fact]
    public async Task GetResponse_EngineThatFails_PassesTheFailureOn()
    {
        using var engine = new FakeEngine(_ => throw new InvalidOperationException("broken"));
        using OnnxChatClient client = FakeChat.Client(engine);
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync([FakeChat.User("x")], null, Token))).Message);
    }

    [Fact]
    public async Task Dispose_WhileAReplyIsWritten_EndsItAndTheEngine()
    {
        using var engine = new FakeEngine(_ => Enumerable.Repeat(100, int.MaxValue)) { ContextTokens = int.MaxValue };
        OnnxChatClient client = FakeChat.Client(engine);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync([FakeChat.User("x")], null, Token))
            {
                client.Dispose();
            }
        });
        Assert.True(engine.IsDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync([FakeChat.User("x")], null, Token));
    }

    [Fact]
    public async Task GetService_TextCapabilities_CountAndScore()
    {
        using FakeEngine engine = FakeChat.Says("x");
        using OnnxChatClient client = FakeChat.Client(engine);
        ITokenCounter counter = client.GetService<ITokenCounter>()!;
        Assert.Equal(2048, counter.ContextWindowTokens);
        Assert.Equal(FakeChat.Tokenizer.Encode("a<|im_end|>", parseSpecialTokens: false).Count, counter.CountTokens("a<|im_end|>"));
        ITokenLogProbabilities scorer = client.GetService<ITokenLogProbabilities>()!;
        IReadOnlyList<TokenLogProbability> tokens = await scorer.GetLogProbabilitiesAsync("Good evening 😀", Token);
        Assert.Equal("Good evening 😀", string.Concat(tokens.Select(token => token.Text)));
        Assert.Null(tokens[0].LogProbability);
        Assert.Equal(-tokens[1].Id / 1000f, tokens[1].LogProbability!.Value, 1e-6);
        Assert.Empty(await scorer.GetLogProbabilitiesAsync("", Token));
    }

    [Fact]
    public void Constructor_TokenizerWithMoreIdsThanTheModel_IsRefused()
    {
        using var engine = new FakeEngine(FakeChat.Draw) { VocabSize = 100 };
        Assert.Equal(
            "tokenizer.json: expected ids below the model's vocabulary of 100, found 4095.",
            Assert.Throws<LongWriter.Onnx.Model.ModelFormatException>(() => FakeChat.Client(engine)).Message);
    }

    [Fact]
    public void Constructor_DefaultsOutOfRange_AreRefused()
    {
        using FakeEngine engine = FakeChat.Says("x");
        Assert.Equal(
            "Temperature must be in [0, 2] but is 9. MaxOutputTokens must be 1 or more but is 0. (Parameter 'options')",
            Assert.Throws<ArgumentException>(() => FakeChat.Client(engine, new LongWriter.Onnx.Chat.OnnxRequestOptions { Temperature = 9, MaxOutputTokens = 0 })).Message);
    }

    private static async Task<ChatResponse> EndlessAsync(int contextTokens, int? maxOutputTokens, bool slidesWindow = false)
    {
        using var engine = new FakeEngine(_ => Enumerable.Repeat(300, int.MaxValue)) { ContextTokens = contextTokens, SlidesWindow = slidesWindow };
        using OnnxChatClient client = FakeChat.Client(engine);
        return await client.GetResponseAsync([FakeChat.User("x")], new ChatOptions { MaxOutputTokens = maxOutputTokens }, Token);
    }
}
