using LongWriter.Onnx.Tests.Decoding;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Chat;

/// <summary>Calls at the same time give the texts that they give one after the other, in the reproducible profile.</summary>
[Collection(nameof(ExportedEmbeddedModel))]
public sealed class ConcurrentChatTests(ExportedEmbeddedModel model)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public async Task GetResponse_ManyAtOnce_EqualsOneAfterTheOther(int concurrent)
    {
        List<string> serial = [];
        using (OnnxChatClient client = Open(1))
        {
            for (int i = 0; i < 12; i++)
            {
                serial.Add(await AskAsync(client, i));
            }
        }

        using OnnxChatClient together = Open(concurrent);

        Assert.Equal(serial, await Task.WhenAll(Enumerable.Range(0, 12).Select(i => AskAsync(together, i))));
        Assert.Equal(12, serial.Distinct().Count());
    }

    [Fact]
    public async Task GetResponse_DocumentsThatGrowSideBySide_EqualThoseWrittenAloneAndReuseTheirText()
    {
        string[] alone = new string[3];
        for (int i = 0; i < alone.Length; i++)
        {
            using OnnxChatClient client = Open(1);
            alone[i] = await WriteAsync(client, i);
        }

        using OnnxChatClient together = Open(3);

        Assert.Equal(alone, await Task.WhenAll(Enumerable.Range(0, 3).Select(i => WriteAsync(together, i))));
    }

    [Fact]
    public async Task GetStreamingResponse_SomeLeaveEarly_TheOthersEndAsAlone()
    {
        using OnnxChatClient alone = Open(1);
        string expected = await AskAsync(alone, 3);
        using OnnxChatClient client = Open(4);
        Task[] leaving = [.. Enumerable.Range(0, 6).Select(async i =>
        {
            int updates = 0;
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync(Messages(i), Options(i), Token))
            {
                if (++updates > i)
                {
                    break;
                }
            }
        })];

        Assert.Equal(expected, await AskAsync(client, 3));
        await Task.WhenAll(leaving);
        Assert.Equal(expected, await AskAsync(client, 3));
    }

    /// <summary>Three paragraphs, each asked for on top of all before.</summary>
    private static async Task<string> WriteAsync(OnnxChatClient client, int document)
    {
        List<ChatMessage> history = [.. Messages(document)];
        long known = 0;
        for (int turn = 0; turn < 3; turn++)
        {
            ChatResponse response = await client.GetResponseAsync(history, new ChatOptions { Seed = 10 * document + turn, Temperature = 1, MaxOutputTokens = 120 }, Token);
            if (turn > 0)
            {
                Assert.True(response.Usage!.CachedInputTokenCount >= 0.9 * known, $"Turn {turn}: {response.Usage.CachedInputTokenCount} of {known} earlier tokens were cached.");
            }

            known = response.Usage!.TotalTokenCount!.Value;
            history.AddRange([.. response.Messages, FakeChat.User($"Write paragraph {turn + 2} (40 words): more of it.")]);
        }

        return string.Join("\n\n", history.Where(message => message.Role == ChatRole.Assistant).Select(message => message.Text));
    }

    private static async Task<string> AskAsync(OnnxChatClient client, int number) => (await client.GetResponseAsync(Messages(number), Options(number), Token)).Text;

    private static ChatMessage[] Messages(int number) => [FakeChat.User($"Write a {20 + 10 * (number % 5)}-word story about {number} lighthouses.")];

    private static ChatOptions Options(int number) => new() { Seed = number, Temperature = number % 4 == 0 ? 0 : 1, MaxOutputTokens = 20 + 17 * (number % 6) };

    private OnnxChatClient Open(int concurrent) => OnnxChatClient.Load(
        new OnnxChatClientOptions
        {
            ModelFolder = model.SeedFolder,
            CacheFolder = "never-written",
            MaxConcurrentSequences = concurrent,
            Runtime = new() { IntraOpThreads = 1, AllowSpinning = false },
        },
        cancellationToken: Token);
}
