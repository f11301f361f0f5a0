using LongWriter.Calling;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.Core.Tests.Calling;

public sealed class ModelCallerEndTests
{
    [Theory]
    [InlineData("stop", "Once upon a time.", EndCause.Stop)]
    [InlineData("STOP", "Once upon a time.", EndCause.Stop)]
    [InlineData("end_turn", "Once upon a time.", EndCause.Stop)]
    [InlineData("length", "Once upon", EndCause.Length)]
    [InlineData("max_tokens", "Once upon", EndCause.Length)]
    [InlineData("content_filter", "Once upon", EndCause.ContentFilter)]
    [InlineData("content_filter", "", EndCause.ContentFilter)]
    [InlineData("refusal", "", EndCause.Refusal)]
    [InlineData("context_limit", "Once upon", EndCause.ContextLimit)]
    [InlineData("context", "Once upon", EndCause.ContextLimit)]
    [InlineData("context_limit", "", EndCause.ContextLimit)]
    [InlineData("repetition", "Once once once", EndCause.Repetition)]
    [InlineData("stop", "", EndCause.Empty)]
    [InlineData("length", " \n ", EndCause.Empty)]
    [InlineData("stop", "I'm sorry, but I can't assist with that.", EndCause.Refusal)]
    [InlineData("length", "I'm sorry, but I can't assist with that.", EndCause.Length)]
    public async Task CallAsync_FinishReason_NamesTheEnd(string reason, string text, EndCause end)
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply(CallProbe.Text(text), CallProbe.Finish(reason)));

        CallResult result = CallProbe.Result(updates);
        string visible = string.IsNullOrWhiteSpace(text) ? "" : text;
        Assert.Equal(new CallResult(visible, end, new TokenUsage(0, 0, 0, 1), null, reason, 1, null), result);
    }

    [Theory]
    [InlineData("tool_calls", "The model asked for a tool instead of writing; no tool was offered.")]
    [InlineData("on_fire", "The finish reason must be stop, length, content_filter, context_limit or repetition but is on_fire.")]
    public async Task CallAsync_FinishReasonOfNoText_IsAnErrorAndTakesTheTextBack(string reason, string failure)
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply(CallProbe.Text("Let me look."), CallProbe.Finish(reason)));

        Assert.Equal(
            [
                new CallText("Let me look."),
                new CallRetracted(12, failure),
                new CallCompleted(new CallResult("", EndCause.Error, new TokenUsage(0, 0, 0, 1), null, reason, 1, failure)),
            ],
            updates);
    }

    [Fact]
    public async Task CallAsync_NoFinishReason_IsAStop()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply(CallProbe.Text("A tale.")));

        Assert.Equal(new CallResult("A tale.", EndCause.Stop, new TokenUsage(0, 0, 0, 1), null, null, 1, null), CallProbe.Result(updates));
    }

    [Fact]
    public async Task CallAsync_NoUpdates_IsEmpty()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply());

        CallUpdate only = Assert.Single(updates);
        Assert.Equal(EndCause.Empty, ((CallCompleted)only).Result.End);
    }

    [Theory]
    [InlineData(true, EndCause.Refusal)]
    [InlineData(false, EndCause.Stop)]
    public async Task CallAsync_RefusalProperty_DecidesTheEnd(bool refusal, EndCause end)
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply(
            new ChatResponseUpdate(ChatRole.Assistant, "No such scene.") { AdditionalProperties = new() { ["refusal"] = refusal } },
            CallProbe.Finish("stop")));

        Assert.Equal(end, CallProbe.Result(updates).End);
        Assert.Equal("No such scene.", CallProbe.Result(updates).Text);
    }

    [Fact]
    public async Task CallAsync_RefusalAsErrorContent_IsARefusal()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply(
            new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent("No.") { ErrorCode = "Refusal" }]), CallProbe.Finish("stop")));

        Assert.Equal(EndCause.Refusal, CallProbe.Result(updates).End);
    }

    [Fact]
    public async Task CallAsync_ErrorContentWithoutAnEnd_IsAnErrorAndNeverText()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply(
            CallProbe.Text("Half a"), new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent("Model crashed.") { ErrorCode = "E7" }])));

        CallResult result = CallProbe.Result(updates);
        Assert.Equal(("", EndCause.Error), (result.Text, result.End));
        Assert.Equal("The call failed after 1 try: The client reported an error (E7): Model crashed.", result.Failure);
    }

    [Fact]
    public async Task CallAsync_PromptTooLongForTheContext_IsAContextLimit()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync(
            (_, _) => CallProbe.Broken(new ContextBudgetException("The prompt needs 9000 tokens, there are 8192.", 9000, 8192)));

        Assert.Equal(
            new CallResult("", EndCause.ContextLimit, default, null, null, 1, "The call failed after 1 try: The prompt needs 9000 tokens, there are 8192."),
            CallProbe.Result(updates));
    }

    [Fact]
    public async Task CallAsync_ReasoningContentAndBlocks_AreNotText()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply(
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Secret plan.")]),
            CallProbe.Text("<thi"),
            CallProbe.Text("nk>more plan</think>\n\nThe"),
            CallProbe.Text(" tale."),
            CallProbe.Usage(5, 0, 40),
            CallProbe.Finish("stop")));

        Assert.Equal(
            [
                new CallText("The"),
                new CallText(" tale."),
                new CallCompleted(new CallResult("The tale.", EndCause.Stop, new TokenUsage(5, 0, 40, 1), null, "stop", 1, null)),
            ],
            updates);
    }

    [Fact]
    public async Task CallAsync_UnclosedReasoning_IsEmpty()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync(
            (_, _) => CallProbe.Reply(CallProbe.Text("<think>and on, and on"), CallProbe.Finish("length")));

        CallUpdate only = Assert.Single(updates);
        Assert.Equal(new CallResult("", EndCause.Empty, new TokenUsage(0, 0, 0, 1), null, "length", 1, null), ((CallCompleted)only).Result);
    }

    [Fact]
    public async Task CallAsync_ReplyThatStartsInsideReasoning_TakesItBack()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply(
            CallProbe.Text("Let me plan."), CallProbe.Text("</think>\nThe tale."), CallProbe.Finish("stop")));

        Assert.Equal(
            [new CallText("Let me plan."), new CallRetracted(12, "The text so far was reasoning."), new CallText("The tale.")],
            updates[..^1]);
    }

    [Fact]
    public async Task CallAsync_UsageAndModelId_AreReported()
    {
        List<CallUpdate> updates = await CallProbe.BothAsync((_, _) => CallProbe.Reply(
            new ChatResponseUpdate(ChatRole.Assistant, "Text.") { ModelId = "writer-9b" },
            CallProbe.Usage(100, 60, 7),
            CallProbe.Usage(1, 1, 2),
            CallProbe.Finish("stop")));

        Assert.Equal(
            new CallResult("Text.", EndCause.Stop, new TokenUsage(101, 61, 9, 1), "writer-9b", "stop", 1, null), CallProbe.Result(updates));
    }

    [Fact]
    public async Task CallAsync_ClientThatChangesOptions_DoesNotReachTheCallers()
    {
        var options = new ChatOptions { Temperature = 0.5f, StopSequences = ["END"], AdditionalProperties = new() { ["a"] = 1 } };
        using var client = new OptionsEatingClient();

        CallResult result = await CallProbe.Caller(client).CompleteAsync(CallProbe.Call with { Options = options }, TestContext.Current.CancellationToken);

        Assert.Equal((EndCause.Stop, 2), (result.End, result.Attempts));
        Assert.Equal((0.5f, 0.5f), (client.Temperatures[0], client.Temperatures[1]));
        Assert.Equal(0.5f, options.Temperature);
        Assert.Equal("END", Assert.Single(options.StopSequences));
        Assert.Equal("a", Assert.Single(options.AdditionalProperties).Key);
    }

    /// <summary>Overwrites the options it gets, and fails its first call.</summary>
    private sealed class OptionsEatingClient : IChatClient
    {
        public List<float?> Temperatures { get; } = [];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Temperatures.Add(options!.Temperature);
            options.Temperature = 2;
            options.StopSequences!.Clear();
            options.AdditionalProperties!["b"] = 2;
            return Temperatures.Count == 1 ? throw new IOException("Gone.") : ScriptedChatClient.Stream("Text.");
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
