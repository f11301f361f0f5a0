using LongWriter.Onnx.Chat;
using LongWriter.Onnx.Tests.Export;
using LongWriter.Testing;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Chat;

/// <summary>The whole way on the trained model: export, load, chat.</summary>
public sealed class EmbeddedModelChatTests(EmbeddedModelChatTests.Loaded loaded) : IClassFixture<EmbeddedModelChatTests.Loaded>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private OnnxChatClient Client => loaded.Client ?? throw new InvalidOperationException("Skipped tests do not come here.");

    [Fact]
    public async Task GetResponse_StoryAskedFor_IsProseThatEnds()
    {
        SkipWithoutModel();
        ChatResponse response = await Client.GetResponseAsync([FakeChat.User("Write a 40-word story about a lighthouse.")], new ChatOptions { Seed = 1, MaxOutputTokens = 300 }, Token);
        Assert.True(response.Text.Split(' ').Length > 5, response.Text);
        Assert.DoesNotContain("<|im_", response.Text, StringComparison.Ordinal);
        Assert.NotNull(response.FinishReason);
        ChatResponse again = await Client.GetResponseAsync([FakeChat.User("Write a 40-word story about a lighthouse.")], new ChatOptions { Seed = 1, MaxOutputTokens = 300 }, Token);
        Assert.Equal(response.Text, again.Text);
        Assert.Equal(again.Usage!.InputTokenCount - 1, again.Usage.CachedInputTokenCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponse_LookingDraftsUp_IsTheReplyWithoutThem(bool isHeldToALength)
    {
        SkipWithoutModel();

        // At a low temperature it repeats itself.
        ChatMessage[] messages = [FakeChat.User("Write a 300-word story about a lighthouse, a lighthouse and a lighthouse.")];
        var options = new ChatOptions { Temperature = 0.2f, Seed = 3, MaxOutputTokens = 500 };
        options = isHeldToALength ? Client.GetService<ILengthWindow>()!.Limit(options, new LengthWindow(270, 300, 330, WordCounter.Unicode)) : options;
        using OnnxChatClient plain = OnnxChatClient.Load(new OnnxChatClientOptions { ModelFolder = EmbeddedModel.Folder!, Speculation = new SpeculationOptions { PromptLookup = false } }, cancellationToken: Token);

        ChatResponse expected = await plain.GetResponseAsync(messages, options, Token);
        ChatResponse found = await Client.GetResponseAsync(messages, options, Token);

        Assert.Equal(expected.Text, found.Text);
        Assert.Null(expected.Usage!.AdditionalCounts);
        Assert.Equal(expected.Usage.OutputTokenCount, found.Usage!.OutputTokenCount);
        Assert.True(found.Usage.AdditionalCounts!["longwriter.accepted_tokens"] > 0);
    }

    [Fact]
    public async Task GetResponse_FiveTurnsAtTemperatureOne_ReadOnlyWhatIsNew()
    {
        SkipWithoutModel();
        List<ChatMessage> history = [FakeChat.User("Write a 40-word story about a lighthouse.")];
        long known = 0;
        int reencoded = 0;
        for (int turn = 0; turn < 5; turn++)
        {
            ChatResponse response = await Client.GetResponseAsync(history, new ChatOptions { Temperature = 1, TopP = 1, Seed = 50 + turn, MaxOutputTokens = 250 }, Token);
            if (turn > 0)
            {
                Assert.True(response.Usage!.CachedInputTokenCount >= 0.95 * known, $"Turn {turn}: {response.Usage.CachedInputTokenCount} of {known} earlier tokens were cached.");
            }

            known = response.Usage!.TotalTokenCount!.Value;
            int ownTokens = (int)response.Usage.OutputTokenCount! - (response.FinishReason == ChatFinishReason.Stop ? 1 : 0);
            reencoded += FakeChat.Tokenizer.CountTokens(response.Text, parseSpecialTokens: false) == ownTokens ? 0 : 1;
            history.AddRange([.. response.Messages, FakeChat.User($"Write paragraph {turn + 2} (40 words): more of it.")]);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Replies that encode to another number of tokens than they had: {reencoded} of 5; tokens in the end: {known}.");
    }

    [Fact]
    public async Task GetLogProbabilities_Prose_IsLikelierThanItsWordsReversed()
    {
        SkipWithoutModel();
        const string Prose = "He looked at her for a moment, and then he said that it was very late.";
        ITokenLogProbabilities scorer = Client.GetService<ITokenLogProbabilities>()!;
        double prose = await MeanAsync(Prose);
        Assert.InRange(prose, -8, 0);
        Assert.True(prose > await MeanAsync(string.Join(' ', Prose.Split(' ').Reverse())));

        async Task<double> MeanAsync(string text) =>
            (await scorer.GetLogProbabilitiesAsync(text, Token)).Where(token => token.LogProbability is not null).Average(token => token.LogProbability!.Value);
    }

    [Fact]
    public async Task Dispose_WhileAReplyIsWritten_EndsIt()
    {
        SkipWithoutModel();
        OnnxChatClient client = loaded.Open(new OnnxRequestOptions { LogitBias = new Dictionary<int, float> { [0] = -100, [2] = -100 } });
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync([FakeChat.User("Write a 2000-word story.")], null, Token))
            {
                client.Dispose();
            }
        });
    }

    [Fact]
    public async Task GetResponse_SlidingWindow_WritesOnBeyondTheContext()
    {
        SkipWithoutModel();
        using OnnxChatClient client = loaded.Open(new OnnxRequestOptions { LogitBias = new Dictionary<int, float> { [0] = -100, [2] = -100 } }, contextTokens: 200, new SlidingWindowOptions());
        var options = new ChatOptions { Seed = 1, MaxOutputTokens = 600 };

        ChatResponse reply = await client.GetResponseAsync([FakeChat.User("Write a 2000-word story.")], options, Token);
        ChatResponse again = await client.GetResponseAsync([FakeChat.User("Write a 2000-word story.")], options, Token);

        Assert.Equal(reply.Text, again.Text);
        Assert.Equal(600L, reply.Usage!.OutputTokenCount);
        Assert.Equal("max_output_tokens", reply.AdditionalProperties!["longwriter.end"]);
        Assert.InRange((int)reply.AdditionalProperties["longwriter.dropped_tokens"]!, 400, 600);
    }

    [Fact]
    public async Task GetResponse_PromptLongerThanTheContext_ThrowsWithNumbers()
    {
        SkipWithoutModel();
        ContextBudgetException refusal = await Assert.ThrowsAsync<ContextBudgetException>(
            () => Client.GetResponseAsync([FakeChat.User(string.Concat(Enumerable.Repeat("one two three ", 2000)))], null, Token));
        Assert.Equal(4096, refusal.AvailableTokens);
    }

    public static TheoryData<string> Checks => [.. ChatClientConformance.NamesFor(ConformanceTraits.OutputLimit | ConformanceTraits.Seeds)];

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task OnnxChatClient_OverTheTrainedModel_Conforms(string check)
    {
        SkipWithoutModel();
        await ChatClientConformance.RunAsync(check, SubjectAsync, Token);
    }

    /// <summary>The known text is what the model says greedily in a dozen tokens, and a bias against the ends of turns makes a reply endless.</summary>
    private async Task<ConformanceSubject> SubjectAsync()
    {
        OnnxChatClient client = loaded.Open(new OnnxRequestOptions { Temperature = 0.8f, MaxOutputTokens = 2000 });
        ChatMessage[] known = [FakeChat.User("Write a 20-word story about a dog.")];
        return new ConformanceSubject
        {
            Client = new EndlessOnDemand(client),
            KnownPrompt = known,
            KnownText = (await client.GetResponseAsync(known, EndlessOnDemand.Known, Token)).Text,
            Prompt = number => [FakeChat.User($"Write a 20-word story about {number} dogs.")],
            EndlessPrompt = [FakeChat.User("ENDLESS")],
        };
    }

    private static void SkipWithoutModel() => Assert.SkipWhen(EmbeddedModel.Folder is null, "There is no trained model.");

    /// <summary>Asks for a greedy reply up to the first full stop where the text must be known, and forbids the ends where it must not end.</summary>
    private sealed class EndlessOnDemand(IChatClient inner) : DelegatingChatClient(inner)
    {
        public static readonly ChatOptions Known = new() { Temperature = 0, StopSequences = ["."], MaxOutputTokens = 200 };

        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetResponseAsync(messages, Change(messages, options), cancellationToken);

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetStreamingResponseAsync(messages, Change(messages, options), cancellationToken);

        private static ChatOptions? Change(IEnumerable<ChatMessage>? messages, ChatOptions? options)
        {
            string text = messages?.Last().Text ?? "";
            if (text == "ENDLESS")
            {
                ChatOptions endless = options?.Clone() ?? new ChatOptions();
                endless.RawRepresentationFactory = _ => new OnnxRequestOptions { LogitBias = new Dictionary<int, float> { [0] = -100, [2] = -100 } };
                return endless;
            }

            if (text.EndsWith("dogs.", StringComparison.Ordinal))
            {
                ChatOptions brief = options?.Clone() ?? new ChatOptions();
                brief.MaxOutputTokens ??= 24;
                return brief;
            }

            return options is null && messages is not null ? Known : options;
        }
    }

    /// <summary>The model, exported once for all tests of the class.</summary>
    public sealed class Loaded : IDisposable
    {
        private readonly TemporaryFolder cache = new();

        public Loaded() => Client = EmbeddedModel.Folder is null ? null : Open(new OnnxRequestOptions());

        internal OnnxChatClient? Client { get; }

        internal OnnxChatClient Open(OnnxRequestOptions defaults, int? contextTokens = null, SlidingWindowOptions? window = null) => OnnxChatClient.Load(new OnnxChatClientOptions
        {
            ModelFolder = EmbeddedModel.Folder!,
            CacheFolder = cache.Path,
            MaxContextTokens = contextTokens,
            SlidingWindow = window,
            Defaults = defaults,
            Slots = 2,
        });

        public void Dispose()
        {
            Client?.Dispose();
            cache.Dispose();
        }
    }
}
