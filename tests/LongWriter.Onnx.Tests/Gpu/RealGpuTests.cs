using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>
/// The same on a GPU, where there is one, or on what passes for one: skipped elsewhere. LONGWRITER_ONNXRUNTIME names the library whose provider files are beside it; VK_ICD_FILENAMES may name a driver for Vulkan
/// that computes on the CPU (Chromium's SwiftShader), for WebGPU.
/// </summary>
[Collection(nameof(GpuModels))]
public sealed class RealGpuTests(GpuModels models)
{
    private const int Vocabulary = 96;
    /// <summary>In one step of more tokens, ONNX Runtime 1.30's attention for WebGPU gives other numbers on SwiftShader, whose subgroups have 4 lanes.</summary>
    private const int ChunkTokens = 16;
    private const string NoFloat16 = "requires f16 but the device does not support it";

    public static TheoryData<string> Providers => new("CUDA", "CUDA, captured", "CUDA, bfloat16", "WebGPU", "WebGPU, float32");

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task DecodeAsync_OnAGpu_ChoosesAsTheCpuDoes(string provider)
    {
        int[][] prompts = [.. Enumerable.Range(0, 4).Select(i => Prompt(15 + 20 * i, i, Vocabulary))];
        using DecodingEngine gpu = await LoadOrSkipAsync(provider);
        using DecodingEngine cpu = GpuModels.Load(provider == "WebGPU, float32" ? models.Full : models.Half, device: null);

        int[][] replies = await GpuModels.DecodeTogether(gpu, prompts);

        // Roundings differ, so now and then another token is best; a wrong length, row or past would show in nearly all.
        int agreed = 0;
        int all = 0;
        for (int i = 0; i < replies.Length; i++)
        {
            for (int known = 0; known < replies[i].Length; known++, all++)
            {
                (int[] next, _) = await cpu.Decode([.. prompts[i], .. replies[i][..known]], 1);
                agreed += next[0] == replies[i][known] ? 1 : 0;
            }
        }

        Assert.True(agreed >= all * 0.9, $"{agreed} of {all} tokens are the CPU's.");
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task LogProbabilitiesAsync_OnAGpu_AreNearTheCpus(string provider)
    {
        int[] text = Prompt(120, 1, Vocabulary);
        using DecodingEngine gpu = await LoadOrSkipAsync(provider);
        using DecodingEngine cpu = GpuModels.Load(provider == "WebGPU, float32" ? models.Full : models.Half, device: null);

        float[] actual = await gpu.LogProbabilitiesAsync(text, TestContext.Current.CancellationToken);

        float[] expected = await cpu.LogProbabilitiesAsync(text, TestContext.Current.CancellationToken);
        Assert.All(expected.Skip(1).Zip(actual.Skip(1)), pair => Assert.InRange(pair.Second, pair.First - 0.3f, pair.First + 0.3f));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task DecodeAsync_OnAGpu_GoesOnFromWhatIsCached(string provider)
    {
        int[] prompt = Prompt(40, 2, Vocabulary);
        using DecodingEngine gpu = await LoadOrSkipAsync(provider);
        (int[] whole, _) = await gpu.Decode(prompt, 30);
        await gpu.Decode(Prompt(50, 3, Vocabulary), 5);

        (int[] rest, DecodingResult result) = await gpu.Decode([.. prompt, .. whole[..10]], 20);

        Assert.Equal(49, result.CachedPromptTokens);
        Assert.True(whole[10..].Zip(rest).Count(pair => pair.First == pair.Second) >= 18, $"{string.Join(' ', whole[10..])} became {string.Join(' ', rest)}");
    }

    /// <summary>What one engine computed on the device is taken to the host, and from there to another engine's device.</summary>
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task WriteKvAsync_OnAGpu_TakesUpWhatAnotherComputed(string provider)
    {
        int[] prompt = Prompt(40, 4, Vocabulary);
        int[] expected, kept;
        byte[] content;
        using (DecodingEngine first = await LoadOrSkipAsync(provider))
        {
            (expected, _) = await first.Decode(prompt, 20);
            kept = [.. prompt, .. expected[..9]];
            content = new byte[first.KvTokenBytes * kept.Length];
            Assert.Equal(kept.Length, await first.ReadKvAsync(kept, 0, content, TestContext.Current.CancellationToken));
        }

        using DecodingEngine second = await LoadOrSkipAsync(provider);
        Assert.True(await second.WriteKvAsync(kept, 0, content, TestContext.Current.CancellationToken));
        (int[] rest, DecodingResult result) = await second.Decode([.. kept, expected[9]], 10);

        Assert.Equal(kept.Length, result.CachedPromptTokens);
        Assert.True(expected[10..].Zip(rest).Count(pair => pair.First == pair.Second) >= 9, $"{string.Join(' ', expected[10..])} became {string.Join(' ', rest)}");
    }

    private async Task<DecodingEngine> LoadOrSkipAsync(string provider)
    {
        string folder = provider switch { "CUDA, bfloat16" => models.Brain, "WebGPU, float32" => models.Full, _ => models.Half };
        bool isWebGpu = provider.StartsWith("WebGPU", StringComparison.Ordinal);
        try
        {
            DecodingEngine engine = DecodingEngine.Load(
                new EngineOptions
                {
                    ModelFolder = folder,
                    PromptLookup = false,
                    PrefillChunkTokens = isWebGpu ? ChunkTokens : 512,
                    Runtime = new OnnxRuntimeOptions { Provider = isWebGpu ? NamedProvider.WebGpu : new CudaProvider { EnableCudaGraph = provider == "CUDA, captured" } },
                },
                NullLogger.Instance);
            if (isWebGpu)
            {
                await RequireTypesAsync(engine);
            }

            return engine;
        }
        catch (OnnxRuntimeException missing) when (missing.Code == OnnxRuntimeErrorCode.ProviderMissing || missing.Message.Contains(NoFloat16, StringComparison.Ordinal))
        {
            Assert.Skip($"{provider} cannot be used on this machine.");
            throw;
        }
    }

    /// <summary>That a device lacks float16 shows when a kernel is made for it.</summary>
    private static async Task RequireTypesAsync(DecodingEngine engine)
    {
        try
        {
            await engine.Decode([1, 2], 1);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }
}
