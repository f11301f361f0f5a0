using LongWriter.Testing;
using LongWriter.Writing;
using Microsoft.Extensions.AI;
using static LongWriter.Core.Tests.Writing.WriterRuns;

namespace LongWriter.Core.Tests.Writing;

public sealed class LongWriterChatClientTests
{
    private static readonly ChatMessage Ask = new(ChatRole.User, "Write a 2000-word story about a lighthouse.");

    public static TheoryData<string, ChatOptions> Refused { get; } = new()
    {
        { "Tools", new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] } },
        { "ToolMode", new ChatOptions { ToolMode = ChatToolMode.RequireAny } },
        { "StopSequences", new ChatOptions { StopSequences = ["x"] } },
        { "ResponseFormat", new ChatOptions { ResponseFormat = ChatResponseFormat.Json } },
        { "ConversationId", new ChatOptions { ConversationId = "c" } },
        { "MaxOutputTokens of 0 or less", new ChatOptions { MaxOutputTokens = 0 } },
    };

    [Fact]
    public async Task GetStreamingResponseAsync_Document_IsTheWholeReplyAndTheWriters()
    {
        using var inner = new ScriptedChatClient(WriterScript.Reply);
        using var client = new LongWriterChatClient(inner);
        WrittenDocument document = await new AgentWriter(inner).WriteAsync(new WritingRequest { Instruction = Ask.Text }, null, Stop);

        var updates = new List<ChatResponseUpdate>();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([Ask], null, Stop))
        {
            updates.Add(update);
        }

        ChatResponse whole = await client.GetResponseAsync([Ask], null, Stop);
        Assert.Equal(document.Text, string.Concat(updates.Select(update => update.Text)));
        Assert.Equal(document.Text, whole.Text);
        Assert.Equal(5, updates.Count);
        Assert.Single(updates.Select(update => update.ResponseId).Distinct());
        Assert.Equal(ChatFinishReason.Stop, whole.FinishReason);
        Assert.Equal((document.Usage.InputTokens, document.Usage.OutputTokens), (whole.Usage!.InputTokenCount, whole.Usage.OutputTokenCount));
        Assert.Equal("Stop", updates[^1].AdditionalProperties!["longwriter.end"]);
    }

    [Fact]
    public async Task GetResponseAsync_HistoryAndSystem_BecomeNotesAndStyle()
    {
        using var inner = new ScriptedChatClient(WriterScript.Reply);
        using var client = new LongWriterChatClient(inner);

        await client.GetResponseAsync(
            [new(ChatRole.System, "Be terse."), new(ChatRole.User, "Who is Anna?"), new(ChatRole.Assistant, "A keeper."), Ask],
            new ChatOptions { Instructions = "Use the present tense.", Seed = 9, Temperature = 0.3f, ModelId = "other" },
            Stop);

        string prompt = inner.Calls[0].LastText;
        Assert.Contains(Ask.Text + "\n\nStyle: Use the present tense.\nBe terse.", prompt, StringComparison.Ordinal);
        Assert.Contains("user: Who is Anna?\n\nassistant: A keeper.", prompt, StringComparison.Ordinal);
        Assert.All(inner.Calls, call => Assert.Equal((0.3f, "other"), (call.Options!.Temperature, call.Options.ModelId)));
        Assert.All(inner.Calls, call => Assert.Null(call.Options!.Instructions));
        Assert.Equal(9, inner.Calls[0].Options!.Seed);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task GetResponseAsync_OptionThatCannotBeHonoured_IsRefusedByName(string name, ChatOptions options)
    {
        using var inner = new ScriptedChatClient(WriterScript.Reply);
        using var client = new LongWriterChatClient(inner);

        var thrown = await Assert.ThrowsAsync<NotSupportedException>(() => client.GetResponseAsync([Ask], options, Stop));

        Assert.Equal($"{name} is not supported by LongWriterChatClient.", thrown.Message);
        Assert.Empty(inner.Calls);
    }

    [Fact]
    public async Task GetResponseAsync_NoUserMessage_SaysWhatIsMissing()
    {
        using var client = new LongWriterChatClient(new ScriptedChatClient(WriterScript.Reply));

        var thrown = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync([new(ChatRole.System, "Be terse.")], null, Stop));

        Assert.Equal("The messages must hold a user message with text: the instruction. (Parameter 'messages')", thrown.Message);
    }

    [Fact]
    public async Task GetResponseAsync_MaxOutputTokens_BeginsNoFurtherSection()
    {
        using var inner = new ScriptedChatClient(WriterScript.Reply);
        using var client = new LongWriterChatClient(inner);
        var options = new ChatOptions { MaxOutputTokens = 900 };

        ChatResponse response = await client.GetResponseAsync([Ask], options, Stop);

        Assert.Equal(1000, WordCounter.Unicode.Count(response.Text));
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(3, inner.Calls.Count);
        Assert.All(inner.Calls, call => Assert.Null(call.Options!.MaxOutputTokens));
        Assert.Equal(900, options.MaxOutputTokens);
    }

    [Fact]
    public async Task GetResponseAsync_SectionWrittenAgain_EmitsOnlyTheAcceptedText()
    {
        using var inner = Client(call => call.Number == 1 ? new PlayedReply("A first line.\nBlocked", "content_filter") : new PlayedReply(WriterScript.Reply(call)));
        using var client = new LongWriterChatClient(inner);

        ChatResponse response = await client.GetResponseAsync([Ask], null, Stop);

        Assert.DoesNotContain("Blocked", response.Text, StringComparison.Ordinal);
        Assert.Equal(2000, WordCounter.Unicode.Count(response.Text));
        Assert.Equal(60, response.Usage!.InputTokenCount);
    }

    [Theory]
    [InlineData("content_filter", "content_filter")]
    [InlineData("refusal", "refusal")]
    public async Task GetResponseAsync_SectionThatFails_NamesTheEnd(string finish, string expected)
    {
        using var inner = Client(call => call.Number == 0 ? new PlayedReply(WriterScript.Plan(2, 1000)) : new PlayedReply("No.", finish));
        using var client = new LongWriterChatClient(inner);

        ChatResponse response = await client.GetResponseAsync([Ask], null, Stop);

        Assert.Equal((expected, ""), (response.FinishReason!.Value.Value, response.Text));
    }

    [Fact]
    public async Task GetStreamingResponseAsync_Error_ThrowsAfterTheAcceptedSections()
    {
        using var inner = Client(call => call.Number < 2 ? new PlayedReply(WriterScript.Reply(call)) : new PlayedReply("", "throw"));
        using var client = new LongWriterChatClient(inner);
        string text = "";

        var thrown = await Assert.ThrowsAsync<ModelCallException>(async () =>
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync([Ask], null, Stop))
            {
                text += update.Text;
            }
        });

        Assert.Equal("Section 2 could not be written. The call failed after 1 try: The line is down.", thrown.Message);
        Assert.Equal(WriterScript.Prose(1, 500), text);
    }

    [Fact]
    public async Task GetResponseAsync_OptionsAndWriterOptions_AreNotChanged()
    {
        var own = new ChatOptions { Temperature = 1, AdditionalProperties = new AdditionalPropertiesDictionary { ["a"] = 1 } };
        var asked = new ChatOptions { TopP = 0.5f, AdditionalProperties = new AdditionalPropertiesDictionary { ["b"] = 2 } };
        using var inner = new ScriptedChatClient(WriterScript.Reply);
        using var client = new LongWriterChatClient(inner, new AgentWriterOptions { ChatOptions = own });

        await client.GetResponseAsync([Ask], asked, Stop);

        Assert.Equal((null, 1), (own.TopP, own.AdditionalProperties.Count));
        Assert.Equal((null, 1), (asked.Temperature, asked.AdditionalProperties.Count));
        Assert.All(inner.Calls, call => Assert.Equal((1f, 0.5f, 2), (call.Options!.Temperature, call.Options.TopP, call.Options.AdditionalProperties!.Count)));
    }

    [Fact]
    public void GetService_OwnAndInnerTypes_AreFound()
    {
        using var inner = new ScriptedChatClient(WriterScript.Reply);
        using var client = new LongWriterChatClient(inner);

        Assert.Same(client, client.GetService<LongWriterChatClient>());
        Assert.Same(inner, client.GetService<ScriptedChatClient>());
        Assert.Equal("scripted", client.GetService<ChatClientMetadata>()!.ProviderName);
    }
}
