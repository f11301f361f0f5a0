using System.Buffers;
using LongWriter.Onnx.Model;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// One buffer of [rows, heads, capacity, head_dim] for each tensor, bound as past and as present, so that a step writes its tokens in place and nothing is
/// copied. A rewind costs nothing: what lies beyond a row's length is never read. Neighbouring rows are one tensor, and so a batch.
/// </summary>
internal sealed class SharedKvCache : KvCache, IKvRows
{
    private readonly NativeBuffer[] buffers;

    /// <summary>By row: raised when its positions get other contents, or more of them.</summary>
    private readonly long[] versions;

    public SharedKvCache(DecoderModel model, int rows, int capacity)
        : base(model, rows, capacity)
    {
        buffers = [.. model.Past.Select(_ => NativeBuffer.Reserve(checked(RowBytes * rows)))];
        versions = new long[rows];
    }

    /// <summary>Tensors times heads: the pieces that a row consists of.</summary>
    public int TensorHeads => buffers.Length * Heads;

    /// <summary>The same as long as nothing but rewinds happened to the row.</summary>
    public long VersionOf(int row) => versions[row];

    /// <summary>The row's positions change, or it gets more of them.</summary>
    public void Touch(int row) => versions[row]++;

    public override long LengthBytes => buffers.Sum(buffer => buffer.LengthBytes);

    public override long? ResidentBytes => buffers.Any(buffer => buffer.ResidentBytes is null) ? null : buffers.Sum(buffer => buffer.ResidentBytes);

    public override void Bind(OrtIoBinding binding, int firstRow, ReadOnlySpan<int> pasts, int tokens) => BindRows(binding, buffers, firstRow, pasts.Length);

    public override void Commit(int firstRow, ReadOnlySpan<int> pasts, int tokens)
    {
        // The run wrote in place.
        for (int i = 0; i < pasts.Length; i++)
        {
            Touch(firstRow + i);
        }
    }

    public override void CopyPrefix(int from, int to, int tokens)
    {
        Touch(to);
        base.CopyPrefix(from, to, tokens);
    }

    /// <summary>Bytes of the keys and values of one token in all tensors.</summary>
    public int BytesPerToken => checked((int)(TokenBytes * Heads * buffers.Length));

    /// <summary>Copies the positions [<paramref name="from"/>, <paramref name="end"/>) of a row: tensor by tensor, head by head.</summary>
    public void Read(int row, int from, int end, Span<byte> target)
    {
        int each = checked((int)((end - from) * TokenBytes));
        for (int i = 0; i < TensorHeads; i++)
        {
            Positions(i, row, from, end).CopyTo(target.Slice(i * each, each));
        }
    }

    /// <summary>Sets what <see cref="Read"/> copied.</summary>
    public void Write(int row, int from, int end, ReadOnlySpan<byte> source)
    {
        Touch(row);
        int each = checked((int)((end - from) * TokenBytes));
        for (int i = 0; i < TensorHeads; i++)
        {
            source.Slice(i * each, each).CopyTo(Positions(i, row, from, end));
        }
    }

    /// <summary>Positions [<paramref name="from"/>, <paramref name="end"/>) of a piece: of head i % heads of tensor i / heads.</summary>
    public Span<byte> Positions(int tensorAndHead, int row, int from, int end) =>
        Prefix(tensorAndHead / Heads, row, tensorAndHead % Heads, end)[checked((int)(from * TokenBytes))..];

    /// <summary>As a row lies in memory: head by head, each with room for the whole capacity, so each takes whole pages of its own.</summary>
    public static long BytesOf(DecoderModel model, int capacity, int tokens)
    {
        KvLayout kv = model.Manifest.Kv;
        long page = Environment.SystemPageSize;
        long tokenBytes = model.KvType.ByteCount(kv.HeadDim);
        long headBytes = tokenBytes * capacity;
        bool isAligned = headBytes % page == 0;
        long pagesOfHead = Pages(tokenBytes * tokens) + (isAligned ? 0 : 1);
        long pagesOfRow = Pages(headBytes * kv.HeadCount) + (isAligned ? 0 : 1);
        return tokens == 0 ? 0 : Math.Min(pagesOfHead * kv.HeadCount, pagesOfRow) * page * model.Past.Length;

        long Pages(long bytes) => (bytes + page - 1) / page;
    }

    public override long BytesOf(int tokens) => BytesOf(Model, Capacity, tokens);

    public override void GiveBack(int row, int from)
    {
        for (int tensor = 0; tensor < buffers.Length; tensor++)
        {
            GiveBack(tensor, row, from);
        }
    }

    private void GiveBack(int tensor, int row, int from)
    {
        if (from == 0)
        {
            buffers[tensor].GiveBack(row * RowBytes, RowBytes);
            return;
        }

        for (int head = 0; head < Heads; head++)
        {
            buffers[tensor].GiveBack(row * RowBytes + (head * Capacity + from) * TokenBytes, (Capacity - from) * TokenBytes);
        }
    }

    /// <summary>Lets two rows change places: the first so many positions of each, which are all that is in use.</summary>
    public void Swap(int rowA, int tokensA, int rowB, int tokensB) => Swap(rowA, tokensA, rowB, tokensB, givesBack: false);

    /// <summary>The same, and afterwards memory of both beyond them is given back, tensor by tensor, so that no row stands twice on the way.</summary>
    public void SwapAndGiveBack(int rowA, int tokensA, int rowB, int tokensB) => Swap(rowA, tokensA, rowB, tokensB, givesBack: true);

    private void Swap(int rowA, int tokensA, int rowB, int tokensB, bool givesBack)
    {
        Touch(rowA);
        Touch(rowB);
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

            if (givesBack)
            {
                GiveBack(tensor, rowA, tokensB);
                GiveBack(tensor, rowB, tokensA);
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
