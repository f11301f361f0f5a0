using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>Where every tensor is, and that the tokens are those of the CPU when the device's memory is another.</summary>
[Collection(nameof(GpuModels))]
public sealed class DevicePlacementTests(GpuModels models)
{
    private const int Vocabulary = 96;

    /// <summary>Of one row: 2 heads, 256 positions, 32 numbers of one byte.</summary>
    private const int RowBytes = 2 * GpuModels.Context * 32;

    [Fact]
    public void Load_Cuda_AppendsRegistersAllocatesInThisOrder()
    {
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device, new CudaProvider { DeviceId = 2, MemoryLimitBytes = 1 << 30 });

        Assert.Equal(
            [
                "UpdateCudaOptions device_id=2 arena_extend_strategy=kSameAsRequested enable_cuda_graph=0 gpu_mem_limit=1073741824",
                "AppendCuda ",
                "CreateSession ",
                OperatingSystem.IsWindows() ? "RegisterProviderLibrary CUDA onnxruntime_providers_cuda.dll" : "RegisterProviderLibrary CUDA libonnxruntime_providers_cuda.so",
                "CreateAllocator Cuda",
                "CreateAllocator CudaPinned",
                .. Enumerable.Repeat($"Alloc Cuda {5 * RowBytes}", GpuModels.Tensors),
            ],
            device.Calls.Take(6 + GpuModels.Tensors));
        Assert.Equal(GpuModels.Tensors * 5 * RowBytes, engine.KvBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DecodeAsync_OneSequence_HasEveryTensorInItsPlace(bool half)
    {
        string folder = half ? models.Half : models.Reproducible;
        int[] prompt = Prompt(40, 1, Vocabulary);
        using DecodingEngine onCpu = GpuModels.Load(folder, device: null, chunkTokens: 16);
        (int[] expected, _) = await onCpu.Decode(prompt, 30);
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(folder, device, chunkTokens: 16);

        (int[] tokens, _) = await engine.Decode(prompt, 30);

        Assert.Equal(expected, tokens);
        Assert.Empty(device.Violations);
        Assert.Equal(
            [
                "input_ids Cuda", "logit_idx Cuda", "logits CudaPinned",
                "past_key_values.0.key Cuda", "past_key_values.0.value Cuda", "past_key_values.1.key Cuda", "past_key_values.1.value Cuda",
                "present.0.key Cuda", "present.0.value Cuda", "present.1.key Cuda", "present.1.value Cuda",
                "seqlens_k Cuda", "total_sequence_length Cpu",
            ],
            device.LastPlacement.Select(entry => $"{entry.Key} {entry.Value}").Order(StringComparer.Ordinal));

        // Nothing of the keys and values ever crosses over.
        Assert.All(device.CallsOf("BindInput").Concat(device.CallsOf("BindOutput")), call => Assert.Equal(call.Contains(".key", StringComparison.Ordinal) || call.Contains(".value", StringComparison.Ordinal), call.Contains("Cuda [1,2,256,32]", StringComparison.Ordinal)));
        Assert.DoesNotContain(device.CallsOf("Copy"), call => call.StartsWith("Copy Cuda->", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DecodeAsync_SteadyState_BindsAndCreatesNothing()
    {
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device);
        await engine.Decode(Prompt(20, 1, Vocabulary), 10, SamplingOptions.Greedy);
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

        // From the second token on: ids and lengths to the device, the run, and the logits that it wrote to the host's memory itself.
        Assert.All(steps.Skip(1), calls => Assert.Equal(["Copy CudaPinned->Cuda 8", "Copy CudaPinned->Cuda 4", "Run ", "SynchronizeOutputs "], calls));
        Assert.Empty(device.Violations);
    }

    [Fact]
    public async Task DecodeAsync_SeveralAtOnce_BatchesViewsOfRows()
    {
        int[][] prompts = [.. Enumerable.Range(0, 4).Select(i => Prompt(15 + 20 * i, i, Vocabulary))];
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        int[][] expected = await GpuModels.DecodeInTurn(onCpu, prompts);
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device);
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal(expected, await GpuModels.DecodeTogether(engine, prompts));
        }

        Assert.Empty(device.Violations);
        Assert.Contains(device.Calls, call => call == "BindInput past_key_values.0.key Cuda [4,2,256,32]");
        Assert.DoesNotContain(device.CallsOf("Copy"), call => call.StartsWith("Copy Cuda->CudaPinned", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(9, 60)]
    [InlineData(60, 9)]
    [InlineData(0, 30)]
    [InlineData(30, 0)]
    public void Swap_TwoRows_MovesWhatTheyHoldOnTheDevice(int tokensA, int tokensB)
    {
        using var device = new FakeDevice();
        using var model = DecoderModel.Load(
            models.Reproducible, new OnnxRuntimeOptions { IntraOpThreads = 1, Provider = new CudaProvider(), Environment = device.Environment }, NullLogger.Instance);
        using KvCache cache = KvCache.Create(model, rows: 3, capacity: 100);
        using var runner = new ModelRunner(model, cache);
        using var run = new OrtRunOptions(model.Session.Environment);
        float[]? expectedA = Next(0, Prompt(tokensA, 1, Vocabulary), fill: true);
        float[]? expectedB = Next(2, Prompt(tokensB, 2, Vocabulary), fill: true);
        device.Forget();

        Assert.IsType<DeviceKvCache>(cache).Swap(0, tokensA, 2, tokensB);

        Assert.Equal($"Alloc Cuda {2 * 100 * 32}", Assert.Single(device.CallsOf("Alloc")));
        Assert.Equal(2 * (tokensA > 0 ? 2 : 0) + 2 * (tokensB > 0 ? 1 : 0), device.CallsOf("Copy").Length / GpuModels.Tensors);
        Assert.All(device.CallsOf("Copy"), call => Assert.StartsWith("Copy Cuda->Cuda ", call, StringComparison.Ordinal));
        Assert.Equal(expectedA, Next(2, Prompt(tokensA, 1, Vocabulary), fill: false));
        Assert.Equal(expectedB, Next(0, Prompt(tokensB, 2, Vocabulary), fill: false));
        Assert.Empty(device.Violations);

        float[]? Next(int row, int[] text, bool fill)
        {
            if (text.Length == 0)
            {
                return null;
            }

            if (fill)
            {
                runner.Run(row, text, 0, 1, run);
            }

            return runner.Run(row, [11], text.Length, 1, run).ToArray();
        }
    }

    [Fact]
    public async Task DecodeAsync_PromptThatBeginsLikeARunningOne_CopiesTheBeginningOnTheDevice()
    {
        int[] trunk = Prompt(100, 1, Vocabulary);
        int[] branch = [.. trunk[..30], .. Prompt(20, 2, Vocabulary)];
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        (int[] expected, _) = await onCpu.Decode(branch, 20);
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device);
        await engine.Decode(trunk, 5);
        device.Forget();

        (int[] tokens, DecodingResult result) = await engine.Decode(branch, 20);

        Assert.Equal(expected, tokens);
        Assert.Equal(30, result.CachedPromptTokens);
        Assert.Equal(Enumerable.Repeat($"Copy Cuda->Cuda {30 * 32}", GpuModels.Tensors * 2), device.CallsOf("Copy").Take(GpuModels.Tensors * 2));
        Assert.Empty(device.Violations);
    }

    [Fact]
    public async Task ReadKvAsync_ThenWrittenIntoAnotherEngine_GoesOnWithTheSameTokens()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        int[] prompt = Prompt(60, 1, Vocabulary);
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        (int[] expected, _) = await onCpu.Decode(prompt, 20);
        byte[] onHost = new byte[onCpu.KvTokenBytes * 50];
        await onCpu.ReadKvAsync(prompt, 4, onHost, cancellationToken);
        using var device = new FakeDevice();
        byte[] kept = new byte[onHost.Length];
        using (DecodingEngine first = GpuModels.Load(models.Reproducible, device))
        {
            await first.Decode(prompt, 5);
            Assert.Equal(50, await first.ReadKvAsync(prompt, 4, kept, cancellationToken));
        }

        // What a GPU keeps is what a CPU keeps, so a trunk may travel.
        Assert.Equal(onHost, kept);
        using DecodingEngine second = GpuModels.Load(models.Reproducible, device);
        await second.Decode(prompt[..5], 1);
        Assert.True(await second.WriteKvAsync(prompt.AsMemory(0, 54), 4, kept, cancellationToken));
        (int[] tokens, DecodingResult result) = await second.Decode(prompt, 20);

        Assert.Equal(expected, tokens);
        Assert.Equal(54, result.CachedPromptTokens);
        Assert.Empty(device.Violations);
    }

    [Fact]
    public async Task Dispose_AfterWork_GivesBackAllMemoryOfTheDevice()
    {
        using var device = new FakeDevice();
        using (DecodingEngine engine = GpuModels.Load(models.Reproducible, device))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => engine.Decode(Prompt(20 + 9 * i, i, Vocabulary), 12)));
            Assert.True(device.AllocatedDeviceBytes > engine.KvBytes);
        }

        Assert.Equal(0, device.AllocatedDeviceBytes);
        Assert.Equal(0, device.LiveTensors);
    }

    [Fact]
    public async Task DecodeAsync_WithoutPinnedMemory_UsesTheHosts()
    {
        int[] prompt = Prompt(40, 1, Vocabulary);
        using DecodingEngine onCpu = GpuModels.Load(models.Reproducible, device: null);
        (int[] expected, _) = await onCpu.Decode(prompt, 10);
        using var device = new FakeDevice { HasPinnedMemory = false };
        using DecodingEngine engine = GpuModels.Load(models.Reproducible, device);

        (int[] tokens, _) = await engine.Decode(prompt, 10);

        Assert.Equal(expected, tokens);
        Assert.Equal("Cpu", device.LastPlacement["logits"]);
        Assert.Empty(device.Violations);
    }

    [Fact]
    public async Task DecodeAsync_KeysAndValuesThatGrow_StayOnTheHostAndAreRight()
    {
        int[] prompt = Prompt(40, 1, Vocabulary);
        int[] branch = [.. prompt[..25], .. Prompt(10, 2, Vocabulary)];
        using DecodingEngine onCpu = GpuModels.Load(models.Growing, device: null, chunkTokens: 16);
        (int[] expected, _) = await onCpu.Decode(prompt, 12);
        (int[] expectedBranch, _) = await onCpu.Decode(branch, 12);
        using var device = new FakeDevice();
        using DecodingEngine engine = GpuModels.Load(models.Growing, device, chunkTokens: 16);

        (int[] tokens, _) = await engine.Decode(prompt, 12);
        (int[] branchTokens, _) = await engine.Decode(branch, 12);

        Assert.Equal(expected, tokens);
        Assert.Equal(expectedBranch, branchTokens);
        Assert.Equal("Cpu", device.LastPlacement["present.0.key"]);
        Assert.Equal("copied when bound", device.LastPlacement["past_key_values.0.key"]);
        Assert.Empty(device.Violations);
        Assert.Equal(0, engine.KvTokenBytes);
    }

    [Fact]
    public async Task DecodeAsync_SlidingWindow_GoesOnAsOnTheCpu()
    {
        int[] prompt = Prompt(40, 1, Vocabulary);
        using DecodingEngine onCpu = Load(device: null);
        (int[] expected, DecodingResult expectedResult) = await onCpu.Decode(prompt, 120);
        using var device = new FakeDevice { Captures = true };
        using DecodingEngine engine = Load(device);

        (int[] tokens, DecodingResult result) = await engine.Decode(prompt, 120);

        Assert.Equal(expected, tokens);
        Assert.Equal(expectedResult, result);
        Assert.True(result.DroppedTokens > 0);
        Assert.Empty(device.Violations);

        DecodingEngine Load(FakeDevice? device) => DecodingEngine.Load(
            new EngineOptions
            {
                ModelFolder = models.Reproducible,
                MaxContextTokens = 64,
                SlidingWindow = new SlidingWindow(8, 24),
                PromptLookup = false,
                Threads = 1,
                Runtime = new OnnxRuntimeOptions
                {
                    Provider = device is null ? ExecutionProvider.Cpu : new CudaProvider { EnableCudaGraph = true },
                    Environment = device?.Environment,
                },
            },
            NullLogger.Instance);
    }
}
