using System.Globalization;

namespace LongWriter.Onnx.Runtime;

/// <summary>
/// NVIDIA GPUs. Needs libonnxruntime_providers_shared and libonnxruntime_providers_cuda beside the native library (package
/// Microsoft.ML.OnnxRuntime.Gpu, 1.23 or later), CUDA and cuDNN. Export models for it with <see cref="Export.ExportOptions.Gpu"/>: CUDA has attention for float16 and
/// bfloat16 only. This library was not run on a GPU yet; docs/guide-onnx.md says what was run instead.
/// </summary>
public sealed record CudaProvider : ExecutionProvider
{
    /// <inheritdoc/>
    public override string Name => "CUDA";

    /// <summary>Which GPU, from 0. The default is 0.</summary>
    public int DeviceId { get; init; }

    /// <summary>Most bytes the provider's arena takes on the GPU, above 0. Null, the default, is no limit.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>True lets the arena grow by doubling (faster first runs, up to twice the memory). The default, false, grows by what is asked.</summary>
    public bool GrowArenaByPowersOfTwo { get; init; }

    /// <summary>
    /// True captures steps that give each reply one token as CUDA graphs, one for each set of replies that are decoded together (32 at most), and replays them; prompts and drafts run
    /// without. The model must be one of <see cref="Export.ExportOptions.Gpu"/>'s kind; others are refused. No other session of the process may use the GPU while one is captured.
    /// The default is false.
    /// </summary>
    public bool EnableCudaGraph { get; init; }

    /// <summary>The options in ONNX Runtime's names.</summary>
    internal IEnumerable<KeyValuePair<string, string>> ToNative()
    {
        yield return new("device_id", DeviceId.ToString(CultureInfo.InvariantCulture));
        yield return new("arena_extend_strategy", GrowArenaByPowersOfTwo ? "kNextPowerOfTwo" : "kSameAsRequested");
        yield return new("enable_cuda_graph", EnableCudaGraph ? "1" : "0");
        if (MemoryLimitBytes is { } limit)
        {
            yield return new("gpu_mem_limit", limit.ToString(CultureInfo.InvariantCulture));
        }
    }

    internal override void CollectErrors(List<string> errors)
    {
        if (DeviceId < 0)
        {
            errors.Add($"Provider.DeviceId must be 0 or more but is {DeviceId}.");
        }

        if (MemoryLimitBytes is <= 0)
        {
            errors.Add($"Provider.MemoryLimitBytes must be above 0 but is {MemoryLimitBytes}.");
        }
    }
}
