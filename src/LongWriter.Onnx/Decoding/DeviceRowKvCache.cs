using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Keys and values in the memory of a device that gives handles and no addresses (WebGPU): a tensor of [1, heads, capacity, head_dim] for each row, so rows are
/// no batch, and what is copied is a whole one.
/// </summary>
internal sealed class DeviceRowKvCache : KvCache, IKvRows
{
    private readonly OrtDevice device;
    private readonly DeviceBuffer[][] buffers;
    private int boundRow = -1;

    public DeviceRowKvCache(DecoderModel model, OrtDevice device, int rows, int capacity)
        : base(model, rows, capacity)
    {
        this.device = device;
        int each = model.Past.Length;
        buffers = [.. DeviceBuffers.Allocate(device, rows * each, RowBytes).Chunk(each)];
    }

    public override long LengthBytes => buffers.Sum(row => row.Sum(buffer => buffer.LengthBytes));

    public int BytesPerToken => checked((int)(TokenBytes * Heads * Model.Past.Length));

    public override void Bind(OrtIoBinding binding, int firstRow, ReadOnlySpan<int> pasts, int tokens)
    {
        if (boundRow == firstRow)
        {
            return;
        }

        int headDim = Model.Manifest.Kv.HeadDim;
        for (int i = 0; i < Model.Past.Length; i++)
        {
            binding.BindInput(Model.Past[i], buffers[firstRow][i], 0, Model.KvType, 1, Heads, Capacity, headDim);
            binding.BindOutput(Model.Present[i], buffers[firstRow][i], 0, Model.KvType, 1, Heads, Capacity, headDim);
        }

        boundRow = firstRow;
    }

    public override void Commit(int firstRow, ReadOnlySpan<int> pasts, int tokens)
    {
        // The run wrote in place.
    }

    public override void CopyPrefix(int from, int to, int tokens)
    {
        for (int tensor = 0; tensor < Model.Past.Length; tensor++)
        {
            Copy(buffers[from][tensor], buffers[to][tensor]);
        }
    }

    public void Swap(int rowA, int tokensA, int rowB, int tokensB)
    {
        (buffers[rowA], buffers[rowB]) = (buffers[rowB], buffers[rowA]);
        boundRow = -1;
    }

    public void Read(int row, int from, int end, Span<byte> target)
    {
        int each = checked((int)((end - from) * TokenBytes));
        using TensorMemory staging = device.AllocateOnHost(RowBytes);
        for (int tensor = 0; tensor < Model.Past.Length; tensor++)
        {
            Copy(buffers[row][tensor], staging);
            for (int head = 0; head < Heads; head++)
            {
                Positions(staging, head, from, each).CopyTo(target.Slice((tensor * Heads + head) * each, each));
            }
        }
    }

    public void Write(int row, int from, int end, ReadOnlySpan<byte> source)
    {
        int each = checked((int)((end - from) * TokenBytes));
        using TensorMemory staging = device.AllocateOnHost(RowBytes);
        for (int tensor = 0; tensor < Model.Past.Length; tensor++)
        {
            // What lies before and beyond goes back as it came.
            Copy(buffers[row][tensor], staging);
            for (int head = 0; head < Heads; head++)
            {
                source.Slice((tensor * Heads + head) * each, each).CopyTo(Positions(staging, head, from, each));
            }

            Copy(staging, buffers[row][tensor]);
        }
    }

    public override void Dispose()
    {
        foreach (DeviceBuffer buffer in buffers.SelectMany(row => row))
        {
            buffer.Dispose();
        }
    }

    protected override Span<byte> Prefix(int tensor, int row, int head, int tokens) => throw DeviceBuffers.NotOnHost(device);

    private Span<byte> Positions(TensorMemory staging, int head, int from, int lengthBytes) => staging.Slice((head * (long)Capacity + from) * TokenBytes, lengthBytes);

    private void Copy(TensorMemory source, TensorMemory target)
    {
        using var copies = new PositionCopies(device, Model);
        copies.Add(Heads * Capacity, source, 0, target, 0);
        copies.Run();
    }
}
