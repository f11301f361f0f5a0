using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// As <see cref="SharedKvCache"/>, in the memory of a device that gives addresses (CUDA): what attention reads and writes never leaves it. Rows are moved by
/// copies on the device; only a document's trunk is copied to the host and back.
/// </summary>
internal sealed class DeviceKvCache : KvCache, IKvRows
{
    private readonly OrtDevice device;
    private readonly DeviceBuffer[] buffers;

    /// <summary>A row of one tensor, for two rows that change places. Made when it first happens.</summary>
    private DeviceBuffer? spare;

    public DeviceKvCache(DecoderModel model, OrtDevice device, int rows, int capacity)
        : base(model, rows, capacity)
    {
        this.device = device;
        buffers = DeviceBuffers.Allocate(device, model.Past.Length, checked(RowBytes * rows));
    }

    public override long LengthBytes => buffers.Sum(buffer => buffer.LengthBytes);

    public int BytesPerToken => checked((int)(TokenBytes * Heads * buffers.Length));

    public override void Bind(OrtIoBinding binding, int firstRow, ReadOnlySpan<int> pasts, int tokens) => BindRows(binding, buffers, firstRow, pasts.Length);

    public override void Commit(int firstRow, ReadOnlySpan<int> pasts, int tokens)
    {
        // The run wrote in place.
    }

    public override void CopyPrefix(int from, int to, int tokens)
    {
        using var copies = new PositionCopies(device, Model);
        for (int tensor = 0; tensor < buffers.Length; tensor++)
        {
            AddRow(copies, tokens, buffers[tensor], from * RowBytes, buffers[tensor], to * RowBytes);
        }

        copies.Run();
    }

    public void Swap(int rowA, int tokensA, int rowB, int tokensB)
    {
        spare ??= device.Allocate(RowBytes);
        foreach (DeviceBuffer buffer in buffers)
        {
            Move(tokensA, buffer, rowA * RowBytes, spare, 0);
            Move(tokensB, buffer, rowB * RowBytes, buffer, rowA * RowBytes);
            Move(tokensA, spare, 0, buffer, rowB * RowBytes);
        }

        void Move(int tokens, DeviceBuffer source, long sourceOffset, DeviceBuffer target, long targetOffset)
        {
            using var copies = new PositionCopies(device, Model);
            AddRow(copies, tokens, source, sourceOffset, target, targetOffset);
            copies.Run();
        }
    }

    public void Read(int row, int from, int end, Span<byte> target)
    {
        int each = checked((int)((end - from) * TokenBytes));
        using TensorMemory staging = device.AllocateOnHost((long)each * Heads);
        for (int tensor = 0; tensor < buffers.Length; tensor++)
        {
            CopyPositions(tensor, row, from, end, staging, toHost: true);
            staging.Slice(0, staging.LengthBytes).CopyTo(target.Slice(tensor * Heads * each));
        }
    }

    public void Write(int row, int from, int end, ReadOnlySpan<byte> source)
    {
        int each = checked((int)((end - from) * TokenBytes));
        using TensorMemory staging = device.AllocateOnHost((long)each * Heads);
        for (int tensor = 0; tensor < buffers.Length; tensor++)
        {
            source.Slice(tensor * Heads * each, Heads * each).CopyTo(staging.Slice(0, staging.LengthBytes));
            CopyPositions(tensor, row, from, end, staging, toHost: false);
        }
    }

    public override void Dispose()
    {
        spare?.Dispose();
        foreach (DeviceBuffer buffer in buffers)
        {
            buffer.Dispose();
        }
    }

    protected override Span<byte> Prefix(int tensor, int row, int head, int tokens) => throw DeviceBuffers.NotOnHost(device);

    private void AddRow(PositionCopies copies, int tokens, DeviceBuffer source, long sourceOffset, DeviceBuffer target, long targetOffset)
    {
        for (int head = 0; head < Heads; head++)
        {
            long offset = head * TokenBytes * Capacity;
            copies.Add(tokens, source, sourceOffset + offset, target, targetOffset + offset);
        }
    }

    private void CopyPositions(int tensor, int row, int from, int end, TensorMemory staging, bool toHost)
    {
        using var copies = new PositionCopies(device, Model);
        for (int head = 0; head < Heads; head++)
        {
            long onDevice = row * RowBytes + (head * (long)Capacity + from) * TokenBytes;
            long onHost = head * (end - from) * TokenBytes;
            if (toHost)
            {
                copies.Add(end - from, buffers[tensor], onDevice, staging, onHost);
            }
            else
            {
                copies.Add(end - from, staging, onHost, buffers[tensor], onDevice);
            }
        }

        copies.Run();
    }
}
