using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// One buffer of [slots, heads, capacity, head_dim] for each tensor, bound as past and as present, so that a step writes its tokens in place and nothing is
/// copied. A rewind costs nothing: what lies beyond a slot's length is never read.
/// </summary>
internal sealed class SharedKvCache : KvCache
{
    private readonly NativeBuffer[] buffers;
    private readonly OrtTensor[][] rows;
    private int boundSlot = -1;

    public SharedKvCache(DecoderModel model, int slots, int capacity)
        : base(model, capacity)
    {
        buffers = [.. model.Past.Select(_ => new NativeBuffer(checked(SlotBytes * slots)))];
        rows =
        [
            .. Enumerable.Range(0, slots).Select(slot => buffers.Select(
                buffer => OrtTensor.View(model.Session.Environment, buffer, slot * SlotBytes, model.KvType, 1, Heads, capacity, model.Manifest.Kv.HeadDim)).ToArray()),
        ];
    }

    public override long LengthBytes => buffers.Sum(buffer => buffer.LengthBytes);

    public override void Bind(OrtIoBinding binding, int slot, int past, int tokens)
    {
        if (slot == boundSlot)
        {
            return;
        }

        for (int i = 0; i < buffers.Length; i++)
        {
            binding.BindInput(Model.Past[i], rows[slot][i]);
            binding.BindOutput(Model.Present[i], rows[slot][i]);
        }

        boundSlot = slot;
    }

    public override void Commit(int slot, int length)
    {
        // The run wrote in place.
    }

    public override void Dispose()
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

    protected override OrtTensor Prefix(int tensor, int slot, int head, int tokens) =>
        OrtTensor.View(Model.Session.Environment, buffers[tensor], slot * SlotBytes + head * TokenBytes * Capacity, TensorElementType.UInt8, tokens * TokenBytes);
}
