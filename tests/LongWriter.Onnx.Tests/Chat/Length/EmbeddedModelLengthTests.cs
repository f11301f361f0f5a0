using LongWriter.Onnx.Chat;
using LongWriter.Onnx.Chat.Length;
using LongWriter.Onnx.Tests.Export;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Chat.Length;

/// <summary>The window on the trained model.</summary>
public sealed class EmbeddedModelLengthTests(EmbeddedModelChatTests.Loaded loaded) : IClassFixture<EmbeddedModelChatTests.Loaded>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetResponse_FortySeeds_MeetTheirWindowsWithinOneSentence()
    {
        SkipWithoutModel();
        List<int> deviations = [];
        for (int seed = 0; seed < 40; seed++)
        {
            int target = 50 + (seed * 350 / 39);
            var window = new LengthWindow(target * 9 / 10, target, target * 11 / 10, WordCounter.Unicode);
            ChatResponse response = await RespondAsync($"Write a {target}-word story about a lighthouse.", new ChatOptions { Seed = seed, MaxOutputTokens = 2000 }, window);
            int words = WordCounter.Unicode.Count(response.Text);
            SentenceTracker sentences = Track(response.Text);
            TestContext.Current.TestOutputHelper?.WriteLine($"{seed}: {words} of {target}, {sentences.Sentences} sentences, {response.AdditionalProperties!["longwriter.end"]}");
            if (seed % 13 == 0)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(response.Text);
            }

            Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
            Assert.True(sentences.IsAtEnd || sentences.IsAtBlankLine, response.Text);
            Assert.True(words >= window.MinimumWords, $"{words} of {target}");
            Assert.True(Math.Abs(words - target) <= LongestSentence(response.Text), $"Seed {seed}: {words} of {target}.");
            deviations.Add(words - target);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Mean absolute deviation: {deviations.Average(Math.Abs):0.0} words, largest {deviations.Max(Math.Abs)}.");
    }

    [Fact]
    public async Task GetResponse_SameSeedInAWindow_IsTheSameReply()
    {
        SkipWithoutModel();
        var window = new LengthWindow(60, 80, 100, WordCounter.Unicode);
        var options = new ChatOptions { Seed = 7, MaxOutputTokens = 500 };
        ChatResponse first = await RespondAsync("Write a 300-word story about a dog.", options, window);
        ChatResponse second = await RespondAsync("Write a 300-word story about a dog.", options, window);
        Assert.Equal(first.Text, second.Text);
        Assert.InRange(second.Usage!.CachedInputTokenCount!.Value, 1, long.MaxValue);
    }

    [Fact]
    public async Task GetResponse_FloorFarAboveTheModelsOwnEnd_IsReachedInParagraphs()
    {
        SkipWithoutModel();
        var window = new LengthWindow(300, 320, 340, WordCounter.Unicode);
        ChatResponse response = await RespondAsync("Write a 20-word story about a dog.", new ChatOptions { Seed = 3, MaxOutputTokens = 2000 }, window);
        TestContext.Current.TestOutputHelper?.WriteLine(response.Text);
        Assert.InRange(WordCounter.Unicode.Count(response.Text), 300, 400);
        Assert.DoesNotContain("\n\n\n", response.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetResponse_EndBiasedAgainstOrForced_MeetsTheWindow(bool always)
    {
        SkipWithoutModel();
        using OnnxChatClient client = loaded.Open(new OnnxRequestOptions { LogitBias = new Dictionary<int, float> { [0] = -100, [FakeChat.EndOfTurn] = always ? 100 : -100 } });
        var window = new LengthWindow(100, 120, 140, WordCounter.Unicode);
        ChatResponse response = await RespondAsync("Write a 120-word story about a dog.", new ChatOptions { Seed = 1, MaxOutputTokens = 1000 }, window, client);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.InRange(WordCounter.Unicode.Count(response.Text), 100, 140 + LengthGuide.OverrunWords);
    }

    private async Task<ChatResponse> RespondAsync(string prompt, ChatOptions options, LengthWindow window, OnnxChatClient? other = null)
    {
        OnnxChatClient client = other ?? loaded.Client!;
        return await client.GetResponseAsync([FakeChat.User(prompt)], client.GetService<ILengthWindow>()!.Limit(options, window), Token);
    }

    private static int LongestSentence(string text)
    {
        var sentences = new SentenceTracker();
        int longest = 0;
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int before = sentences.Sentences;
            sentences.Append(text.AsSpan(i, 1));
            if (sentences.Sentences > before)
            {
                longest = Math.Max(longest, WordCounter.Unicode.Count(text.AsSpan(start, i + 1 - start)));
                start = i + 1;
            }
        }

        return longest;
    }

    private static SentenceTracker Track(string text)
    {
        var sentences = new SentenceTracker();
        sentences.Append(text);
        return sentences;
    }

    private static void SkipWithoutModel() => Assert.SkipWhen(EmbeddedModel.Folder is null, "There is no trained model.");
}
