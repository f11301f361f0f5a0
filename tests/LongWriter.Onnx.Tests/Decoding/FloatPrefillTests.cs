using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Export;
using LongWriter.Onnx.Tests.Model;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Decoding;

/// <summary>Reading prompts with float32 keys and values into a cache of int8 ones.</summary>
public sealed class FloatPrefillTests : IDisposable
{
    private const int Plenty = 1 << 26;

    private static readonly OnnxRuntimeOptions Runtime = new() { IntraOpThreads = 1, AllowSpinning = false };

    private readonly TemporaryFolder folder = new();

    public FloatPrefillTests()
    {
        Assert.SkipWhen(EmbeddedModel.Folder is null, "No seed model on this machine.");
        ModelExporter.Export(EmbeddedModel.Folder!, Exported, ExportOptions.Fast with { OwnOperators = false });
    }

    private string Exported => folder.At("fast");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Run_FirstLayer_QuantizesAsTheGraphDoes()
    {
        using var reading = new Reading(Exported);
        int[] prompt = Prompt(200, 1);
        reading.Plain.Run(0, prompt, 0, 1, reading.Options);
        reading.Floats.Run(1, prompt, 0, 1, reading.Options);

        // In the first layer both attend to nothing yet when they make keys and values; behind it they differ by what int8 loses.
        int heads = reading.Model.Manifest.Kv.HeadCount;
        for (int piece = 0; piece < 2 * heads; piece++)
        {
            Assert.Equal(reading.Cache.Positions(piece, 0, 0, 200), reading.Cache.Positions(piece, 1, 0, 200));
        }
    }

    [Fact]
    public void Run_LastLayer_LiesWithinAFewStepsOfTheGraphs()
    {
        using var reading = new Reading(Exported);
        int[] prompt = Prompt(200, 1);
        float[] plain = [.. reading.Plain.Run(0, prompt, 0, 1, reading.Options)];
        float[] floats = [.. reading.Floats.Run(1, prompt, 0, 1, reading.Options)];

        Assert.True(plain.Zip(floats, (a, b) => Math.Abs(a - b)).Max() < 0.5, "Logits must be those of the same model.");
        Assert.Equal(plain.Index().MaxBy(item => item.Item).Index, floats.Index().MaxBy(item => item.Item).Index);
    }

    [Fact]
    public void Run_WhateverHappenedToTheRow_ReadsBehindWhatIsThere()
    {
        using var reading = new Reading(Exported);
        int[] first = Prompt(120, 1);
        int[] second = Prompt(90, 2);
        int[] tail = Prompt(64, 3);

        // Read in one go, chunk after chunk.
        float[] Fresh(params int[][] parts)
        {
            using var fresh = new Reading(Exported);
            int past = 0;
            float[] logits = [];
            foreach (int[] part in parts)
            {
                logits = [.. fresh.Floats.Run(0, part, past, 1, fresh.Options)];
                fresh.Cache.Touch(0);
                past += part.Length;
            }

            return logits;
        }

        float[] expected = Fresh(first, tail);

        // Another row was read in between.
        reading.Floats.Run(0, first, 0, 1, reading.Options);
        reading.Floats.Run(1, second, 0, 1, reading.Options);
        Assert.Equal(expected, reading.Floats.Run(0, tail, 120, 1, reading.Options).ToArray());

        // The row was copied to another one, of which the scratch knew as many tokens.
        reading.Floats.Run(1, [.. second, .. Prompt(30, 4)], 0, 1, reading.Options);
        reading.Cache.CopyPrefix(0, 1, 120);
        Assert.Equal(expected, reading.Floats.Run(1, tail, 120, 1, reading.Options).ToArray());

        // Rows changed places.
        reading.Floats.Run(1, [.. second, .. Prompt(30, 4)], 0, 1, reading.Options);
        reading.Cache.Swap(0, 184, 1, 120);
        Assert.Equal(expected, reading.Floats.Run(1, tail, 120, 1, reading.Options).ToArray());

        // What was there was written from a file.
        byte[] kept = new byte[120 * reading.Cache.BytesPerToken];
        reading.Cache.Read(1, 0, 120, kept);
        reading.Floats.Run(0, [.. second, .. Prompt(30, 4)], 0, 1, reading.Options);
        reading.Cache.Write(0, 0, 120, kept);
        Assert.Equal(expected, reading.Floats.Run(0, tail, 120, 1, reading.Options).ToArray());

        // A token was decoded behind them by the other graph.
        long version = reading.Cache.VersionOf(0);
        reading.Floats.Run(0, first.AsSpan(0, 1), 184, 1, reading.Options);
        Assert.NotEqual(version, reading.Cache.VersionOf(0));
    }

    [Fact]
    public void Run_AfterARewind_UsesWhatIsStillInTheScratch()
    {
        using var reading = new Reading(Exported);
        int[] prompt = Prompt(128, 1);
        reading.Floats.Run(0, prompt, 0, 1, reading.Options);
        float[] once = [.. reading.Floats.Run(0, Prompt(40, 2), 64, 1, reading.Options)];
        reading.Floats.Run(0, prompt.AsSpan(64), 64, 1, reading.Options);

        Assert.Equal(once, reading.Floats.Run(0, Prompt(40, 2), 64, 1, reading.Options).ToArray());
    }

    [Fact]
    public async Task DecodeAsync_WithAndWithoutScratch_SameModel()
    {
        int[] prompt = Prompt(300, 1);
        using DecodingEngine without = Load(scratchBytes: 0);
        using DecodingEngine with = Load(Plenty);
        using DecodingEngine little = Load(scratchBytes: 200L * 4 * without.KvTokenBytes);

        float[] expected = await without.LogProbabilitiesAsync(prompt, TestContext.Current.CancellationToken);
        float[] floats = await with.LogProbabilitiesAsync(prompt, TestContext.Current.CancellationToken);
        float[] some = await little.LogProbabilitiesAsync(prompt, TestContext.Current.CancellationToken);

        Assert.NotEqual(expected, floats);
        Assert.InRange(Math.Abs(expected.Skip(1).Average() - floats.Skip(1).Average()), 0, 0.01);
        Assert.InRange(Math.Abs(expected.Skip(1).Average() - some.Skip(1).Average()), 0, 0.01);
        (int[] tokens, _) = await with.Decode(prompt, 20);
        (int[] again, _) = await with.Decode(prompt, 20);
        Assert.Equal(20, tokens.Length);
        Assert.Equal(20, again.Length);
    }

    [Theory]
    [InlineData(WeightPrecision.Int4)]
    [InlineData(WeightPrecision.Int8)]
    public void Load_TwoGraphs_ComputeWhatEachComputesAlone(WeightPrecision weights)
    {
        string both = folder.At($"both-{weights}");
        ModelExporter.Export(EmbeddedModel.Folder!, both, ExportOptions.Fast with { OwnOperators = false, Weights = weights }, cancellationToken: TestContext.Current.CancellationToken);
        string floats = folder.At($"floats-{weights}");
        ModelExporter.Export(EmbeddedModel.Folder!, floats, ExportOptions.Fast with { OwnOperators = false, Weights = weights, Kv = KvPrecision.Float32 }, cancellationToken: TestContext.Current.CancellationToken);
        int[] prompt = Prompt(80, 1);

        // Weights that are shared were packed once, and must be what they are alone.
        using DecoderModel pair = DecoderModel.Load(both, Runtime, NullLogger.Instance, withPrefill: true);
        using DecoderModel alone = DecoderModel.Load(both, Runtime, NullLogger.Instance);
        using DecoderModel ofFloats = DecoderModel.Load(floats, Runtime, NullLogger.Instance);

        Assert.Null(alone.Prefill);
        Assert.Equal(Logits(alone, prompt), Logits(pair, prompt));
        Assert.Equal(Logits(ofFloats, prompt), Logits(pair.Prefill!, prompt));
    }

    [Fact]
    public void Load_PrefillOverOtherWeights_IsRefused()
    {
        string other = folder.At("other");
        RandomLlama.Write(folder.At("other-source"), RandomLlama.Config(), seed: 3);
        ModelExporter.Export(folder.At("other-source"), other, ExportOptions.Fast with { OwnOperators = false }, cancellationToken: TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(other, "prefill.onnx"), Path.Combine(Exported, "prefill.onnx"), overwrite: true);

        ModelFormatException refused = Assert.Throws<ModelFormatException>(() => DecoderModel.Load(Exported, Runtime, NullLogger.Instance, withPrefill: true));
        Assert.Equal("prefill.onnx: expected the weights of model.onnx, found others.", refused.Message);
    }

    [Fact]
    public void Load_PrefillIsMissing_IsNamed()
    {
        File.Delete(Path.Combine(Exported, "prefill.onnx"));

        ModelFormatException refused = Assert.Throws<ModelFormatException>(() => DecoderModel.Load(Exported, Runtime, NullLogger.Instance, withPrefill: true));
        Assert.Equal($"longwriter.json: prefill_model: expected a file in '{Exported}', found no 'prefill.onnx'.", refused.Message);
    }

    [Fact]
    public void Export_ReproducibleProfile_HasNone()
    {
        string reproducible = folder.At("reproducible");
        ModelExporter.Export(EmbeddedModel.Folder!, reproducible, cancellationToken: TestContext.Current.CancellationToken);

        Assert.False(File.Exists(Path.Combine(reproducible, "prefill.onnx")));
        ArgumentException refused = Assert.Throws<ArgumentException>(() => (ExportOptions.Reproducible with { FloatPrefill = true }).Validate());
        Assert.Contains("FloatPrefill must be false or null", refused.Message, StringComparison.Ordinal);
    }

    private static float[] Logits(DecoderModel model, int[] prompt)
    {
        using KvCache cache = KvCache.Create(model, rows: 1, prompt.Length);
        using var runner = new ModelRunner(model, cache);
        using var options = new OrtRunOptions(model.Session.Environment);
        return [.. runner.Run(0, prompt, 0, prompt.Length, options)];
    }

    private DecodingEngine Load(long scratchBytes) => DecodingEngine.Load(
        new EngineOptions
        {
            ModelFolder = Exported,
            Threads = 1,
            PrefillChunkTokens = 100,
            PrefillScratchBytes = scratchBytes,
            Runtime = Runtime,
        },
        NullLogger.Instance);

    /// <summary>Two rows, read by either way.</summary>
    private sealed class Reading : IDisposable
    {
        private const int Capacity = 512;

        public Reading(string folder)
        {
            Model = DecoderModel.Load(folder, Runtime, NullLogger.Instance, withPrefill: true);
            Cache = (SharedKvCache)KvCache.Create(Model, rows: 2, Capacity);
            Plain = new ModelRunner(Model, Cache);
            Floats = new ModelRunner(Model, Cache, FloatPrefill.Create(Model, Cache, Plenty));
            Options = new OrtRunOptions(Model.Session.Environment);
        }

        public DecoderModel Model { get; }

        public SharedKvCache Cache { get; }

        public ModelRunner Plain { get; }

        public ModelRunner Floats { get; }

        public OrtRunOptions Options { get; }

        public void Dispose()
        {
            Options.Dispose();
            Floats.Dispose();
            Plain.Dispose();
            Cache.Dispose();
            Model.Dispose();
        }
    }
}
