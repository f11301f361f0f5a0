using System.Buffers;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// One buffer of [rows, heads, capacity, head_dim] for each tensor, bound as past and as present, so that a step writes its tokens in place and nothing is
/// copied. A rewind costs nothing: what lies beyond a row's length is never read. Neighbouring rows are one tensor, and so a batch.
/// </summary>
internal sealed class SharedKvCache : KvCache, IKvRows
{
    private readonly NativeBuffer[] buffers;
    private (int FirstRow, int Rows) bound;

    public SharedKvCache(DecoderModel model, int rows, int capacity)
        : base(model, rows, capacity) => buffers = [.. model.Past.Select(_ => new NativeBuffer(checked(RowBytes * rows)))];

    public override long LengthBytes => buffers.Sum(buffer => buffer.LengthBytes);

    public override void Bind(OrtIoBinding binding, int firstRow, ReadOnlySpan<int> pasts, int tokens)
    {
        int rows = pasts.Length;
        if (bound == (firstRow, rows))
        {
            return;
        }

        long offset = firstRow * RowBytes;
        int headDim = Model.Manifest.Kv.HeadDim;
        for (int i = 0; i < buffers.Length; i++)
        {
            binding.BindInput(Model.Past[i], buffers[i], offset, Model.KvType, rows, Heads, Capacity, headDim);
            binding.BindOutput(Model.Present[i], buffers[i], offset, Model.KvType, rows, Heads, Capacity, headDim);
        }

        bound = (firstRow, rows);
    }

    public override void Commit(int firstRow, ReadOnlySpan<int> pasts, int tokens)
    {
        // The run wrote in place.
    }

    /// <summary>Bytes of the keys and values of one token in all tensors.</summary>
    public int BytesPerToken => checked((int)(TokenBytes * Heads * buffers.Length));

    /// <summary>Copies the positions [<paramref name="from"/>, <paramref name="end"/>) of a row: tensor by tensor, head by head.</summary>
    public void Read(int row, int from, int end, Span<byte> target)
    {
        int each = checked((int)((end - from) * TokenBytes));
        for (int i = 0; i < buffers.Length * Heads; i++)
        {
            Positions(i, row, from, end).CopyTo(target.Slice(i * each, each));
        }
    }

    /// <summary>Sets what <see cref="Read"/> copied.</summary>
    public void Write(int row, int from, int end, ReadOnlySpan<byte> source)
    {
        int each = checked((int)((end - from) * TokenBytes));
        for (int i = 0; i < buffers.Length * Heads; i++)
        {
            source.Slice(i * each, each).CopyTo(Positions(i, row, from, end));
        }
    }

    private Span<byte> Positions(int tensorAndHead, int row, int from, int end) =>
        Prefix(tensorAndHead / Heads, row, tensorAndHead % Heads, end)[checked((int)(from * TokenBytes))..];

    /// <summary>Lets two rows change places: the first so many positions of each, which are all that is in use.</summary>
    public void Swap(int rowA, int tokensA, int rowB, int tokensB)
    {
        byte[] kept = ArrayPool<byte>.Shared.Rent(checked((int)(tokensA * TokenBytes)));
        for (int tensor = 0; tensor < buffers.Length; tensor++)
        {
            for (int head = 0; head < Heads; head++)
            {
                Span<byte> a = Prefix(tensor, rowA, head, tokensA);
                a.CopyTo(kept);
                Prefix(tensor, rowB, head, tokensB).CopyTo(Prefix(tensor, rowA, head, tokensB));
                kept.AsSpan(0, a.Length).CopyTo(Prefix(tensor, rowB, head, tokensA));
            }
        }

        ArrayPool<byte>.Shared.Return(kept);
    }

    public override void Dispose()
    {
        foreach (NativeBuffer buffer in buffers)
        {
            buffer.Dispose();
        }
    }

    protected override Span<byte> Prefix(int tensor, int row, int head, int tokens) =>
        buffers[tensor].Slice(row * RowBytes + head * TokenBytes * Capacity, tokens * TokenBytes);
}
