using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Export.Protobuf;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Chat;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>Graphs with an attention mask and logits of all positions give what our own signature gives.</summary>
[Collection(nameof(GenAiModel))]
public sealed class GenAiDecodingTests(GenAiModel model)
{
    [Theory]
    [InlineData("random", 96)]
    [InlineData("seed", 4096)]
    public async Task DecodeAsync_SameWeights_EqualsOurOwnExport(string name, int vocabSize)
    {
        int[] prompt = Prompt(50, 1, vocabSize);
        using DecodingEngine ours = model.Load(name, "ours");
        using DecodingEngine genai = model.Load(name, "genai");

        (int[] expected, _) = await ours.Decode(prompt, 80);
        (int[] tokens, DecodingResult result) = await genai.Decode(prompt, 80);

        Assert.Equal(expected, tokens);
        Assert.Equal(new DecodingResult(DecodingEnd.MaxNewTokens, 50, 0, 80), result);
        Assert.Equal((ours.ContextTokens, ours.VocabSize), (genai.ContextTokens, genai.VocabSize));
        Assert.Equal(ours.EndTokenIds, genai.EndTokenIds);
    }

    [Theory]
    [InlineData("genai", 0.001)]
    [InlineData("half", 0.05)]
    [InlineData("ours-half", 0.05)]
    public async Task LogProbabilitiesAsync_EveryRowOfEveryChunk_IsNearOurs(string form, double tolerance)
    {
        int[] text = Prompt(120, 5, 96);
        using DecodingEngine ours = model.Load("random", "ours");
        using DecodingEngine genai = model.Load("random", form, chunkTokens: 32);

        float[] expected = await ours.LogProbabilitiesAsync(text, TestContext.Current.CancellationToken);
        float[] found = await genai.LogProbabilitiesAsync(text, TestContext.Current.CancellationToken);

        Assert.Equal(120, found.Length);
        Assert.All(found.Skip(1).Zip(expected.Skip(1)), pair => Assert.InRange(pair.First - pair.Second, -tolerance, tolerance));
    }

    [Theory]
    [InlineData("genai", 16)]
    [InlineData("genai", 64)]
    [InlineData("half", 16)]
    [InlineData("half", 64)]
    public async Task DecodeAsync_InChunksAfterOthersAndResumed_SameTokens(string form, int chunkTokens)
    {
        int[] prompt = Prompt(110, 1, 96);
        using DecodingEngine whole = model.Load("random", form);
        (int[] expected, _) = await whole.Decode(prompt, 40);

        using DecodingEngine engine = model.Load("random", form, chunkTokens);
        (int[] inChunks, _) = await engine.Decode(prompt, 40);
        await engine.Decode(Prompt(70, 2, 96), 20);
        (int[] afterOthers, DecodingResult second) = await engine.Decode(prompt, 40);
        (int[] resumed, DecodingResult third) = await engine.Decode([.. prompt, .. expected[..25]], 15);

        Assert.Equal(40, expected.Length);
        Assert.Equal(expected, inChunks);
        Assert.Equal(expected, afterOthers);
        Assert.Equal(expected[25..], resumed);
        Assert.Equal(109, second.CachedPromptTokens);
        Assert.Equal(134, third.CachedPromptTokens);
    }

    [Theory]
    [InlineData("genai")]
    [InlineData("half")]
    public async Task DecodeAsync_RewoundAndCopiedPrefixes_EqualFreshRuns(string form)
    {
        int[] trunk = Prompt(100, 1, 96);
        int[] branch = [.. trunk[..70], .. Prompt(20, 9, 96)];
        int[] side = [.. trunk[..20], .. Prompt(20, 8, 96)];
        using DecodingEngine fresh = model.Load("random", form, slots: 4);
        (int[] expectedBranch, _) = await fresh.Decode(branch, 30);
        using DecodingEngine other = model.Load("random", form, slots: 4);
        (int[] expectedSide, _) = await other.Decode(side, 30);

        using DecodingEngine engine = model.Load("random", form, slots: 2);
        await engine.Decode(trunk, 30);
        (int[] branchTokens, DecodingResult rewound) = await engine.Decode(branch, 30);
        (int[] sideTokens, DecodingResult copied) = await engine.Decode(side, 30);

        Assert.Equal(expectedBranch, branchTokens);
        Assert.Equal(expectedSide, sideTokens);
        Assert.Equal(70, rewound.CachedPromptTokens);
        Assert.Equal(20, copied.CachedPromptTokens);
    }

    [Fact]
    public async Task DecodeAsync_GraphThatTakesPositions_GetsThem()
    {
        using var folder = new TemporaryFolder();
        GenAiModel.Copy(model.FolderOf("random", "genai"), folder.At("positions"));
        GenAiModel.EditGraph(folder.At("positions"), graph =>
        {
            // Input 9 of GroupQueryAttention is where its rotary embedding takes positions from.
            ValueInfoProto positions = graph.Input.First(input => input.Name == "input_ids").Clone();
            positions.Name = "position_ids";
            graph.Input.Add(positions);
            foreach (NodeProto node in graph.Node.Where(node => node.OpType == "GroupQueryAttention"))
            {
                node.Input.Add("position_ids");
            }
        });
        int[] prompt = Prompt(50, 1, 96);
        using DecodingEngine plain = model.Load("random", "genai");
        (int[] expected, _) = await plain.Decode(prompt, 40);

        using DecodingEngine engine = GenAiModel.Load(folder.At("positions"), chunkTokens: 16);

        Assert.Equal(expected, (await engine.Decode(prompt, 40)).Tokens);
    }

    [Fact]
    public async Task DecodeAsync_HalfKeysAndValuesInEitherSignature_SameTokens()
    {
        int[] prompt = Prompt(50, 1, 4096);
        using DecodingEngine ours = model.Load("seed", "ours-half");
        using DecodingEngine genai = model.Load("seed", "half");

        (int[] expected, _) = await ours.Decode(prompt, 40);

        Assert.Equal(expected, (await genai.Decode(prompt, 40)).Tokens);
    }

    [Theory]
    [InlineData("genai")]
    [InlineData("half")]
    public void Run_OneToken_AllocatesNothing(string form)
    {
        using DecoderModel decoder = DecoderModel.Load(model.FolderOf("random", form), new OnnxRuntimeOptions { IntraOpThreads = 1 }, NullLogger.Instance);
        using var cache = KvCache.Create(decoder, rows: 1, capacity: 100);
        using var runner = new ModelRunner(decoder, cache);
        using var options = new OrtRunOptions(decoder.Session.Environment);
        int[] token = [7];
        for (int past = 0; past < 5; past++)
        {
            runner.Run(0, token, past, 1, options);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int past = 5; past < 95; past++)
        {
            runner.Run(0, token, past, 1, options);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void ModelHash_OneWeightChanged_IsAnother()
    {
        using var folder = new TemporaryFolder();
        GenAiModel.Copy(model.FolderOf("random", "genai"), folder.At("copy"));
        string first = Hash();
        string again = Hash();
        using (FileStream data = File.OpenWrite(folder.At("copy", "model.onnx.data")))
        {
            data.Position = data.Length - 4;
            data.Write([1, 2, 3, 4]);
        }

        Assert.Matches("^[0-9a-f]{64}$", first);
        Assert.Equal(first, again);
        Assert.NotEqual(first, Hash());

        string Hash()
        {
            using DecodingEngine engine = GenAiModel.Load(folder.At("copy"));
            return engine.ModelHash;
        }
    }

    [Fact]
    public async Task OnnxChatClient_FolderOfTheBuilder_RepliesAsOurExport()
    {
        using OnnxChatClient ours = Open("ours");
        using OnnxChatClient genai = Open("genai");
        ChatMessage[] question = [FakeChat.User("Write a 20-word story about a dog.")];
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 40 };

        ChatResponse expected = await ours.GetResponseAsync(question, options, TestContext.Current.CancellationToken);
        ChatResponse response = await genai.GetResponseAsync(question, options, TestContext.Current.CancellationToken);

        Assert.NotEmpty(response.Text);
        Assert.Equal(expected.Text, response.Text);
        Assert.Equal(expected.FinishReason, response.FinishReason);

        OnnxChatClient Open(string form) => OnnxChatClient.Load(
            new OnnxChatClientOptions { ModelFolder = model.FolderOf("seed", form), CacheFolder = "never-written" },
            cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task OnnxChatClient_GenAiAsTheExportOfASource_IsCachedAndRuns()
    {
        Assert.SkipWhen(Tests.Export.EmbeddedModel.Folder is null, "No seed model on this machine.");
        using var cache = new TemporaryFolder();
        using OnnxChatClient client = OnnxChatClient.Load(
            new OnnxChatClientOptions
            {
                ModelFolder = Tests.Export.EmbeddedModel.Folder!,
                CacheFolder = cache.Path,
                Export = new ExportOptions { Signature = Signature.GenAi, Kv = KvPrecision.Float16 },
            },
            cancellationToken: TestContext.Current.CancellationToken);

        ChatResponse response = await client.GetResponseAsync(
            [FakeChat.User("Write a 20-word story about a dog.")], new ChatOptions { Temperature = 0, MaxOutputTokens = 20 }, TestContext.Current.CancellationToken);

        Assert.NotEmpty(response.Text);
        Assert.EndsWith("-int8-b32-kv16-genai-v1", Assert.Single(Directory.GetDirectories(cache.Path)), StringComparison.Ordinal);
    }
}
