using LongWriter.Testing;
using Microsoft.Extensions.AI;
using ChatClient = OpenAI.Chat.ChatClient;

namespace LongWriter.OpenAI.Tests;

public sealed class OpenAIChatClientOptionsTests
{
    private const string FineStream = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

    [Fact]
    public void Constructor_OptionsNull_Throws() =>
        Assert.Equal("options", Assert.Throws<ArgumentNullException>(() => new OpenAIChatClient(null!)).ParamName);

    [Fact]
    public void Constructor_AllWrong_NamesAllInOneMessage()
    {
        var options = new OpenAIChatClientOptions
        {
            Model = " ",
            Endpoint = new Uri("ftp://files.example/v1"),
            ApiKey = "two words",
            NetworkTimeout = TimeSpan.Zero,
            OutputLimitField = (OutputLimitField)9,
            TimeProvider = null!,
        };
        Assert.Equal(
            "Model must name a model but is ' '. "
            + "Endpoint must be an absolute http or https address but is 'ftp://files.example/v1'. "
            + "ApiKey must be visible ASCII characters only but has others, such as a space or a line break. "
            + "NetworkTimeout must be above zero but is 00:00:00. "
            + "OutputLimitField must be MaxCompletionTokens, MaxTokens or null but is 9. "
            + "TimeProvider must not be null.",
            Assert.Throws<ArgumentException>(() => new OpenAIChatClient(options)).Message);
    }

    [Fact]
    public void Constructor_EndpointRelative_IsRefused() => Assert.Equal(
        "Endpoint must be an absolute http or https address but is '/v1'.",
        Assert.Throws<ArgumentException>(() => new OpenAIChatClient(new() { Model = "m", Endpoint = new Uri("/v1", UriKind.Relative) })).Message);

    [Fact]
    public void Constructor_NoKeyForOpenAI_SaysWhatToSet() => Assert.Equal(
        "ApiKey must be given, or the environment variable OPENAI_API_KEY set, to call api.openai.com; to call a server of your own, set Endpoint.",
        Assert.Throws<ArgumentException>(() => new OpenAIChatClient(new() { Model = "m" }, _ => null)).Message);

    [Fact]
    public async Task Key_OfTheEnvironment_GoesToOpenAI()
    {
        var handler = new CannedHandler(FineStream);
        using var client = new OpenAIChatClient(
            new() { Model = "m", HttpClient = new HttpClient(handler) }, name => name == "OPENAI_API_KEY" ? "sk-env" : null);
        await client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken);
        Assert.Equal("sk-env", handler.LastKey);
        Assert.Equal("https://api.openai.com/v1/chat/completions", handler.LastAddress?.ToString());
    }

    [Fact]
    public async Task Key_OfTheEnvironment_NeverGoesToACustomEndpoint()
    {
        var handler = new CannedHandler(FineStream);
        using var client = new OpenAIChatClient(
            new() { Model = "m", Endpoint = new Uri("http://models.example:8000/v1"), HttpClient = new HttpClient(handler) }, _ => "sk-env");
        await client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken);
        Assert.Equal("not-needed", handler.LastKey);
        Assert.Equal("http://models.example:8000/v1/chat/completions", handler.LastAddress?.ToString());
    }

    [Fact]
    public async Task Key_Given_IsSent()
    {
        LoopbackRequest request = await Calls.SentAsync(null, change: options => options with { ApiKey = "sk-mine" });
        Assert.Equal("Bearer sk-mine", request.Headers["Authorization"]);
        Assert.Equal("text/event-stream", request.Headers["Accept"]);
    }

    [Theory]
    [InlineData("http://models.example/v1")]
    [InlineData("http://models.example/v1/")]
    public async Task Endpoint_WithOrWithoutSlash_IsTheSame(string endpoint)
    {
        var handler = new CannedHandler(FineStream);
        using var client = new OpenAIChatClient(new() { Model = "m", Endpoint = new Uri(endpoint), HttpClient = new HttpClient(handler) });
        await client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken);
        Assert.Equal("http://models.example/v1/chat/completions", handler.LastAddress?.ToString());
    }

    [Fact]
    public void ToString_WithAKey_HidesIt() => Assert.Equal(
        "OpenAIChatClientOptions { Model = m, Endpoint = http://localhost:8000/v1, ApiKey = ***, NetworkTimeout = 00:05:00, SupportsJsonSchema = True, OutputLimitField =  }",
        new OpenAIChatClientOptions { Model = "m", Endpoint = new Uri("http://localhost:8000/v1"), ApiKey = "sk-secret" }.ToString());

    [Fact]
    public async Task Failure_OfAnEndpointWithAPassword_NamesItWithout()
    {
        using var client = new OpenAIChatClient(new()
        {
            Model = "m", Endpoint = new Uri("http://user:pass@models.example/v1?token=t"), HttpClient = new HttpClient(new CannedHandler(string.Empty)),
        });
        ModelCallException failure = await Assert.ThrowsAsync<ModelCallException>(
            () => client.GetResponseAsync(Calls.Hello, null, TestContext.Current.CancellationToken));
        Assert.Equal("http://models.example/v1 ended the stream without a finish reason and without [DONE], after 0 events.", failure.Message);
    }

    [Fact]
    public void GetService_KnownTypes_AreFound()
    {
        using var client = new OpenAIChatClient(new() { Model = "m", Endpoint = new Uri("http://models.example:8000/v1"), SupportsJsonSchema = false });
        Assert.Same(client, client.GetService(typeof(OpenAIChatClient)));
        Assert.Same(client, client.GetService(typeof(IChatClient)));
        Assert.IsType<ChatClient>(client.GetService(typeof(ChatClient)));
        Assert.False(client.GetService<IStructuredOutput>()?.SupportsJsonSchema);
        ChatClientMetadata metadata = client.GetRequiredService<ChatClientMetadata>();
        Assert.Equal(("models.example", new Uri("http://models.example:8000/v1"), "m"), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
    }

    [Fact]
    public void GetService_OfOpenAIItself_NamesIt()
    {
        using OpenAIChatClient client = Calls.OpenAIClient(new CannedHandler(string.Empty));
        ChatClientMetadata metadata = client.GetRequiredService<ChatClientMetadata>();
        Assert.Equal(("openai", new Uri("https://api.openai.com/v1")), (metadata.ProviderName, metadata.ProviderUri));
        Assert.True(client.GetService<IStructuredOutput>()?.SupportsJsonSchema);
    }

    [Fact]
    public void GetService_UnknownTypeOrKey_IsNull()
    {
        using OpenAIChatClient client = Calls.OpenAIClient(new CannedHandler(string.Empty));
        Assert.Null(client.GetService(typeof(ITokenCounter)));
        Assert.Null(client.GetService(typeof(IChatClient), "key"));
        Assert.Equal("serviceType", Assert.Throws<ArgumentNullException>(() => client.GetService(null!)).ParamName);
    }
}
