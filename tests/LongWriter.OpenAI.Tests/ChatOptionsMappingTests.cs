using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using LongWriter.Testing;
using Microsoft.Extensions.AI;
using ChatCompletionOptions = OpenAI.Chat.ChatCompletionOptions;

namespace LongWriter.OpenAI.Tests;

/// <summary>Every property of ChatOptions is sent or refused by name: a test for each, and one that counts them.</summary>
public sealed class ChatOptionsMappingTests
{
    private const string FineStream = """
        data: {"choices":[{"index":0,"delta":{"content":"fine"},"finish_reason":"stop"}]}

        data: [DONE]


        """;

    [Fact]
    public void ChatOptions_ItsProperties_AreThoseThisClassCovers()
    {
        string[] covered =
        [
            "AdditionalProperties", "AllowBackgroundResponses", "AllowMultipleToolCalls", "ContinuationToken", "ConversationId",
            "FrequencyPenalty", "Instructions", "MaxOutputTokens", "ModelId", "PresencePenalty", "RawRepresentationFactory", "Reasoning",
            "ResponseFormat", "Seed", "StopSequences", "Temperature", "ToolMode", "Tools", "TopK", "TopP",
        ];
        Assert.Equal(covered, typeof(ChatOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Options_Null_SendsModelMessagesAndStreamAlone()
    {
        LoopbackRequest request = await Calls.SentAsync(null);
        Assert.Equal(["messages", "model", "stream", "stream_options"], FieldsOf(request));
        Assert.True(request.IsStreaming);
        Assert.True(request.WantsUsage);
        Assert.Equal(Calls.Model, request.Model);
    }

    [Fact]
    public async Task Options_Empty_SendsTheSameAsNull() =>
        Assert.Equal((await Calls.SentAsync(null)).Json, (await Calls.SentAsync(new ChatOptions())).Json);

    [Fact]
    public async Task Temperature_IsSent() => Assert.Equal("0.7", await SentFieldAsync(new() { Temperature = 0.7f }, "temperature"));

    [Fact]
    public async Task TopP_IsSent() => Assert.Equal("0.9", await SentFieldAsync(new() { TopP = 0.9f }, "top_p"));

    [Fact]
    public async Task FrequencyPenalty_IsSent() => Assert.Equal("0.5", await SentFieldAsync(new() { FrequencyPenalty = 0.5f }, "frequency_penalty"));

    [Fact]
    public async Task PresencePenalty_IsSent() => Assert.Equal("-0.5", await SentFieldAsync(new() { PresencePenalty = -0.5f }, "presence_penalty"));

    [Fact]
    public async Task Seed_IsSent() => Assert.Equal("12345678901", await SentFieldAsync(new() { Seed = 12345678901 }, "seed"));

    [Fact]
    public async Task StopSequences_AreSentInOrder() => Assert.Equal("""["END","\n\n"]""", await SentFieldAsync(new() { StopSequences = ["END", "\n\n"] }, "stop"));

    [Fact]
    public async Task ModelId_ReplacesTheModelOfTheClient() => Assert.Equal("\"other\"", await SentFieldAsync(new() { ModelId = "other" }, "model"));

    [Fact]
    public async Task Instructions_BecomeTheFirstSystemMessage()
    {
        LoopbackRequest request = await Calls.SentAsync(new() { Instructions = "be brief" });
        Assert.Equal([new("system", "be brief"), new("user", "hello")], request.Messages);
    }

    [Fact]
    public async Task MaxOutputTokens_ToACustomEndpoint_IsMaxTokens()
    {
        LoopbackRequest request = await Calls.SentAsync(new() { MaxOutputTokens = 99 });
        Assert.Equal("99", FieldOf(request, "max_tokens"));
        Assert.DoesNotContain("max_completion_tokens", FieldsOf(request));
    }

    [Fact]
    public async Task MaxOutputTokens_WithFieldNamed_IsThatField()
    {
        LoopbackRequest request = await Calls.SentAsync(
            new() { MaxOutputTokens = 99 }, change: options => options with { OutputLimitField = OutputLimitField.MaxCompletionTokens });
        Assert.Equal("99", FieldOf(request, "max_completion_tokens"));
        Assert.DoesNotContain("max_tokens", FieldsOf(request));
    }

    [Fact]
    public async Task MaxOutputTokens_ToOpenAI_IsMaxCompletionTokens()
    {
        var handler = new CannedHandler(FineStream);
        using OpenAIChatClient client = Calls.OpenAIClient(handler);
        await client.GetResponseAsync(Calls.Hello, new() { MaxOutputTokens = 99 }, TestContext.Current.CancellationToken);
        Assert.Contains("\"max_completion_tokens\":99", handler.LastBody, StringComparison.Ordinal);
        Assert.DoesNotContain("\"max_tokens\"", handler.LastBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TopK_ToACustomEndpoint_IsSent() => Assert.Equal("40", await SentFieldAsync(new() { TopK = 40 }, "top_k"));

    [Fact]
    public async Task TopK_ToOpenAI_IsRefused()
    {
        using OpenAIChatClient client = Calls.OpenAIClient(new CannedHandler(FineStream));
        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(
            () => client.GetResponseAsync(Calls.Hello, new() { TopK = 40 }, TestContext.Current.CancellationToken));
        Assert.Equal("TopK is not supported by OpenAI's endpoint; custom endpoints get it as top_k.", refusal.Message);
    }

    [Fact]
    public async Task ConversationId_IsRefused() => Assert.Equal(
        "ConversationId is not supported by OpenAIChatClient: chat completions keep no conversation, send all messages.",
        await Calls.RefusedAsync(new() { ConversationId = "c1" }));

    [Fact]
    public async Task ContinuationToken_IsRefused() => Assert.Equal(
        "ContinuationToken is not supported by OpenAIChatClient: a chat completion cannot be taken up again.",
        await Calls.RefusedAsync(new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) }));

    [Fact]
    public async Task AllowBackgroundResponses_True_IsRefused() => Assert.Equal(
        "AllowBackgroundResponses is not supported by OpenAIChatClient: chat completions do not run in the background.",
        await Calls.RefusedAsync(new() { AllowBackgroundResponses = true }));

    [Fact]
    public async Task AllowBackgroundResponses_False_IsWhatHappensAnyway() =>
        Assert.Equal(["messages", "model", "stream", "stream_options"], FieldsOf(await Calls.SentAsync(new() { AllowBackgroundResponses = false })));

    [Fact]
    public async Task Options_SeveralUnsupported_AreNamedInOneMessage() => Assert.Equal(
        "ConversationId is not supported by OpenAIChatClient: chat completions keep no conversation, send all messages. "
        + "Reasoning.Output Summary is not supported by OpenAIChatClient: None or Full.",
        await Calls.RefusedAsync(new() { ConversationId = "c1", Reasoning = new() { Output = ReasoningOutput.Summary } }));

    [Theory]
    [InlineData(ReasoningEffort.None, "none")]
    [InlineData(ReasoningEffort.Low, "low")]
    [InlineData(ReasoningEffort.Medium, "medium")]
    [InlineData(ReasoningEffort.High, "high")]
    [InlineData(ReasoningEffort.ExtraHigh, "xhigh")]
    public async Task ReasoningEffort_IsSent(ReasoningEffort effort, string sent) =>
        Assert.Equal($"\"{sent}\"", await SentFieldAsync(new() { Reasoning = new() { Effort = effort } }, "reasoning_effort"));

    [Fact]
    public async Task ReasoningOutput_None_DropsTheReasoning()
    {
        var reply = new LoopbackReply { Text = "text", Reasoning = "thinking" };
        ChatResponse response = await Calls.ReplyAsync(reply, new() { Reasoning = new() { Output = ReasoningOutput.None } });
        Assert.Equal("text", response.Text);
        Assert.Empty(response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>());
    }

    [Fact]
    public async Task ResponseFormat_Text_IsSent() =>
        Assert.Equal("""{"type":"text"}""", await SentFieldAsync(new() { ResponseFormat = ChatResponseFormat.Text }, "response_format"));

    [Fact]
    public async Task ResponseFormat_Json_IsSent() =>
        Assert.Equal("""{"type":"json_object"}""", await SentFieldAsync(new() { ResponseFormat = ChatResponseFormat.Json }, "response_format"));

    [Fact]
    public async Task ResponseFormat_Schema_IsSentStrictAndClosed()
    {
        JsonElement schema = Json("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"required":["a"]}""");
        LoopbackRequest request = await Calls.SentAsync(new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "plan", "A plan.") });
        JsonElement sent = request.Body.GetProperty("response_format");
        Assert.Equal("json_schema", request.ResponseFormat);
        JsonElement inner = sent.GetProperty("json_schema");
        Assert.Equal("plan", inner.GetProperty("name").GetString());
        Assert.Equal("A plan.", inner.GetProperty("description").GetString());
        Assert.True(inner.GetProperty("strict").GetBoolean());
        Assert.False(inner.GetProperty("schema").GetProperty("additionalProperties").GetBoolean());
        Assert.Equal("""["a","b"]""", inner.GetProperty("schema").GetProperty("required").GetRawText());
    }

    [Fact]
    public async Task ResponseFormat_SchemaWhereTheServerHasNone_IsRefused()
    {
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(Json("""{"type":"object"}""")) };
        string message = await Calls.RefusedAsync(options, change: client => client with { SupportsJsonSchema = false });
        Assert.Matches("^ResponseFormat with a JSON schema is not supported by http://127\\.0\\.0\\.1:[0-9]+/v1, as its options say\\.$", message);
    }

    [Fact]
    public async Task Tools_Functions_AreDeclared()
    {
        LoopbackRequest request = await Calls.SentAsync(new() { Tools = [AIFunctionFactory.Create(Add, "add", "Adds.")] });
        JsonElement tool = request.Body.GetProperty("tools")[0];
        Assert.Equal("function", tool.GetProperty("type").GetString());
        Assert.Equal("add", tool.GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("Adds.", tool.GetProperty("function").GetProperty("description").GetString());
        Assert.Equal("integer", tool.GetProperty("function").GetProperty("parameters").GetProperty("properties").GetProperty("left").GetProperty("type").GetString());
        Assert.DoesNotContain("tool_choice", FieldsOf(request));
    }

    [Fact]
    public async Task Tools_OfTheServer_AreRefused() => Assert.Equal(
        "Tool 'web_search' of type HostedWebSearchTool is not supported by OpenAIChatClient: function declarations only.",
        await Calls.RefusedAsync(new() { Tools = [new HostedWebSearchTool()] }));

    [Fact]
    public async Task ToolMode_EachMode_IsSent()
    {
        Assert.Equal("\"auto\"", await SentChoiceAsync(ChatToolMode.Auto));
        Assert.Equal("\"none\"", await SentChoiceAsync(ChatToolMode.None));
        Assert.Equal("\"required\"", await SentChoiceAsync(ChatToolMode.RequireAny));
        JsonElement specific = Json(await SentChoiceAsync(ChatToolMode.RequireSpecific("add")));
        Assert.Equal("add", specific.GetProperty("function").GetProperty("name").GetString());
    }

    [Fact]
    public async Task ToolMode_WithoutTools_IsNotSent() =>
        Assert.DoesNotContain("tool_choice", FieldsOf(await Calls.SentAsync(new() { ToolMode = ChatToolMode.Auto })));

    [Fact]
    public async Task AllowMultipleToolCalls_WithTools_IsSent() => Assert.Equal("false", await SentFieldAsync(
        new() { AllowMultipleToolCalls = false, Tools = [AIFunctionFactory.Create(Add, "add")] }, "parallel_tool_calls"));

    [Fact]
    public async Task AdditionalProperties_BecomeFieldsOfTheBody()
    {
        LoopbackRequest request = await Calls.SentAsync(new()
        {
            AdditionalProperties = new()
            {
                ["repetition_penalty"] = 1.05,
                ["ignore_eos"] = true,
                ["chat_template_kwargs"] = Json("""{"enable_thinking":false}"""),
                ["guided_choice"] = new JsonArray("yes", "no"),
                ["min_tokens"] = 12L,
                ["typical_p"] = 0.1f,
                ["length_penalty"] = 1.50m,
                ["guided_regex"] = "\"a\"\n",
                ["absent"] = null,
            },
        });
        Assert.Equal("1.05", FieldOf(request, "repetition_penalty"));
        Assert.Equal("true", FieldOf(request, "ignore_eos"));
        Assert.Equal("""{"enable_thinking":false}""", FieldOf(request, "chat_template_kwargs"));
        Assert.Equal("""["yes","no"]""", FieldOf(request, "guided_choice"));
        Assert.Equal("12", FieldOf(request, "min_tokens"));
        Assert.Equal("0.1", FieldOf(request, "typical_p"));
        Assert.Equal("1.50", FieldOf(request, "length_penalty"));
        Assert.Equal("\"a\"\n", request.Body.GetProperty("guided_regex").GetString());
        Assert.DoesNotContain("absent", FieldsOf(request));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("messages")]
    [InlineData("n")]
    [InlineData("a.b")]
    [InlineData("a']['b")]
    [InlineData("")]
    public async Task AdditionalProperties_NameThatCannotBeAField_IsRefused(string name) => Assert.Equal(
        $"AdditionalProperties['{name}'] is not supported by OpenAIChatClient: a field name of letters, digits and underscores that the client does not write itself.",
        await Calls.RefusedAsync(new() { AdditionalProperties = new() { [name] = 1 } }));

    [Fact]
    public async Task AdditionalProperties_ValueThatIsNoJson_IsRefused() => Assert.Equal(
        "AdditionalProperties['hook'] of type System.IO.MemoryStream is not supported by OpenAIChatClient: a string, a bool, a finite number, a JsonElement or a JsonNode.",
        await Calls.RefusedAsync(new() { AdditionalProperties = new() { ["hook"] = new MemoryStream() } }));

    [Fact]
    public async Task AdditionalProperties_NumberThatIsNone_IsRefused() => Assert.Equal(
        "AdditionalProperties['min_p'] of type System.Double is not supported by OpenAIChatClient: a string, a bool, a finite number, a JsonElement or a JsonNode.",
        await Calls.RefusedAsync(new() { AdditionalProperties = new() { ["min_p"] = double.NaN } }));

    [Fact]
    public async Task RawRepresentationFactory_ItsValues_WinAndTheRestIsFilled()
    {
        LoopbackRequest request = await Calls.SentAsync(new()
        {
            Temperature = 1,
            TopP = 0.5f,
            StopSequences = ["mine"],
            RawRepresentationFactory = _ => new ChatCompletionOptions { Temperature = 0, EndUserId = "someone", StopSequences = { "raw" } },
        });
        Assert.Equal("0", FieldOf(request, "temperature"));
        Assert.Equal("0.5", FieldOf(request, "top_p"));
        Assert.Equal("""["raw"]""", FieldOf(request, "stop"));
        Assert.Equal("\"someone\"", FieldOf(request, "user"));
    }

    [Fact]
    public async Task RawRepresentationFactory_FieldsOfItsPatch_WinToo()
    {
        LoopbackRequest request = await Calls.SentAsync(new()
        {
            TopK = 40,
            MaxOutputTokens = 99,
            RawRepresentationFactory = _ =>
            {
                var raw = new ChatCompletionOptions();
#pragma warning disable SCME0001 // the patch is marked experimental; it is what this test is about
                raw.Patch.Set("$.top_k"u8, 7);
                raw.Patch.Set("$.max_tokens"u8, 8);
#pragma warning restore SCME0001
                return raw;
            },
        });
        Assert.Equal("7", FieldOf(request, "top_k"));
        Assert.Equal("8", FieldOf(request, "max_tokens"));
    }

    [Fact]
    public async Task RawRepresentationFactory_WrongType_IsRefused() => Assert.Equal(
        "RawRepresentationFactory returned System.Version, which is not supported by OpenAIChatClient: OpenAI.Chat.ChatCompletionOptions or null.",
        await Calls.RefusedAsync(new() { RawRepresentationFactory = _ => new Version() }));

    [Fact]
    public async Task Options_AfterTheCall_AreUnchanged()
    {
        var options = new ChatOptions
        {
            Temperature = 0.5f, MaxOutputTokens = 5, Instructions = "x", StopSequences = ["s"], TopK = 3, Seed = 4,
            AdditionalProperties = new() { ["min_p"] = 0.1 },
        };
        string before = JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions);
        ChatMessage[] messages = [.. Calls.Hello];
        await Calls.SentAsync(options, messages);
        Assert.Equal(before, JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions));
        Assert.Same(Calls.Hello[0], Assert.Single(messages));
    }

    private static int Add([Description("The first.")] int left, int right) => left + right;

    private static async Task<string> SentChoiceAsync(ChatToolMode mode) =>
        await SentFieldAsync(new() { ToolMode = mode, Tools = [AIFunctionFactory.Create(Add, "add")] }, "tool_choice");

    private static async Task<string> SentFieldAsync(ChatOptions options, string field) => FieldOf(await Calls.SentAsync(options), field);

    private static string FieldOf(LoopbackRequest request, string field) => request.Body.GetProperty(field).GetRawText();

    private static IEnumerable<string> FieldsOf(LoopbackRequest request) =>
        request.Body.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
