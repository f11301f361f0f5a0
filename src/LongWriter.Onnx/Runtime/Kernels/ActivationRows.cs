namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>Quantized rows, one behind the other.</summary>
/// <param name="quants">(rows, <paramref name="stride"/>).</param>
/// <param name="scales">(rows, blocks).</param>
/// <param name="sums">(rows, blocks).</param>
/// <param name="count">Rows.</param>
/// <param name="stride">Inputs of a row, filled up.</param>
/// <param name="blocks">Blocks of a row.</param>
internal readonly unsafe struct ActivationRows(sbyte* quants, float* scales, int* sums, int count, int stride, int blocks)
{
    public sbyte* Quants { get; } = quants;

    public float* Scales { get; } = scales;

    public int* Sums { get; } = sums;

    public int Count { get; } = count;

    public int Stride { get; } = stride;

    public int Blocks { get; } = blocks;

    /// <summary>Those from one on.</summary>
    public ActivationRows From(int row) => new(Quants + (long)row * Stride, Scales + (long)row * Blocks, Sums + (long)row * Blocks, Count - row, Stride, Blocks);
}
