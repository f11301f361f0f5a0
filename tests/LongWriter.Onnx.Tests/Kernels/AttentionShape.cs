namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Of one attention.</summary>
/// <param name="Dim">Numbers of a head.</param>
/// <param name="Group">Query heads of one key head.</param>
/// <param name="KvHeads">Key heads.</param>
/// <param name="Capacity">Positions that a row has room for.</param>
/// <param name="Rows">Rows of the buffer.</param>
/// <param name="Positions">Rows of the rotary tables.</param>
internal sealed record AttentionShape(int Dim, int Group, int KvHeads, int Capacity, int Rows = 1, int Positions = 1200)
{
    public const float KeyStep = 0.021f;

    public const float ValueStep = 0.013f;

    public int Heads => Group * KvHeads;

    /// <summary>Numbers of one token's query, key and value.</summary>
    public int Packed => (Heads + 2 * KvHeads) * Dim;

    public float Scale => (float)(1 / Math.Sqrt(Dim));

    public int RowBytes => KvHeads * Capacity * Dim;

    public float[] Cosines => Table(Math.Cos);

    public float[] Sines => Table(Math.Sin);

    /// <summary>Queries that single out some keys, so that attention is far from uniform; keys and values that now and then are beyond what int8 holds.</summary>
    public float[] Tokens(Random random, int count) => [.. Enumerable.Range(0, count * Packed).Select(i => (random.NextSingle() * 2 - 1) * (i % Packed < Heads * Dim ? 3 : 2.7f))];

    private float[] Table(Func<double, double> function)
    {
        int pairs = Dim / 2;
        return [.. Enumerable.Range(0, Positions * pairs).Select(i => (float)function(i / pairs * Math.Pow(10_000, -(double)(i % pairs) / pairs)))];
    }
}
