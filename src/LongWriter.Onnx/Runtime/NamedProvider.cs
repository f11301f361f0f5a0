namespace LongWriter.Onnx.Runtime;

/// <summary>A provider that ONNX Runtime appends by name, with its own options, for example "WebGPU" (Vulkan, Metal or Direct3D 12) or "CoreML".</summary>
/// <param name="ProviderName">The name, without "ExecutionProvider".</param>
public sealed record NamedProvider(string ProviderName) : ExecutionProvider
{
    /// <summary>GPUs by WebGPU; needs a driver for Vulkan, Metal or Direct3D 12. Replies take turns, token by token. Not run on a GPU yet.</summary>
    public static NamedProvider WebGpu { get; } = new("WebGPU");

    /// <inheritdoc/>
    public override string Name => ProviderName;

    /// <summary>The provider's options, as its documentation names them. The default is none.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    internal override void CollectErrors(List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(ProviderName))
        {
            errors.Add("Provider.ProviderName must name a provider but is empty.");
        }
        else if (ProviderName is "CUDA" or "CPU")
        {
            errors.Add($"Provider.ProviderName must not be '{ProviderName}': use {(ProviderName == "CUDA" ? nameof(CudaProvider) : "ExecutionProvider.Cpu")}.");
        }
    }
}
