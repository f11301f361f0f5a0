using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Keys and values of all slots in host memory: per layer one tensor of keys and one of values, [heads, positions, head_dim] in a slot. Not cleared: physical
/// memory is taken where tokens are written. Of one runner at a time.
/// </summary>
internal abstract class KvCache : IDisposable
{
    protected KvCache(DecoderModel model, int capacity)
    {
        Model = model;
        Capacity = capacity;
        TokenBytes = model.KvType.ByteCount(model.Manifest.Kv.HeadDim);
        SlotBytes = checked(TokenBytes * capacity * Heads);
    }

    /// <summary>Positions of a slot.</summary>
    public int Capacity { get; }

    public abstract long LengthBytes { get; }

    protected DecoderModel Model { get; }

    protected int Heads => Model.Manifest.Kv.HeadCount;

    /// <summary>Of one head and position.</summary>
    protected long TokenBytes { get; }

    /// <summary>Of one tensor in one slot.</summary>
    protected long SlotBytes { get; }

    /// <summary>As the graph wants it: one buffer as past and present, or a past of exactly as many positions as there are.</summary>
    public static KvCache Create(DecoderModel model, int slots, int capacity) =>
        model.Manifest.Kv.Grows ? new GrowingKvCache(model, slots, capacity) : new SharedKvCache(model, slots, capacity);

    /// <summary>Makes <paramref name="slot"/>, which has <paramref name="past"/> positions, the one that the next run reads, and appends <paramref name="tokens"/> to.</summary>
    public abstract void Bind(OrtIoBinding binding, int slot, int past, int tokens);

    /// <summary>The run was a success: the slot has <paramref name="length"/> positions. After one that failed it has as many as before.</summary>
    public abstract void Commit(int slot, int length);

    /// <summary>Copies the first <paramref name="tokens"/> positions of a slot to another one.</summary>
    public virtual void CopyPrefix(int from, int to, int tokens)
    {
        for (int tensor = 0; tensor < Model.Past.Length; tensor++)
        {
            for (int head = 0; head < Heads; head++)
            {
                using OrtTensor source = Prefix(tensor, from, head, tokens);
                using OrtTensor target = Prefix(tensor, to, head, tokens);
                source.AsSpan<byte>().CopyTo(target.AsSpan<byte>());
            }
        }
    }

    /// <summary>
    /// The largest magnitude in each tensor over the first <paramref name="tokens"/> positions of a slot: keys of layer 0, values of layer 0, keys of layer 1, …
    /// Only for float32.
    /// </summary>
    public float[] LargestMagnitudes(int slot, int tokens) =>
    [
        .. Enumerable.Range(0, Model.Past.Length).Select(tensor => Enumerable.Range(0, Heads).Max(head =>
        {
            using OrtTensor values = Prefix(tensor, slot, head, tokens);
            return Math.Abs(TensorPrimitives.MaxMagnitude<float>(MemoryMarshal.Cast<byte, float>(values.AsSpan<byte>())));
        })),
    ];

    public abstract void Dispose();

    /// <summary>The first <paramref name="tokens"/> positions of a head, as bytes.</summary>
    protected abstract OrtTensor Prefix(int tensor, int slot, int head, int tokens);
}
