using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// For graphs that put the step's tokens behind the past in a new tensor, [heads, positions, head_dim] without gaps. A slot has a buffer for each tensor, and
/// one more is shared by all slots: a run reads the slot's and writes the spare one, and then they change places, so only the graph copies. A rewind moves
/// the heads together when the next run needs it.
/// </summary>
internal sealed class GrowingKvCache : KvCache
{
    private readonly NativeBuffer[][] buffers;
    private readonly NativeBuffer[] spare;

    /// <summary>Positions that lie in a slot's buffers, which is how far its heads are apart.</summary>
    private readonly int[] lengths;

    public GrowingKvCache(DecoderModel model, int slots, int capacity)
        : base(model, capacity)
    {
        buffers = [.. Enumerable.Range(0, slots).Select(_ => Buffers())];
        spare = Buffers();
        lengths = new int[slots];

        NativeBuffer[] Buffers() => [.. model.Past.Select(_ => new NativeBuffer(SlotBytes))];
    }

    public override long LengthBytes => buffers.Append(spare).Sum(slot => slot.Sum(buffer => buffer.LengthBytes));

    public override void Bind(OrtIoBinding binding, int slot, int past, int tokens)
    {
        Rewind(slot, past);
        int headDim = Model.Manifest.Kv.HeadDim;
        for (int i = 0; i < spare.Length; i++)
        {
            binding.BindInput(Model.Past[i], buffers[slot][i], Model.KvType, 1, Heads, past, headDim);
            binding.BindOutput(Model.Present[i], spare[i], Model.KvType, 1, Heads, past + tokens, headDim);
        }
    }

    public override void Commit(int slot, int length)
    {
        for (int i = 0; i < spare.Length; i++)
        {
            (buffers[slot][i], spare[i]) = (spare[i], buffers[slot][i]);
        }

        lengths[slot] = length;
    }

    public override void CopyPrefix(int from, int to, int tokens)
    {
        lengths[to] = tokens;
        base.CopyPrefix(from, to, tokens);
    }

    public override void Dispose()
    {
        foreach (NativeBuffer buffer in buffers.Append(spare).SelectMany(slot => slot))
        {
            buffer.Dispose();
        }
    }

    protected override OrtTensor Prefix(int tensor, int slot, int head, int tokens) =>
        OrtTensor.View(Model.Session.Environment, buffers[slot][tensor], head * TokenBytes * lengths[slot], TensorElementType.UInt8, tokens * TokenBytes);

    private void Rewind(int slot, int past)
    {
        int length = lengths[slot];
        if (past == length)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(past, length);
        for (int tensor = 0; tensor < spare.Length; tensor++)
        {
            // In ascending order each head moves down into what is no longer needed.
            for (int head = 1; head < Heads && past > 0; head++)
            {
                using OrtTensor source = Prefix(tensor, slot, head, past);
                using OrtTensor target = OrtTensor.View(
                    Model.Session.Environment, buffers[slot][tensor], head * TokenBytes * past, TensorElementType.UInt8, past * TokenBytes);
                source.AsSpan<byte>().CopyTo(target.AsSpan<byte>());
            }
        }

        lengths[slot] = past;
    }
}
