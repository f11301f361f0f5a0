using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>A device that gives handles for its memory: no part of a buffer is a tensor, so rows are tensors of their own and no batch.</summary>
[Collection(nameof(GpuModels))]
public sealed class WebGpuTests(GpuModels models)
{
    private const int Vocabulary = 96;

    [Theory]
    [InlineData("WebGPU_Buffer")]
    [InlineData("WebGPU_Buf")]
    public async Task DecodeAsync_SeveralAtOnce_TakesTurnsAndGivesTheTokensOfTheCpu(string memory)
    {
        int[][] prompts = [.. Enumerable.Range(0, 3).Select(i => Prompt(15 + 20 * i, i, Vocabulary))];
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        int[][] expected = await GpuModels.DecodeInTurn(onCpu, prompts);
        using var device = new FakeDevice(memory);
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device, NamedProvider.WebGpu with { Options = new Dictionary<string, string> { ["powerPreference"] = "high-performance" } });

        Assert.Equal(expected, await GpuModels.DecodeTogether(engine, prompts));
        Assert.Empty(device.Violations);
        Assert.Equal(["AppendProvider WebGPU powerPreference=high-performance"], device.CallsOf("AppendProvider"));
        Assert.Empty(device.CallsOf("RegisterProviderLibrary"));
        Assert.Equal($"CreateAllocator {memory}", Assert.Single(device.CallsOf("CreateAllocator")));
        Assert.All(device.CallsOf("BindInput").Where(call => call.Contains(".key", StringComparison.Ordinal)), call => Assert.EndsWith($"{memory} [1,2,256,32]", call, StringComparison.Ordinal));
        Assert.Equal(5 * GpuModels.Tensors, device.CallsOf("Alloc").Count(call => call == $"Alloc {memory} {2 * 256 * 32}"));
        Assert.Equal(["Cpu", memory, memory], new[] { "logits", "past_key_values.1.value", "present.1.value" }.Select(name => device.LastPlacement[name]));
    }

    [Fact]
    public async Task DecodeAsync_PromptThatBeginsLikeAnother_CopiesWholeRowsOnTheDevice()
    {
        int[] trunk = Prompt(100, 1, Vocabulary);
        int[] branch = [.. trunk[..30], .. Prompt(20, 2, Vocabulary)];
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        (int[] expected, _) = await onCpu.Decode(branch, 20);
        using var device = new FakeDevice("WebGPU_Buf");
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device, NamedProvider.WebGpu);
        await engine.Decode(trunk, 5);
        device.Forget();

        (int[] tokens, DecodingResult result) = await engine.Decode(branch, 20);

        Assert.Equal(expected, tokens);
        Assert.Equal(30, result.CachedPromptTokens);
        Assert.Equal(Enumerable.Repeat($"Copy WebGPU_Buf->WebGPU_Buf {2 * 256 * 32}", GpuModels.Tensors), device.CallsOf("Copy").Take(GpuModels.Tensors));
    }

    [Fact]
    public async Task ReadKvAsync_ThenWritten_GoesOnWithTheSameTokens()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        int[] prompt = Prompt(60, 1, Vocabulary);
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        (int[] expected, _) = await onCpu.Decode(prompt, 20);
        byte[] onHost = new byte[onCpu.KvTokenBytes * 50];
        await onCpu.ReadKvAsync(prompt, 4, onHost, cancellationToken);
        using var device = new FakeDevice("WebGPU_Buf");
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device, NamedProvider.WebGpu);
        await engine.Decode(prompt, 5);
        byte[] kept = new byte[onHost.Length];

        Assert.Equal(50, await engine.ReadKvAsync(prompt, 4, kept, cancellationToken));
        Assert.Equal(onHost, kept);
        await engine.Decode([.. prompt[..5], .. Prompt(80, 7, Vocabulary)], 1);
        await engine.Decode([.. prompt[..5], .. Prompt(80, 8, Vocabulary)], 1);
        Assert.True(await engine.WriteKvAsync(prompt.AsMemory(0, 54), 4, kept, cancellationToken));
        (int[] tokens, _) = await engine.Decode(prompt, 20);

        Assert.Equal(expected, tokens);
        Assert.Empty(device.Violations);
    }

    [Fact]
    public void Swap_TwoRows_ExchangesTheirTensorsAndCopiesNothing()
    {
        using var device = new FakeDevice("WebGPU_Buf");
        using var model = DecoderModel.Load(
            models.Reproducible, new OnnxRuntimeOptions { IntraOpThreads = 1, Provider = NamedProvider.WebGpu, Environment = device.Environment }, NullLogger.Instance);
        using KvCache cache = KvCache.Create(model, rows: 2, capacity: 64);
        using var runner = new ModelRunner(model, cache);
        using var run = new OrtRunOptions(model.Session.Environment);
        int[] a = Prompt(20, 1, Vocabulary);
        int[] b = Prompt(9, 2, Vocabulary);
        runner.Run(0, a, 0, 1, run);
        float[] expectedA = runner.Run(0, [11], a.Length, 1, run).ToArray();
        runner.Run(1, b, 0, 1, run);
        float[] expectedB = runner.Run(1, [11], b.Length, 1, run).ToArray();

        device.Forget();
        Assert.IsType<DeviceRowKvCache>(cache).Swap(0, a.Length, 1, b.Length);
        Assert.Empty(device.Calls);

        Assert.Equal(expectedA, runner.Run(1, [11], a.Length, 1, run).ToArray());
        Assert.Equal(expectedB, runner.Run(0, [11], b.Length, 1, run).ToArray());
    }
}
