using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>Copies of neighbouring positions of a head between a device's memories, made in one call.</summary>
internal sealed class PositionCopies(OrtDevice device, DecoderModel model) : IDisposable
{
    private readonly List<(OrtTensor From, OrtTensor To)> pairs = [];

    /// <summary>Adds <paramref name="tokens"/> positions; none are no copy.</summary>
    public void Add(int tokens, TensorMemory source, long sourceOffset, TensorMemory target, long targetOffset)
    {
        if (tokens > 0)
        {
            OrtTensor from = View(source, sourceOffset, tokens);
            pairs.Add((from, View(target, targetOffset, tokens)));
        }
    }

    public void Run()
    {
        if (pairs.Count > 0)
        {
            using var copies = new TensorCopies(device.Environment, pairs);
            copies.Run();
        }
    }

    public void Dispose()
    {
        foreach ((OrtTensor from, OrtTensor to) in pairs)
        {
            from.Dispose();
            to.Dispose();
        }
    }

    private OrtTensor View(TensorMemory memory, long offset, int tokens) => OrtTensor.View(device.Environment, memory, offset, model.KvType, tokens, model.Manifest.Kv.HeadDim);
}
