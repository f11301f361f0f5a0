using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Decoding;

/// <summary>
/// Keys and values in host memory: per layer one tensor of keys and one of values, [heads, positions, head_dim] in a row. Not cleared: physical
/// memory is taken where tokens are written. Of one runner at a time.
/// </summary>
internal abstract class KvCache : IDisposable
{
    protected KvCache(DecoderModel model, int rows, int capacity)
    {
        Model = model;
        Rows = rows;
        Capacity = capacity;
        TokenBytes = model.KvType.ByteCount(model.Manifest.Kv.HeadDim);
        RowBytes = checked(TokenBytes * capacity * Heads);
    }

    /// <summary>Sequences that there is memory for.</summary>
    public int Rows { get; }

    /// <summary>Positions of a row.</summary>
    public int Capacity { get; }

    public abstract long LengthBytes { get; }

    /// <summary>Memory that is really taken; null where nobody can tell.</summary>
    public virtual long? ResidentBytes => null;

    /// <summary>Which rows are bound; a cache is of one runner at a time.</summary>
    private (int FirstRow, int Rows) bound;

    protected DecoderModel Model { get; }

    protected int Heads => Model.Manifest.Kv.HeadCount;

    /// <summary>Of one head and position.</summary>
    protected long TokenBytes { get; }

    /// <summary>Of one tensor in one row.</summary>
    protected long RowBytes { get; }

    /// <summary>As the graph wants it: one buffer as past and present, or a past of exactly as many positions as there are.</summary>
    public static KvCache Create(DecoderModel model, int rows, int capacity) =>
        model.Manifest.Kv.Grows ? new GrowingKvCache(model, rows, capacity)
        : model.KvDevice is not { } device ? new SharedKvCache(model, rows, capacity)
        : device.IsAddressable ? new DeviceKvCache(model, device, rows, capacity)
        : new DeviceRowKvCache(model, device, rows, capacity);

    /// <summary>Makes neighbouring rows those that the next run reads and appends to.</summary>
    /// <param name="binding">The runner's.</param>
    /// <param name="firstRow">The first of the rows.</param>
    /// <param name="pasts">Positions that each of them has. One row unless <see cref="DecoderModel.Batches"/>.</param>
    /// <param name="tokens">Tokens of the run for each row.</param>
    public abstract void Bind(OrtIoBinding binding, int firstRow, ReadOnlySpan<int> pasts, int tokens);

    /// <summary>The run over what was bound was a success: each row has its tokens. After one that failed it has the positions it had before.</summary>
    public abstract void Commit(int firstRow, ReadOnlySpan<int> pasts, int tokens);

    /// <summary>Copies the first <paramref name="tokens"/> positions of a row to another one.</summary>
    public virtual void CopyPrefix(int from, int to, int tokens)
    {
        for (int tensor = 0; tensor < Model.Past.Length; tensor++)
        {
            for (int head = 0; head < Heads; head++)
            {
                Prefix(tensor, from, head, tokens).CopyTo(Prefix(tensor, to, head, tokens));
            }
        }
    }

    /// <summary>Memory that the first <paramref name="tokens"/> positions of a row take at most.</summary>
    public virtual long BytesOf(int tokens) => TokenBytes * Heads * Model.Past.Length * tokens;

    /// <summary>Gives memory of a row from a position on back to the system, where there is a way.</summary>
    public virtual void GiveBack(int row, int from)
    {
    }

    /// <summary>
    /// The largest magnitude in each tensor over the first <paramref name="tokens"/> positions of a row: keys of layer 0, values of layer 0, keys of layer 1, …
    /// Only for float32.
    /// </summary>
    public float[] LargestMagnitudes(int row, int tokens) =>
    [
        .. Enumerable.Range(0, Model.Past.Length).Select(tensor => Enumerable.Range(0, Heads).Max(
            head => Math.Abs(TensorPrimitives.MaxMagnitude<float>(MemoryMarshal.Cast<byte, float>(Prefix(tensor, row, head, tokens)))))),
    ];

    public abstract void Dispose();

    /// <summary>Binds neighbouring rows of one buffer for each tensor as past and as present, unless they are bound.</summary>
    protected void BindRows(OrtIoBinding binding, IReadOnlyList<TensorMemory> buffers, int firstRow, int rows)
    {
        if (bound == (firstRow, rows))
        {
            return;
        }

        long offset = firstRow * RowBytes;
        int headDim = Model.Manifest.Kv.HeadDim;
        for (int i = 0; i < buffers.Count; i++)
        {
            binding.BindInput(Model.Past[i], buffers[i], offset, Model.KvType, rows, Heads, Capacity, headDim);
            binding.BindOutput(Model.Present[i], buffers[i], offset, Model.KvType, rows, Heads, Capacity, headDim);
        }

        bound = (firstRow, rows);
    }

    /// <summary>The first <paramref name="tokens"/> positions of a head.</summary>
    protected abstract Span<byte> Prefix(int tensor, int row, int head, int tokens);
}
