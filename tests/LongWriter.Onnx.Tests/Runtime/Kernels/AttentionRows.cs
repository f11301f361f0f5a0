using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime.Kernels;

/// <summary>Rows of keys and values in one buffer, full of garbage where nothing was kept, to which steps are appended.</summary>
internal sealed class AttentionRows : IDisposable
{
    private const sbyte Garbage = 101;

    private readonly AttentionCase given;
    private readonly OperatorSession session;
    private readonly int capacity;
    private readonly NativeBuffer keys;
    private readonly NativeBuffer values;
    private readonly OrtTensor[] constants;

    public AttentionRows(AttentionCase given, OperatorSession session, int rows, int capacity)
    {
        (this.given, this.session, this.capacity) = (given, session, capacity);
        long bytes = (long)rows * given.KvHeads * capacity * given.Dim;
        (keys, values) = (new NativeBuffer(bytes), new NativeBuffer(bytes));
        View(keys, 0, rows).AsSpan<sbyte>().Fill(Garbage);
        View(values, 0, rows).AsSpan<sbyte>().Fill(Garbage);
        OrtEnvironment environment = session.Environment;
        constants =
        [
            OrtTensor.From<int>(environment, [capacity]),
            OrtTensor.From<float>(environment, given.Cosines, given.Tokens, given.Dim / 2), OrtTensor.From<float>(environment, given.Sines, given.Tokens, given.Dim / 2),
            OrtTensor.From<float>(environment, [AttentionCase.KeyStep], 1), OrtTensor.From<float>(environment, [AttentionCase.ValueStep], 1),
        ];
    }

    /// <summary>Appends tokens to neighbouring rows.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="sources">The case's row whose tokens each takes.</param>
    /// <param name="pasts">Tokens that each has.</param>
    /// <param name="tokens">Tokens that each gets.</param>
    /// <returns>The outputs, row by row, token by token.</returns>
    public float[] Append(int firstRow, int[] sources, int[] pasts, int tokens)
    {
        float[] packed = [.. sources.Zip(pasts, (source, past) => given.Packed(source, past, tokens).ToArray()).SelectMany(row => row)];
        return Append(firstRow, packed, [.. pasts.Select(past => past + tokens - 1)], tokens);
    }

    /// <summary>The same with numbers and lengths of any kind.</summary>
    public float[] Append(int firstRow, float[] packed, int[] lastPositions, int tokens)
    {
        int rows = lastPositions.Length;
        OrtEnvironment environment = session.Environment;
        using OrtTensor input = OrtTensor.From<float>(environment, packed, rows, tokens, given.Width);
        using OrtTensor lengths = OrtTensor.From<int>(environment, lastPositions, rows);
        using OrtTensor output = OrtTensor.Allocate(environment, TensorElementType.Float, rows, tokens, given.Heads * given.Dim);
        using OrtTensor rowKeys = View(keys, firstRow, rows);
        using OrtTensor rowValues = View(values, firstRow, rows);
        constants[0].AsSpan<int>()[0] = Math.Max(1, lastPositions.Max() + 1);
        session.Run([input, rowKeys, rowValues, lengths, .. constants], [output, rowKeys, rowValues]);
        return output.AsSpan<float>().ToArray();
    }

    /// <summary>A kept key or value.</summary>
    public sbyte[] Kept(bool isKey, int row, int kvHead, int position)
    {
        using OrtTensor all = View(isKey ? keys : values, row, 1);
        return all.AsSpan<sbyte>().Slice((kvHead * capacity + position) * given.Dim, given.Dim).ToArray();
    }

    public bool IsGarbage(int row, int kvHead, int position) =>
        Kept(true, row, kvHead, position).Concat(Kept(false, row, kvHead, position)).All(value => value == Garbage);

    public void Dispose()
    {
        foreach (OrtTensor constant in constants)
        {
            constant.Dispose();
        }

        keys.Dispose();
        values.Dispose();
    }

    private OrtTensor View(NativeBuffer buffer, int firstRow, int rows) =>
        OrtTensor.View(session.Environment, buffer, (long)firstRow * given.KvHeads * capacity * given.Dim, TensorElementType.Int8, rows, given.KvHeads, capacity, given.Dim);
}
