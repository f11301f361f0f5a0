using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// For graphs that put the step's tokens behind the past in a new tensor, [heads, positions, head_dim] without gaps. A row has a buffer for each tensor, and
/// one more is shared by all rows: a run reads the row's and writes the spare one, and then they change places, so only the graph copies. A rewind moves
/// the heads together when the next run needs it.
/// </summary>
internal sealed class GrowingKvCache : KvCache
{
    private readonly NativeBuffer[][] buffers;
    private readonly NativeBuffer[] spare;

    /// <summary>Positions that lie in a row's buffers, which is how far its heads are apart.</summary>
    private readonly int[] lengths;

    public GrowingKvCache(DecoderModel model, int rows, int capacity)
        : base(model, rows, capacity)
    {
        buffers = [.. Enumerable.Range(0, rows).Select(_ => Buffers())];
        spare = Buffers();
        lengths = new int[rows];

        NativeBuffer[] Buffers() => [.. model.Past.Select(_ => NativeBuffer.Reserve(RowBytes))];
    }

    public override long LengthBytes => buffers.Append(spare).Sum(row => row.Sum(buffer => buffer.LengthBytes));

    public override void Bind(OrtIoBinding binding, int firstRow, ReadOnlySpan<int> pasts, int tokens)
    {
        int past = pasts[0];
        Rewind(firstRow, past);
        int headDim = Model.Manifest.Kv.HeadDim;
        for (int i = 0; i < spare.Length; i++)
        {
            binding.BindInput(Model.Past[i], buffers[firstRow][i], 0, Model.KvType, 1, Heads, past, headDim);
            binding.BindOutput(Model.Present[i], spare[i], 0, Model.KvType, 1, Heads, past + tokens, headDim);
        }
    }

    public override void Commit(int firstRow, ReadOnlySpan<int> pasts, int tokens)
    {
        for (int i = 0; i < spare.Length; i++)
        {
            (buffers[firstRow][i], spare[i]) = (spare[i], buffers[firstRow][i]);
        }

        lengths[firstRow] = pasts[0] + tokens;
    }

    public override void CopyPrefix(int from, int to, int tokens)
    {
        lengths[to] = tokens;
        base.CopyPrefix(from, to, tokens);
    }

    public override void Dispose()
    {
        foreach (NativeBuffer buffer in buffers.Append(spare).SelectMany(row => row))
        {
            buffer.Dispose();
        }
    }

    protected override Span<byte> Prefix(int tensor, int row, int head, int tokens) =>
        buffers[row][tensor].Slice(head * TokenBytes * lengths[row], tokens * TokenBytes);

    private void Rewind(int row, int past)
    {
        int length = lengths[row];
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
                Prefix(tensor, row, head, past).CopyTo(buffers[row][tensor].Slice(head * TokenBytes * past, past * TokenBytes));
            }
        }

        lengths[row] = past;
    }
}
