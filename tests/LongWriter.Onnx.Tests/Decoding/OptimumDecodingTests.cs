using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>Graphs in Optimum's signature give what our own export of the same weights gives, whether their keys and values grow or share a buffer.</summary>
[Collection(nameof(GenAiModel))]
public sealed class OptimumDecodingTests(GenAiModel model) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("random", "shared", false)]
    [InlineData("random", "plain", true)]
    [InlineData("random", "no-positions", true)]
    [InlineData("random", "keep", true)]
    [InlineData("random", "merged", true)]
    [InlineData("seed", "shared", false)]
    [InlineData("seed", "plain", true)]
    [InlineData("seed", "merged", true)]
    public async Task DecodeAsync_SameWeights_EqualsOurOwnExport(string name, string form, bool grows)
    {
        int[] prompt = Prompt(50, 1, name == "seed" ? 4096 : 96);
        using DecodingEngine ours = model.Load(name, "ours");
        using DecodingEngine theirs = GenAiModel.Load(Write(name, form));

        (int[] expected, _) = await ours.Decode(prompt, 80);
        (int[] tokens, DecodingResult result) = await theirs.Decode(prompt, 80);

        Assert.Equal(expected, tokens);
        Assert.Equal(new DecodingResult(DecodingEnd.MaxNewTokens, 50, 0, 80), result);
        Assert.Equal((ours.ContextTokens, ours.VocabSize), (theirs.ContextTokens, theirs.VocabSize));
        Assert.Equal(ours.EndTokenIds, theirs.EndTokenIds);

        // Two slots and three more to decode four at once; another one, as the graph reads one tensor and writes another.
        Assert.Equal(grows ? ours.KvBytes / 5 * 6 : ours.KvBytes, theirs.KvBytes);
    }

    [Theory]
    [InlineData("shared", 0.001)]
    [InlineData("plain", 0.001)]
    [InlineData("keep", 0.001)]
    [InlineData("merged", 0.001)]
    [InlineData("half-kv", 0.05)]
    [InlineData("half-logits", 0.05)]
    [InlineData("half", 0.05)]
    [InlineData("bfloat16", 0.3)]
    public async Task LogProbabilitiesAsync_EveryRowOfEveryChunk_IsNearOurs(string form, double tolerance)
    {
        int[] text = Prompt(120, 5, 96);
        using DecodingEngine ours = model.Load("random", "ours");
        using DecodingEngine theirs = GenAiModel.Load(Write("random", form), chunkTokens: 32);

        float[] expected = await ours.LogProbabilitiesAsync(text, TestContext.Current.CancellationToken);
        float[] found = await theirs.LogProbabilitiesAsync(text, TestContext.Current.CancellationToken);

        Assert.Equal(120, found.Length);
        Assert.All(found.Skip(1).Zip(expected.Skip(1)), pair => Assert.InRange(pair.First - pair.Second, -tolerance, tolerance));
        Assert.True(expected.Skip(1).Max() - expected.Skip(1).Min() > 3, "All alike; the tolerance would prove nothing.");
    }

    [Theory]
    [InlineData("shared")]
    [InlineData("plain")]
    [InlineData("keep")]
    [InlineData("merged")]
    [InlineData("half")]
    public async Task DecodeAsync_InChunksRewoundAndCopied_EqualFreshRuns(string form)
    {
        string path = Write("random", form);
        int[] trunk = Prompt(100, 1, 96);
        int[] branch = [.. trunk[..70], .. Prompt(20, 9, 96)];
        int[] side = [.. trunk[..20], .. Prompt(20, 8, 96)];
        using DecodingEngine fresh = GenAiModel.Load(path, slots: 4);
        (int[] expectedTrunk, _) = await fresh.Decode(trunk, 30);
        using DecodingEngine second = GenAiModel.Load(path, slots: 4);
        (int[] expectedBranch, _) = await second.Decode(branch, 30);
        using DecodingEngine third = GenAiModel.Load(path, slots: 4);
        (int[] expectedSide, _) = await third.Decode(side, 30);

        using DecodingEngine engine = GenAiModel.Load(path, chunkTokens: 16, slots: 2);
        (int[] trunkTokens, _) = await engine.Decode(trunk, 30);
        (int[] resumed, DecodingResult continued) = await engine.Decode([.. trunk, .. trunkTokens[..20]], 10);
        (int[] branchTokens, DecodingResult rewound) = await engine.Decode(branch, 30);
        (int[] sideTokens, DecodingResult copied) = await engine.Decode(side, 30);

        Assert.Equal(expectedTrunk, trunkTokens);
        Assert.Equal(expectedTrunk[20..], resumed);
        Assert.Equal(expectedBranch, branchTokens);
        Assert.Equal(expectedSide, sideTokens);
        Assert.Equal((119, 70, 20), (continued.CachedPromptTokens, rewound.CachedPromptTokens, copied.CachedPromptTokens));
    }

    [Fact]
    public void Run_FailedStep_LeavesTheSlotAsItWas()
    {
        using DecoderModel decoder = DecoderModel.Load(Write("random", "plain"), new OnnxRuntimeOptions { IntraOpThreads = 1 }, NullLogger.Instance);
        using KvCache cache = KvCache.Create(decoder, rows: 1, capacity: 100);
        using var runner = new ModelRunner(decoder, cache);
        using var options = new OrtRunOptions(decoder.Session.Environment);
        runner.Run(0, Prompt(20, 1, 96), 0, 1, options);
        float[] expected = [.. runner.Run(0, [7], 20, 1, options)];

        Assert.Throws<OnnxRuntimeException>(() => runner.Run(0, [7, 960_000], 20, 1, options).Length);

        Assert.Equal(expected, runner.Run(0, [7], 20, 1, options).ToArray());
    }

    [Theory]
    [InlineData("shared")]
    [InlineData("plain")]
    [InlineData("half")]
    public void Run_OneToken_AllocatesNothing(string form)
    {
        using DecoderModel decoder = DecoderModel.Load(Write("random", form), new OnnxRuntimeOptions { IntraOpThreads = 1 }, NullLogger.Instance);
        using KvCache cache = KvCache.Create(decoder, rows: 1, capacity: 100);
        using var runner = new ModelRunner(decoder, cache);
        using var options = new OrtRunOptions(decoder.Session.Environment);
        int[] token = [7];
        for (int past = 0; past < 5; past++)
        {
            runner.Run(0, token, past, 1, options);
        }

        // Code that is not optimised yet may allocate; on a busy machine that takes some rounds.
        Assert.Contains(0L, Enumerable.Range(0, 300).Select(_ => Allocated()));

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int past = 5; past < 95; past++)
            {
                runner.Run(0, token, past, 1, options);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Theory]
    [InlineData("shared")]
    [InlineData("plain")]
    public async Task OnnxChatClient_GraphInItsFolderWithShards_RepliesAsOurExport(string form)
    {
        string path = Write("seed", form);
        OptimumModel.MoveAndShard(path);
        using OnnxChatClient ours = Open(model.FolderOf("seed", "ours"));
        using OnnxChatClient theirs = Open(path);
        ChatMessage[] question = [FakeChat.User("Write a 20-word story about a dog.")];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 40 };

        ChatResponse expected = await ours.GetResponseAsync(question, options, TestContext.Current.CancellationToken);
        ChatResponse response = await theirs.GetResponseAsync(question, options, TestContext.Current.CancellationToken);

        Assert.NotEmpty(response.Text);
        Assert.Equal(expected.Text, response.Text);
        Assert.Equal(expected.FinishReason, response.FinishReason);

        static OnnxChatClient Open(string path) => OnnxChatClient.Load(
            new OnnxChatClientOptions { ModelFolder = path, CacheFolder = "never-written" }, cancellationToken: TestContext.Current.CancellationToken);
    }

    public void Dispose() => folder.Dispose();

    private string Write(string name, string form)
    {
        string path = folder.At($"{name}-{form}");
        OptimumModel.Write(model, name, form, path);
        return path;
    }
}
