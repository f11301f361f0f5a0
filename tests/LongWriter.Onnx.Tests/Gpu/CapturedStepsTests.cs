using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>
/// Decode steps as CUDA graphs, over a double that replays a captured run as CUDA does: the same memory, the host's values as they were, nothing written to
/// the host.
/// </summary>
[Collection(nameof(GpuModels))]
public sealed class CapturedStepsTests(GpuModels models)
{
    private const int Vocabulary = 96;

    private static readonly CudaProvider Capturing = new() { EnableCudaGraph = true };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DecodeAsync_OneSequence_CapturesOnceReplaysAndGivesTheTokensOfTheCpu(bool half)
    {
        string folder = half ? models.Half : models.Reproducible;
        int[] prompt = Prompt(40, 1, Vocabulary);
        using DecodingEngine onCpu = GpuModels.Load(folder, device: null, chunkTokens: 16);
        (int[] expected, _) = await onCpu.Decode(prompt, 30);
        using var device = new FakeDevice { Captures = true };
        using DecodingEngine engine = GpuModels.Load(folder, device, Capturing, chunkTokens: 16);

        (int[] tokens, _) = await engine.Decode(prompt, 30);

        Assert.Equal(expected, tokens);
        Assert.Empty(device.Violations);

        // 40 tokens in chunks of 16, 16 and 8; then 29 more steps.
        Assert.Equal(
            ["Run not captured", "Run not captured", "Run not captured", "Run captured as 1", .. Enumerable.Repeat("Run replayed 1", 28)],
            device.CallsOf("Run"));
        Assert.Equal(["AddRunConfigEntry gpu_graph_id=-1", "AddRunConfigEntry gpu_graph_id=1"], device.CallsOf("AddRunConfigEntry"));
        Assert.Equal("Cuda", device.LastPlacement["logits"]);
    }

    [Fact]
    public async Task DecodeAsync_SteadyState_CopiesIdsAndLengthsThereAndLogitsBack()
    {
        using var device = new FakeDevice { Captures = true };
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device, Capturing);
        List<string[]> steps = [];

        await engine.DecodeAsync(
            new DecodingRequest(Prompt(20, 1, Vocabulary), SamplingOptions.Greedy, 12, []),
            _ =>
            {
                steps.Add([.. device.Calls]);
                device.Forget();
                return true;
            },
            TestContext.Current.CancellationToken);

        Assert.All(steps.Skip(2), calls => Assert.Equal(
            ["Copy CudaPinned->Cuda 8", "Copy CudaPinned->Cuda 4", "Run replayed 1", "SynchronizeOutputs ", $"Copy Cuda->CudaPinned {Vocabulary * sizeof(float)}"], calls));
    }

    [Fact]
    public async Task DecodeAsync_PromptsInBetweenAndOtherRows_EachSetOfRowsHasItsGraph()
    {
        int[][] prompts = [.. Enumerable.Range(0, 4).Select(i => Prompt(15 + 20 * i, i, Vocabulary))];
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        int[][] expected = await GpuModels.DecodeInTurn(onCpu, prompts);
        using var device = new FakeDevice { Captures = true };
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device, Capturing);
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(expected, await GpuModels.DecodeTogether(engine, prompts));
        }

        Assert.Empty(device.Violations);
        string[] runs = device.CallsOf("Run");
        string[] captured = [.. runs.Where(run => run.StartsWith("Run captured", StringComparison.Ordinal))];
        Assert.InRange(captured.Length, 4, 15);
        Assert.Equal(captured.Length, captured.Distinct().Count());
        Assert.True(runs.Count(run => run.StartsWith("Run replayed", StringComparison.Ordinal)) > 3 * captured.Length);
        Assert.Equal(captured.Length + 1, device.CallsOf("AddRunConfigEntry").Length);
    }

    [Fact]
    public async Task DecodeAsync_Cancelled_EndsAndTheNextReplyIsWhole()
    {
        int[] prompt = Prompt(40, 1, Vocabulary);
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        (int[] expected, _) = await onCpu.Decode(prompt, 30);
        using var device = new FakeDevice { Captures = true };
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device, Capturing);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.DecodeAsync(
            new DecodingRequest(prompt, SamplingOptions.Greedy, 200, []),
            _ =>
            {
                stop.Cancel();
                return true;
            },
            stop.Token));
        (int[] tokens, _) = await engine.Decode(prompt, 30);

        Assert.Equal(expected, tokens);
        Assert.Empty(device.Violations);
    }

    [Fact]
    public void Run_DraftsBetweenCapturedSteps_ReplaysAroundThem()
    {
        using var device = new FakeDevice { Captures = true };
        var options = new OnnxRuntimeOptions { IntraOpThreads = 1, Provider = Capturing, Environment = device.Environment };
        float[][] expected = Logits(models.Reproducible, new OnnxRuntimeOptions { IntraOpThreads = 1 });

        Assert.Equal(expected, Logits(models.Reproducible, options));

        Assert.Equal(["Run not captured", "Run captured as 1", "Run not captured", "Run replayed 1", "Run not captured", "Run replayed 1"], device.CallsOf("Run"));
        Assert.Empty(device.Violations);

        // A prompt; then a token and a token with four drafts, of which none is kept, in turns.
        static float[][] Logits(string folder, OnnxRuntimeOptions options)
        {
            using var model = DecoderModel.Load(folder, options, NullLogger.Instance);
            using KvCache cache = KvCache.Create(model, rows: 1, capacity: 64);
            using var runner = new ModelRunner(model, cache);
            using var run = new OrtRunOptions(model.Session.Environment);
            List<float[]> logits = [runner.Run(0, Prompt(20, 1, Vocabulary), 0, 1, run).ToArray()];
            for (int past = 20; past < 22; past++)
            {
                logits.Add(runner.Run(0, [past], past, 1, run).ToArray());
                logits.Add(runner.Run(0, [past + 1, 7, 8, 9, 10], past + 1, 5, run).ToArray());
            }

            logits.Add(runner.Run(0, [30], 22, 1, run).ToArray());
            return [.. logits];
        }
    }

    [Fact]
    public void Select_MoreRowsThanGraphs_RunsTheRestWithoutOne()
    {
        using var device = new FakeDevice();
        using var options = new OrtRunOptions(device.Environment);
        var captured = new CapturedSteps(most: 2);
        (int FirstRow, int Rows, int Tokens)[] runs = [(0, 1, 7), (0, 1, 1), (0, 2, 1), (1, 2, 1), (0, 1, 1), (0, 2, 1)];

        foreach ((int firstRow, int rows, int tokens) in runs)
        {
            captured.Select(options, firstRow, rows, tokens);
        }

        Assert.Equal(["AddRunConfigEntry gpu_graph_id=-1", "AddRunConfigEntry gpu_graph_id=1", "AddRunConfigEntry gpu_graph_id=2"], device.CallsOf("AddRunConfigEntry"));
    }

    [Fact]
    public void Terminate_BeforeAGraphIsSelected_StopsItsRun()
    {
        using OrtSession session = OrtSession.Load(Runtime.TinyGraph.Affine(), new OnnxRuntimeOptions { IntraOpThreads = 1 });
        using var binding = new OrtIoBinding(session);
        using OrtTensor x = OrtTensor.From<float>(session.Environment, [1, 2, 3], 1, 3);
        using OrtTensor y = OrtTensor.Allocate(session.Environment, TensorElementType.Float, 1, 3);
        binding.BindInput(0, x);
        binding.BindOutput(0, y);
        using var options = new OrtRunOptions(session.Environment);
        options.SelectGraph(1);
        session.Run(binding, options);

        options.Terminate();
        options.SelectGraph(2);
        Assert.Throws<OperationCanceledException>(() => session.Run(binding, options));
        options.SelectGraph(1);
        Assert.Throws<OperationCanceledException>(() => session.Run(binding, options));
        options.Reset();
        session.Run(binding, options);

        Assert.Equal([2f, 21f, 301f], y.AsSpan<float>().ToArray());
    }

    [Fact]
    public void Load_AttentionOnTheHost_IsRefused()
    {
        using var device = new FakeDevice { HostInputs = { "past_key_values.0.key", "past_key_values.0.value", "past_key_values.1.key", "past_key_values.1.value" } };

        var failure = Assert.Throws<ArgumentException>(() => GpuModels.Load(models.Reproducible, device, Capturing));

        Assert.Equal(
            "Provider.EnableCudaGraph needs attention on the GPU, and CUDA has it for float16 and bfloat16 only; this model's keys and values are int8. Export it with ExportOptions.Gpu.",
            failure.Message);
    }

    [Fact]
    public void Load_OnnxRuntimeRefusesToCapture_SaysWhyWhereAttentionIsTheReason()
    {
        using var device = new FakeDevice { SessionFailure = "This session cannot use the graph capture feature." };

        var explained = Assert.Throws<ArgumentException>(() => GpuModels.Load(models.Reproducible, device, Capturing));
        var plain = Assert.Throws<OnnxRuntimeException>(() => GpuModels.Load(models.Half, device, Capturing));
        var uncaptured = Assert.Throws<OnnxRuntimeException>(() => GpuModels.Load(models.Reproducible, device, new CudaProvider()));

        Assert.StartsWith("Provider.EnableCudaGraph needs attention on the GPU, and CUDA has it for float16 and bfloat16 only; this model's keys and values are int8.", explained.Message, StringComparison.Ordinal);
        Assert.EndsWith("Export it with ExportOptions.Gpu. (" + plain.Message.Replace(models.Half, models.Reproducible, StringComparison.Ordinal) + ")", explained.Message, StringComparison.Ordinal);
        Assert.EndsWith(": This session cannot use the graph capture feature.", uncaptured.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AttentionMask_IsRefused()
    {
        using var device = new FakeDevice();

        var failure = Assert.Throws<ArgumentException>(() => GpuModels.Load(models.GenAi, device, Capturing));

        Assert.Equal(
            "Provider.EnableCudaGraph is for graphs that take lengths as numbers, as exported ones do; this one's attention mask or keys and values change shape with every step.", failure.Message);
    }
}
