using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using LongWriter.Onnx.Tests.Export;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>The engine over operators of ours: the same text alone, in batches and with drafts, and prompts read by the other graph.</summary>
public sealed class OwnOperatorDecodingTests
{
    private static readonly ExportOptions Own = new() { Weights = WeightPrecision.Int4, BlockSize = 64, OwnOperators = true, FloatPrefill = false };

    private static readonly OnnxRuntimeOptions Runtime = new() { IntraOpThreads = 1, AllowSpinning = false };

    [Fact]
    public async Task DecodeAsync_AtOnceOrWithDrafts_SameTextAsAlone()
    {
        using var model = new OwnOperatorModel(Own);
        int[][] prompts = [.. Enumerable.Range(0, 6).Select(seed => Prompt(5 + 11 * seed, seed, vocabSize: 96))];
        using DecodingEngine plain = Load(model.Export("own", Own));
        List<int[]> expected = [];
        foreach (int[] prompt in prompts)
        {
            expected.Add((await plain.Decode(prompt, 100)).Tokens);
        }

        (int[] Tokens, DecodingResult)[] atOnce = await Task.WhenAll(prompts.Select(prompt => plain.Decode(prompt, 100)));

        // Weights in other blocks make a model that is often right and sometimes wrong.
        using DecodingEngine drafting = Load(model.Export("own", Own), draftModel: model.Export("drafts", Own with { BlockSize = 128 }));
        List<(int[] Tokens, DecodingResult Result)> drafted = [];
        foreach (int[] prompt in prompts)
        {
            drafted.Add(await drafting.Decode(prompt, 100));
        }

        (int[] Tokens, DecodingResult)[] draftedAtOnce = await Task.WhenAll(prompts.Select(prompt => drafting.Decode(prompt, 100)));

        Assert.Equal(expected, atOnce.Select(answer => answer.Tokens));
        Assert.Equal(expected, drafted.Select(answer => answer.Tokens));
        Assert.Equal(expected, draftedAtOnce.Select(answer => answer.Tokens));
        Assert.InRange(drafted.Sum(answer => answer.Result.AcceptedTokens), 20, drafted.Sum(answer => answer.Result.DraftedTokens) - 20);
    }

    /// <summary>Products of ours over the same weights, and ONNX Runtime's attention over float32 keys and values.</summary>
    [Fact]
    public void Load_WithPrefill_ReadsPromptsAsTheSameModel()
    {
        ExportOptions options = Own with { FloatPrefill = true };
        using var model = new OwnOperatorModel(options);
        int[] prompt = Prompt(80, 1, vocabSize: 96);
        using DecoderModel pair = DecoderModel.Load(model.Export("both", options), Runtime, NullLogger.Instance, withPrefill: true);

        float[] own = Logits(pair, prompt);
        float[] prefill = Logits(pair.Prefill!, prompt);

        Assert.NotEqual(own, prefill);
        Assert.InRange(LogitDistance.RelativeError([own], [prefill]), 0, 0.1);
    }

    [Fact]
    public async Task DecodeAsync_WithPrefill_SameModel()
    {
        ExportOptions options = Own with { FloatPrefill = true };
        using var model = new OwnOperatorModel(options);
        int[] prompt = Prompt(100, 1, vocabSize: 96);
        using DecodingEngine with = Load(model.Export("both", options), chunkTokens: 100);
        using DecodingEngine without = Load(model.Export("own", Own));

        float[] floats = await with.LogProbabilitiesAsync(prompt, TestContext.Current.CancellationToken);
        float[] expected = await without.LogProbabilitiesAsync(prompt, TestContext.Current.CancellationToken);

        Assert.NotEqual(expected, floats);
        Assert.InRange(Math.Abs(expected.Skip(1).Average() - floats.Skip(1).Average()), 0, 0.05);
    }

    private static float[] Logits(DecoderModel model, int[] prompt)
    {
        using KvCache cache = KvCache.Create(model, rows: 1, prompt.Length);
        using var runner = new ModelRunner(model, cache);
        using var options = new OrtRunOptions(model.Session.Environment);
        return [.. runner.Run(0, prompt, 0, prompt.Length, options)];
    }

    private static DecodingEngine Load(string folder, int chunkTokens = 32, string? draftModel = null) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = folder,
            Threads = 1,
            PrefillChunkTokens = chunkTokens,
            PromptLookup = false,
            DraftModelFolder = draftModel,
            DraftGate = new DraftGate(isAlwaysOpen: true),
            Runtime = Runtime,
        },
        NullLogger.Instance);
}
