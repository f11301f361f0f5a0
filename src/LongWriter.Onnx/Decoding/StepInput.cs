using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// An input that steps write. Where the session reads it from the host it is one tensor, written in place; where it reads it from a device there are two, and
/// <see cref="OnHost"/> is copied to the other one before a run.
/// </summary>
internal sealed class StepInput : IDisposable
{
    private readonly int index;

    public StepInput(DecoderModel model, int index, TensorElementType elementType, params ReadOnlySpan<long> shape)
    {
        this.index = index;
        if (model.Device is { } device && device.Reads(index))
        {
            OnDevice = device.Allocate(elementType, shape);
            OnHost = device.AllocateOnHost(elementType, shape);
        }
        else
        {
            OnHost = OrtTensor.Allocate(model.Session.Environment, elementType, shape);
        }
    }

    public OrtTensor OnHost { get; }

    /// <summary>Null when the session reads the host's.</summary>
    public OrtTensor? OnDevice { get; }

    public void Bind(OrtIoBinding binding) => binding.BindInput(index, OnDevice ?? OnHost);

    public void Dispose()
    {
        OnHost.Dispose();
        OnDevice?.Dispose();
    }

    /// <summary>Copies to the device what of these is read there; null when nothing is.</summary>
    public static TensorCopies? Uploads(OrtEnvironment environment, params ReadOnlySpan<StepInput?> inputs)
    {
        List<(OrtTensor From, OrtTensor To)> pairs = [];
        foreach (StepInput? input in inputs)
        {
            if (input?.OnDevice is { } target)
            {
                pairs.Add((input.OnHost, target));
            }
        }

        return pairs.Count == 0 ? null : new TensorCopies(environment, pairs);
    }
}
