using System.Text.Json;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.OpenAI.Tests;

public sealed class ChatMessageMappingTests
{
    [Fact]
    public async Task Messages_OfEachRole_ArriveInOrder()
    {
        LoopbackRequest request = await Calls.SentAsync(null, [
            new(ChatRole.System, "be brief"), new(ChatRole.User, "你好 😀 \"quoted\""), new(ChatRole.Assistant, "hi"), new(ChatRole.User, "go on")]);
        Assert.Equal(
            [new("system", "be brief"), new("user", "你好 😀 \"quoted\""), new("assistant", "hi"), new("user", "go on")],
            request.Messages);
    }

    [Fact]
    public async Task Message_WithSeveralTexts_ArrivesAsOne()
    {
        LoopbackRequest request = await Calls.SentAsync(null, [new(ChatRole.User, [new TextContent("one "), new TextContent("two")])]);
        Assert.Equal([new("user", "one two")], request.Messages);
    }

    [Fact]
    public async Task Message_WithAuthor_ArrivesWithName()
    {
        LoopbackRequest request = await Calls.SentAsync(null, [new(ChatRole.User, "hello") { AuthorName = "ann" }]);
        Assert.Equal("ann", request.Body.GetProperty("messages")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Message_ReasoningAndUsageOfAnEarlierReply_AreLeftOut()
    {
        LoopbackRequest request = await Calls.SentAsync(null, [
            new(ChatRole.Assistant, [new TextReasoningContent("thinking"), new TextContent("text"), new UsageContent(new())]), Calls.Hello[0]]);
        Assert.Equal([new("assistant", "text"), new("user", "hello")], request.Messages);
    }

    [Fact]
    public async Task Message_FunctionCallAndResult_AreSent()
    {
        var call = new FunctionCallContent("id1", "add", new Dictionary<string, object?> { ["left"] = 1, ["right"] = 2 });
        LoopbackRequest request = await Calls.SentAsync(null, [
            Calls.Hello[0], new(ChatRole.Assistant, [call]), new(ChatRole.Tool, [new FunctionResultContent("id1", 3)])]);
        JsonElement messages = request.Body.GetProperty("messages");
        JsonElement sent = messages[1].GetProperty("tool_calls")[0];
        Assert.Equal("id1", sent.GetProperty("id").GetString());
        Assert.Equal("add", sent.GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("""{"left":1,"right":2}""", sent.GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("id1", messages[2].GetProperty("tool_call_id").GetString());
        Assert.Equal(new("tool", "3"), request.Messages[2]);
    }

    [Fact]
    public async Task Message_WithAnImage_IsRefused() => Assert.Equal(
        "DataContent in a message of role 'user' is not supported by OpenAIChatClient.",
        await Calls.RefusedAsync(new(), [new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])]));

    [Fact]
    public async Task Message_OfUnknownRole_IsRefused() => Assert.Equal(
        "Role 'narrator' is not supported by OpenAIChatClient: system, user, assistant or tool.",
        await Calls.RefusedAsync(new(), [new(new ChatRole("narrator"), "once")]));

    [Fact]
    public void GetStreamingResponseAsync_MessagesNull_Throws()
    {
        using OpenAIChatClient client = Calls.OpenAIClient(new CannedHandler(string.Empty));
        Assert.Equal("messages", Assert.Throws<ArgumentNullException>(() => { client.GetStreamingResponseAsync(null!, null, TestContext.Current.CancellationToken); }).ParamName);
        Assert.Equal("messages", Assert.Throws<ArgumentNullException>(() => { _ = client.GetResponseAsync((IEnumerable<ChatMessage>)null!, null, TestContext.Current.CancellationToken); }).ParamName);
    }
}
