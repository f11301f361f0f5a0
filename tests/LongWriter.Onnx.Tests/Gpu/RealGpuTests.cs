using LongWriter.Onnx.Decoding;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Tests.Decoding;
using Microsoft.Extensions.Logging.Abstractions;
using static LongWriter.Onnx.Tests.Decoding.EngineCalls;

namespace LongWriter.Onnx.Tests.Gpu;

/// <summary>
/// The same on a GPU, where there is one: skipped elsewhere. LONGWRITER_ONNXRUNTIME names the library whose provider files are beside it.
/// </summary>
[Collection(nameof(GpuModels))]
public sealed class RealGpuTests(GpuModels models)
{
    private const int Vocabulary = 96;

    public static TheoryData<string> Providers => new("CUDA", "CUDA, captured", "CUDA, bfloat16", "WebGPU");

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task DecodeAsync_OnAGpu_ChoosesAsTheCpuDoes(string provider)
    {
        int[][] prompts = [.. Enumerable.Range(0, 4).Select(i => Prompt(15 + 20 * i, i, Vocabulary))];
        using DecodingEngine gpu = LoadOrSkip(provider);
        using DecodingEngine cpu = GpuModels.Load(models.Half, device: null);

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
        using DecodingEngine gpu = LoadOrSkip(provider);
        using DecodingEngine cpu = GpuModels.Load(models.Half, device: null);

        float[] actual = await gpu.LogProbabilitiesAsync(text, TestContext.Current.CancellationToken);

        float[] expected = await cpu.LogProbabilitiesAsync(text, TestContext.Current.CancellationToken);
        Assert.All(expected.Skip(1).Zip(actual.Skip(1)), pair => Assert.InRange(pair.Second, pair.First - 0.3f, pair.First + 0.3f));
    }

    private DecodingEngine LoadOrSkip(string provider)
    {
        try
        {
            return DecodingEngine.Load(
                new EngineOptions
                {
                    ModelFolder = provider == "CUDA, bfloat16" ? models.Brain : models.Half,
                    PromptLookup = false,
                    Runtime = new OnnxRuntimeOptions { Provider = provider == "WebGPU" ? NamedProvider.WebGpu : new CudaProvider { EnableCudaGraph = provider == "CUDA, captured" } },
                },
                NullLogger.Instance);
        }
        catch (OnnxRuntimeException missing) when (missing.Code == OnnxRuntimeErrorCode.ProviderMissing)
        {
            Assert.Skip($"{provider} cannot be used on this machine.");
            throw;
        }
    }
}
