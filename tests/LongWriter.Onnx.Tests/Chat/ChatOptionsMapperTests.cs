using LongWriter.Onnx.Chat;
using LongWriter.Onnx.Decoding;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Chat;

public sealed class ChatOptionsMapperTests
{
    private static readonly OnnxRequestOptions Recommended = new() { Temperature = 0.8f, TopP = 0.9f, RepetitionPenalty = 1.1f };

    [Fact]
    public void Map_NoOptions_TakesWhatTheModelRecommends()
    {
        SamplingOptions sampling = Map(null, Recommended).Sampling;
        Assert.Equal(new SamplingOptions { Temperature = 0.8f, TopP = 0.9f, RepetitionPenalty = 1.1f, Seed = 42 }, sampling);
    }

    [Fact]
    public void Map_NothingRecommended_IsNeutral() =>
        Assert.Equal(new SamplingOptions { Temperature = 1, Seed = 42 }, Map(null, new OnnxRequestOptions()).Sampling);

    [Fact]
    public void Map_EveryHonouredProperty_Arrives()
    {
        var options = new ChatOptions
        {
            Temperature = 0.5f,
            TopK = 40,
            TopP = 0.7f,
            PresencePenalty = 0.25f,
            FrequencyPenalty = -0.25f,
            Seed = long.MinValue,
            MaxOutputTokens = 9,
            StopSequences = ["END"],
            AdditionalProperties = new() { ["min_p"] = 0.05, ["repetition_penalty"] = 1.3f, ["ignored"] = null },
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.None, Output = ReasoningOutput.None },
            ModelId = "fake",
            ResponseFormat = ChatResponseFormat.Text,
            ToolMode = ChatToolMode.Auto,
            Tools = [],
            AllowMultipleToolCalls = true,
            AllowBackgroundResponses = false,
        };
        ChatRequest request = Map(options, Recommended);
        Assert.Equal(
            new SamplingOptions
            {
                Temperature = 0.5f, TopK = 40, TopP = 0.7f, MinP = 0.05f, PresencePenalty = 0.25f, FrequencyPenalty = -0.25f, RepetitionPenalty = 1.3f, Seed = long.MinValue,
            },
            request.Sampling);
        Assert.Equal(9, request.MaxOutputTokens);
        Assert.Equal(["END"], request.StopSequences);
        Assert.Equal([new("enable_thinking", false)], request.TemplateVariables!);
    }

    [Fact]
    public void Map_ZeroPenaltiesAndTopK_AreNeutral()
    {
        SamplingOptions sampling = Map(new ChatOptions { PresencePenalty = 0, FrequencyPenalty = 0, TopK = 0 }, new OnnxRequestOptions { PresencePenalty = 1, TopK = 5 }).Sampling;
        Assert.False(sampling.CountsTokens);
        Assert.Null(sampling.TopK);
    }

    [Fact]
    public void Map_RawOptions_StandBetweenChatOptionsAndDefaults()
    {
        var options = new ChatOptions
        {
            Temperature = 0.1f,
            RawRepresentationFactory = _ => new OnnxRequestOptions { Temperature = 0.2f, MinP = 0.3f, LogitBias = new Dictionary<int, float> { [7] = -100 } },
        };
        SamplingOptions sampling = Map(options, Recommended).Sampling;
        Assert.Equal(0.1f, sampling.Temperature);
        Assert.Equal(0.3f, sampling.MinP);
        Assert.Equal(0.9f, sampling.TopP);
        Assert.Equal(-100, sampling.LogitBias![7]);
    }

    [Fact]
    public void Map_EverythingThatCannotBeHonoured_IsNamedInOneMessage()
    {
        var options = new ChatOptions
        {
            ConversationId = "c",
            AllowBackgroundResponses = true,
            ResponseFormat = ChatResponseFormat.Json,
            Tools = [AIFunctionFactory.Create(() => 1, "f")],
            ToolMode = ChatToolMode.RequireAny,
            ModelId = "other",
            Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High, Output = ReasoningOutput.Full },
            AdditionalProperties = new() { ["mirostat"] = 2 },
            RawRepresentationFactory = _ => "text",
        };
        string message = Assert.Throws<NotSupportedException>(() => Map(options, Recommended)).Message;
        Assert.Equal(
            "ConversationId is not supported by OnnxChatClient: it keeps no conversation, send all messages. What was computed for them is reused without an id. "
            + "AllowBackgroundResponses is not supported by OnnxChatClient: replies do not run in the background. "
            + "ResponseFormat ChatResponseFormatJson is not supported by OnnxChatClient: text alone. "
            + "Tools are not supported by OnnxChatClient. "
            + "ToolMode RequiredChatToolMode is not supported by OnnxChatClient: there are no tools. "
            + "ModelId 'other' is not supported by OnnxChatClient: it has 'fake'. "
            + "Reasoning.Effort High is not supported by OnnxChatClient: None, or a variable that the model's template knows, by TemplateVariables. "
            + "Reasoning.Output Full is not supported by OnnxChatClient: a reply is one text. "
            + "AdditionalProperties['mirostat'] = 2 is not supported by OnnxChatClient: min_p and repetition_penalty with a number, longwriter.length_window with a LengthWindow. "
            + "RawRepresentationFactory returned System.String, which is not supported by OnnxChatClient: LongWriter.Onnx.Chat.OnnxRequestOptions or null.",
            message);
    }

    [Fact]
    public void Map_LengthWindow_ArrivesOrIsRefused()
    {
        var window = new LengthWindow(1, 2, 3, WordCounter.Unicode);
        Assert.Same(window, Map(new ChatOptions { AdditionalProperties = new() { ["longwriter.length_window"] = window } }, Recommended).Window);
        Assert.Null(Map(null, Recommended).Window);
        var malformed = new ChatOptions { AdditionalProperties = new() { ["longwriter.length_window"] = "1 to 3 words" } };
        Assert.Equal(
            "AdditionalProperties['longwriter.length_window'] = 1 to 3 words is not supported by OnnxChatClient: min_p and repetition_penalty with a number, longwriter.length_window with a LengthWindow.",
            Assert.Throws<NotSupportedException>(() => Map(malformed, Recommended)).Message);
    }

    [Fact]
    public void Map_ContinuationToken_IsRefused()
    {
#pragma warning disable MEAI001 // continuation tokens are marked experimental; that they are refused is what is tested
        var options = new ChatOptions { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) };
#pragma warning restore MEAI001
        Assert.Equal(
            "ContinuationToken is not supported by OnnxChatClient: a reply cannot be taken up again.",
            Assert.Throws<NotSupportedException>(() => Map(options, Recommended)).Message);
    }

    [Fact]
    public void Map_ValuesOutOfRange_AreNamedInOneMessage()
    {
        var options = new ChatOptions { Temperature = 3, TopP = 0, TopK = -1, PresencePenalty = float.NaN, MaxOutputTokens = 0, StopSequences = [""] };
        Assert.Equal(
            "Temperature must be in [0, 2] but is 3. TopK must be 1 or more but is -1. TopP must be in (0, 1] but is 0. PresencePenalty must be in [-2, 2] but is NaN. "
            + "MaxOutputTokens must be 1 or more but is 0. StopSequences must not contain an empty string. (Parameter 'options')",
            Assert.Throws<ArgumentException>(() => Map(options, new OnnxRequestOptions())).Message);
    }

    /// <summary>Fails when a new version of the abstractions has an option that nobody has decided about.</summary>
    [Fact]
    public void Map_PropertiesOfChatOptions_AreTheOnesDecidedAbout() => Assert.Equal(
        [
            "AdditionalProperties", "AllowBackgroundResponses", "AllowMultipleToolCalls", "ContinuationToken", "ConversationId", "FrequencyPenalty", "Instructions",
            "MaxOutputTokens", "ModelId", "PresencePenalty", "RawRepresentationFactory", "Reasoning", "ResponseFormat", "Seed", "StopSequences", "Temperature",
            "ToolMode", "Tools", "TopK", "TopP",
        ],
        typeof(ChatOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal));

    private static ChatRequest Map(ChatOptions? options, OnnxRequestOptions defaults)
    {
        using OnnxChatClient client = FakeChat.Client(FakeChat.Says("x"));
        return new ChatOptionsMapper("fake", vocabSize: 4096, defaults).Map(options, client, defaultSeed: 42);
    }
}
