using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Where a step's logits go. On the CPU to the host. From a device to pinned memory of the host, which it writes to itself; but a captured graph is replayed
/// without what follows it, so its logits stay on the device and are copied when they are read.
/// </summary>
internal sealed class StepLogits : IDisposable
{
    private readonly DecoderModel model;
    private readonly OrtTensor onHost;
    private readonly OrtTensor? onDevice;
    private readonly TensorCopies? download;

    public StepLogits(DecoderModel model, bool isCaptured, params ReadOnlySpan<long> shape)
    {
        this.model = model;
        OrtEnvironment environment = model.Session.Environment;
        onDevice = isCaptured ? model.Device!.Allocate(model.LogitsType, shape) : null;
        onHost = model.Device is { } device ? device.AllocateOnHost(model.LogitsType, shape) : OrtTensor.Allocate(environment, model.LogitsType, shape);
        download = onDevice is null ? null : new TensorCopies(environment, (onDevice, onHost));
    }

    public void Bind(OrtIoBinding binding) => binding.BindOutput(model.Logits, onDevice ?? onHost);

    /// <summary>The last run's, on the host.</summary>
    public OrtTensor Read()
    {
        download?.Run();
        return onHost;
    }

    public void Dispose()
    {
        download?.Dispose();
        onDevice?.Dispose();
        onHost.Dispose();
    }
}
