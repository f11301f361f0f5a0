using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;
using Microsoft.Extensions.Logging;

namespace LongWriter.Onnx.Decoding;

/// <summary>Where a loaded graph reads its inputs, and what follows: keys and values lie where attention runs, and a captured graph needs it on the GPU.</summary>
internal static partial class DevicePlacement
{
    /// <exception cref="ArgumentException">CUDA graphs are asked for, and the model cannot be captured.</exception>
    /// <exception cref="OnnxRuntimeException">The library is too old for the provider, or nothing is known of the provider's memory.</exception>
    public static (OrtDevice? Device, OrtDevice? Kv, bool Captures) Of(DecoderModel model, ExecutionProvider provider, ILogger logger)
    {
        bool captures = provider is CudaProvider { EnableCudaGraph: true };
        if (captures && (model.AttentionMask is not null || model.Manifest.Kv.Grows))
        {
            throw new ArgumentException("Provider.EnableCudaGraph is for graphs that take lengths as numbers, as exported ones do; this one's attention mask or keys and values change shape with every step.");
        }

        OrtDevice? device = OrtDevice.Of(model.Session, provider);
        try
        {
            OrtDevice? kv = model.Manifest.Kv.Grows ? null : KvDevice(model, device);
            if (captures && kv is null)
            {
                throw new ArgumentException(NotCapturable(model.Manifest));
            }

            if (kv is not null)
            {
                LogOnDevice(logger, kv.MemoryName, kv.HasPinnedMemory ? "pinned" : "pageable", captures ? "captured as CUDA graphs" : "not captured");
            }
            else if (provider is CudaProvider or NamedProvider { ProviderName: "WebGPU" } && !model.Manifest.Kv.Grows)
            {
                LogAttentionOnHost(logger, provider.Name, model.Manifest.Kv.ElementType);
            }

            return (device, kv, captures);
        }
        catch
        {
            device?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// ONNX Runtime refuses to load for capture what has a node on the CPU. Where attention must be that node, the refusal is said in the words of our options.
    /// </summary>
    public static OrtSession LoadForCapture(ExecutionProvider provider, ModelManifest manifest, Func<OrtSession> load)
    {
        bool isRefused = provider is CudaProvider { EnableCudaGraph: true } && manifest.Kv.ElementType is not ("float16" or "bfloat16");
        try
        {
            return load();
        }
        catch (OnnxRuntimeException e) when (isRefused && e.Code != OnnxRuntimeErrorCode.ProviderMissing)
        {
            throw new ArgumentException($"{NotCapturable(manifest)} ({e.Message})", e);
        }
    }

    private static string NotCapturable(ModelManifest manifest) =>
        $"Provider.EnableCudaGraph needs attention on the GPU, and CUDA has it for float16 and bfloat16 only; this model's keys and values are {manifest.Kv.ElementType}. Export it with ExportOptions.Gpu.";

    private static OrtDevice? KvDevice(DecoderModel model, OrtDevice? device)
    {
        int onDevice = device is null ? 0 : model.Past.Count(device.Reads);
        return onDevice == 0 ? null
            : onDevice == model.Past.Length ? device
            : throw new OnnxRuntimeException(
                $"The provider reads {onDevice} of {model.Past.Length} tensors of keys and values from its memory and the others from the host's; a model whose attention is split is not supported.",
                OnnxRuntimeErrorCode.NotImplemented);
    }

    [LoggerMessage(EventId = 15, EventName = "OnDevice", Level = LogLevel.Information,
        Message = "Keys and values are in the memory '{Memory}'; ids, lengths and logits pass through {HostMemory} memory of the host; decode steps are {Captured}.")]
    private static partial void LogOnDevice(ILogger logger, string memory, string hostMemory, string captured);

    [LoggerMessage(EventId = 14, EventName = "AttentionOnHost", Level = LogLevel.Warning,
        Message = "Attention runs on the CPU, not by {Provider}, which has none for keys and values of type {ElementType} as this graph uses them: every step crosses over and back for each layer. ExportOptions.Gpu gives a model that fits.")]
    private static partial void LogAttentionOnHost(ILogger logger, string provider, string elementType);
}
