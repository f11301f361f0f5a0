using System.CommandLine;
using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Cli;

/// <summary>What computes a model of this machine.</summary>
/// <param name="Threads">Of the CPU; null for the native library's choice.</param>
/// <param name="Device">"cpu", "cuda" or "webgpu"; null for the CPU.</param>
internal sealed record LocalCompute(int? Threads, string? Device)
{
    /// <summary>The native library's choice of the CPU's threads.</summary>
    public static LocalCompute Default { get; } = new(null, null);

    public OnnxRuntimeOptions Runtime => new()
    {
        IntraOpThreads = Threads,
        Provider = Device switch { "cuda" => new CudaProvider(), "webgpu" => NamedProvider.WebGpu, _ => ExecutionProvider.Cpu },
    };

    /// <summary>How a Hugging Face folder is exported.</summary>
    public ExportOptions Export => Device is null or "cpu" ? ExportOptions.Reproducible : ExportOptions.Gpu;

    /// <summary>The option for <see cref="Threads"/>.</summary>
    public static Option<int?> ThreadsOption() => ToolOption.Number("--threads", 1, 1024, "Threads that compute a model on this machine. The default is one for each core.");

    /// <summary>The option for <see cref="Device"/>.</summary>
    public static Option<string?> DeviceOption() => ToolOption.Choice(
        "--device", "What computes a model on this machine. The default is cpu; the others need a build of ONNX Runtime that has them, named by LONGWRITER_ONNXRUNTIME.", "cpu", "cuda", "webgpu");
}
