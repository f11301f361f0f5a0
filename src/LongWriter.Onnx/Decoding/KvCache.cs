using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Keys and values: per layer one buffer each of [slots, heads, capacity, head_dim] in host memory, bound as past and as present, so that a step writes its
/// tokens in place and nothing is copied. Not cleared: physical memory is taken where tokens are written.
/// </summary>
internal sealed class KvCache : IDisposable
{
    private readonly DecoderModel model;
    private readonly NativeBuffer[] buffers;
    private readonly OrtTensor[][] rows;
    private readonly long headBytes;
    private readonly long tokenBytes;

    public KvCache(DecoderModel model, int slots, int capacity)
    {
        this.model = model;
        Capacity = capacity;
        int heads = model.Manifest.Kv.HeadCount;
        int headDim = model.Manifest.Kv.HeadDim;
        tokenBytes = model.KvType.ByteCount(headDim);
        headBytes = tokenBytes * capacity;
        long rowBytes = headBytes * heads;
        buffers = [.. model.Past.Select(_ => new NativeBuffer(rowBytes * slots))];
        rows =
        [
            .. Enumerable.Range(0, slots).Select(slot => buffers.Select(
                buffer => OrtTensor.View(model.Session.Environment, buffer, slot * rowBytes, model.KvType, 1, heads, capacity, headDim)).ToArray()),
        ];
    }

    /// <summary>Positions of a slot.</summary>
    public int Capacity { get; }

    public long LengthBytes => buffers.Sum(buffer => buffer.LengthBytes);

    /// <summary>Makes <paramref name="slot"/> the one that runs read and write.</summary>
    public void Bind(OrtIoBinding binding, int slot)
    {
        for (int i = 0; i < buffers.Length; i++)
        {
            binding.BindInput(model.Past[i], rows[slot][i]);
            binding.BindOutput(model.Present[i], rows[slot][i]);
        }
    }

    /// <summary>
    /// The largest magnitude in each buffer over the first <paramref name="tokens"/> positions of a slot: keys of layer 0, values of layer 0, keys of layer 1, …
    /// Only for float32.
    /// </summary>
    public float[] LargestMagnitudes(int slot, int tokens)
    {
        int heads = model.Manifest.Kv.HeadCount;
        return [.. buffers.Select(buffer => Enumerable.Range(slot * heads, heads).Max(head =>
        {
            using OrtTensor values = Prefix(buffer, head, tokens);
            return Math.Abs(TensorPrimitives.MaxMagnitude<float>(MemoryMarshal.Cast<byte, float>(values.AsSpan<byte>())));
        }))];
    }

    /// <summary>Copies the first <paramref name="tokens"/> positions of a slot to another one.</summary>
    public void CopyPrefix(int from, int to, int tokens)
    {
        int heads = model.Manifest.Kv.HeadCount;
        foreach (NativeBuffer buffer in buffers)
        {
            for (int head = 0; head < heads; head++)
            {
                using OrtTensor source = Prefix(buffer, from * heads + head, tokens);
                using OrtTensor target = Prefix(buffer, to * heads + head, tokens);
                source.AsSpan<byte>().CopyTo(target.AsSpan<byte>());
            }
        }
    }

    public void Dispose()
    {
        foreach (OrtTensor row in rows.SelectMany(row => row))
        {
            row.Dispose();
        }

        foreach (NativeBuffer buffer in buffers)
        {
            buffer.Dispose();
        }
    }

    private OrtTensor Prefix(NativeBuffer buffer, int slotAndHead, int tokens) =>
        OrtTensor.View(model.Session.Environment, buffer, slotAndHead * headBytes, TensorElementType.UInt8, tokens * tokenBytes);
}
