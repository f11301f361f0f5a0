using LongWriter.Onnx.Tests.Export;
using Microsoft.Extensions.AI;

namespace LongWriter.Onnx.Tests.Chat;

/// <summary>What was computed for a conversation outlives the process, fits only what it was computed by, and changes no reply.</summary>
public sealed class DocumentTrunkTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly OnnxChatClient first;

    public DocumentTrunkTests()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No embedded model on this machine.");
        first = Load();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ChatOptions Options => new() { Temperature = 1, TopP = 1, MaxOutputTokens = 200, Seed = 4 };

    private string File => folder.At("trunk.kv");

    public void Dispose()
    {
        first?.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task RestoreAsync_InAnotherClient_TheNextReplyIsTheSameAndNothingIsReadAgain()
    {
        List<ChatMessage> conversation = await ConverseAsync(first, 3);
        int saved = await Trunk(first).SaveAsync(File, conversation, null, Token);
        ChatResponse expected = await AskAsync(first, conversation);
        using OnnxChatClient second = Load();
        using OnnxChatClient without = Load();

        int restored = await Trunk(second).RestoreAsync(File, Token);
        ChatResponse reply = await AskAsync(second, conversation);
        ChatResponse cold = await AskAsync(without, conversation);

        Assert.Equal(saved, restored);
        Assert.True(restored > 400, $"{restored}");
        Assert.Equal(expected.Text, reply.Text);
        Assert.InRange(reply.Usage!.CachedInputTokenCount!.Value, restored - 1, restored);
        Assert.Equal(0, cold.Usage!.CachedInputTokenCount);
    }

    [Fact]
    public async Task SaveAsync_ConversationThatGrew_WritesItsNewPartAlone()
    {
        List<ChatMessage> conversation = await ConverseAsync(first, 2);
        int before = await Trunk(first).SaveAsync(File, conversation, null, Token);
        byte[] old = await System.IO.File.ReadAllBytesAsync(File, Token);
        conversation.AddRange(await GoOnAsync(first, conversation));

        int after = await Trunk(first).SaveAsync(File, conversation, null, Token);
        byte[] grown = await System.IO.File.ReadAllBytesAsync(File, Token);

        Assert.True(after > before + 50, $"{before}, {after}");
        Assert.Equal(old, grown[..old.Length]);
        Assert.InRange(grown.Length, old.Length + 1, old.Length * (after + 100L) / before);
        using OnnxChatClient second = Load();
        Assert.Equal(after, await Trunk(second).RestoreAsync(File, Token));

        // A client that does not remember the file finds the place to go on at by reading it.
        await AskAsync(second, conversation);
        Assert.InRange(await Trunk(second).SaveAsync(File, conversation, null, Token), after, after + 10);
    }

    [Fact]
    public async Task SaveAsync_ConversationThatGoesOnOtherwise_KeepsWhatAgrees()
    {
        List<ChatMessage> conversation = await ConverseAsync(first, 3);
        await Trunk(first).SaveAsync(File, conversation, null, Token);
        List<ChatMessage> other = [.. conversation.Take(2), new(ChatRole.User, "Write paragraph 9 (50 words): Something else.")];
        other.Add(new ChatMessage(ChatRole.Assistant, (await first.GetResponseAsync(other, Options, Token)).Text));

        int saved = await Trunk(first).SaveAsync(File, other, null, Token);
        using OnnxChatClient second = Load();
        int restored = await Trunk(second).RestoreAsync(File, Token);

        Assert.Equal(saved, restored);
        Assert.Equal((await AskAsync(first, other)).Text, (await AskAsync(second, other)).Text);
    }

    [Fact]
    public async Task RestoreAsync_NoFileOrAnotherModels_IsNothing()
    {
        Assert.Equal(0, await Trunk(first).RestoreAsync(File, Token));

        using (OnnxChatClient other = OnnxChatClient.Load(new OnnxChatClientOptions { ModelFolder = EmbeddedModel.Folder!, Export = new() { Weights = LongWriter.Onnx.Export.WeightPrecision.Int4 } }, cancellationToken: Token))
        {
            await Trunk(other).SaveAsync(File, await ConverseAsync(other, 1), null, Token);
        }

        Assert.Equal(0, await Trunk(first).RestoreAsync(File, Token));
        List<ChatMessage> conversation = await ConverseAsync(first, 1);
        Assert.True(await Trunk(first).SaveAsync(File, conversation, null, Token) > 0);
        await System.IO.File.WriteAllTextAsync(File, "something else altogether, and long enough to be read as a head", Token);
        Assert.Equal(0, await Trunk(first).RestoreAsync(File, Token));
    }

    [Fact]
    public async Task RestoreAsync_DamagedAnywhere_TakesUpWhatStandsBeforeAndChangesNoReply()
    {
        List<ChatMessage> conversation = await ConverseAsync(first, 6);
        int saved = await Trunk(first).SaveAsync(File, conversation, null, Token);
        Assert.True(saved > 600, $"{saved}");
        byte[] good = await System.IO.File.ReadAllBytesAsync(File, Token);
        var random = new Random(11);
        var found = new HashSet<int>();
        for (int i = 0; i < 40; i++)
        {
            byte[] bytes = [.. good];
            int at = i < 12 ? i * 4 : random.Next(bytes.Length);
            if (i % 3 == 2)
            {
                bytes = bytes[..at];
            }
            else
            {
                bytes[at] ^= (byte)(1 << random.Next(8));
            }

            await System.IO.File.WriteAllBytesAsync(File, bytes, Token);
            using OnnxChatClient second = Load();
            int restored = await Trunk(second).RestoreAsync(File, Token);
            found.Add(restored);
            Assert.InRange(restored, 0, saved - 1);
            if (i % 10 == 0 && restored > 0)
            {
                // Tokens of replies whose end is lost are encoded anew, so only the beginning need be the one that was kept.
                Assert.NotEqual("", (await AskAsync(second, conversation)).Text);
            }
        }

        Assert.True(found.Count > 2, string.Join(' ', found));
    }

    [Fact]
    public async Task SaveAsync_WhileOthersAreServed_IsWhatItWouldBeAlone()
    {
        List<ChatMessage> conversation = await ConverseAsync(first, 2);
        Task<ChatResponse>[] others = [.. Enumerable.Range(0, 3).Select(i => first.GetResponseAsync([new(ChatRole.User, $"Write a {100 + i}-word story about a dog.")], Options, Token))];

        int saved = await Trunk(first).SaveAsync(File, conversation, null, Token);
        await Task.WhenAll(others);
        using OnnxChatClient second = Load();

        Assert.Equal(saved, await Trunk(second).RestoreAsync(File, Token));
        Assert.Equal((await AskAsync(first, conversation)).Text, (await AskAsync(second, conversation)).Text);
    }

    private static OnnxChatClient Load() => OnnxChatClient.Load(new OnnxChatClientOptions { ModelFolder = EmbeddedModel.Folder! }, cancellationToken: Token);

    private static IDocumentTrunk Trunk(OnnxChatClient client) => client.GetService(typeof(IDocumentTrunk)) as IDocumentTrunk ?? throw new InvalidOperationException("The client offers no trunk.");

    private static async Task<List<ChatMessage>> ConverseAsync(OnnxChatClient client, int turns)
    {
        List<ChatMessage> conversation = [new(ChatRole.User, "Write a 120-word story about a lighthouse.")];
        conversation.Add(new ChatMessage(ChatRole.Assistant, (await client.GetResponseAsync(conversation, Options, Token)).Text));
        for (int turn = 1; turn < turns; turn++)
        {
            conversation.AddRange(await GoOnAsync(client, conversation));
        }

        return conversation;
    }

    private static async Task<ChatMessage[]> GoOnAsync(OnnxChatClient client, List<ChatMessage> conversation)
    {
        var ask = new ChatMessage(ChatRole.User, $"Write paragraph {conversation.Count} (150 words): The sea was calm.");
        ChatResponse reply = await client.GetResponseAsync([.. conversation, ask], Options, Token);
        return [ask, new ChatMessage(ChatRole.Assistant, reply.Text)];
    }

    private static Task<ChatResponse> AskAsync(OnnxChatClient client, List<ChatMessage> conversation) =>
        client.GetResponseAsync([.. conversation, new(ChatRole.User, "Write paragraph 8 (60 words): The end of it.")], Options, Token);
}
