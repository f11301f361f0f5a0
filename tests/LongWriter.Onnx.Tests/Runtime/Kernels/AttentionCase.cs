using LongWriter.Onnx.Export;
using LongWriter.Onnx.Runtime;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Runtime.Kernels;

/// <summary>Rows of tokens that are given to attention step by step, and what it must give for them, computed in double precision.</summary>
internal sealed class AttentionCase
{
    public const float KeyStep = 0.031f;
    public const float ValueStep = 0.027f;

    private readonly float[][] packed;

    /// <param name="heads">Of queries.</param>
    /// <param name="kvHeads">Of keys and values.</param>
    /// <param name="dim">Of a head.</param>
    /// <param name="rows">Sequences.</param>
    /// <param name="tokens">Tokens of each sequence.</param>
    public AttentionCase(int heads, int kvHeads, int dim, int rows, int tokens)
    {
        (Heads, KvHeads, Dim, Rows, Tokens) = (heads, kvHeads, dim, rows, tokens);
        var random = new Random(heads * 131 + dim + tokens);
        packed = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, tokens * Width).Select(_ => (random.NextSingle() - 0.5f) * 6).ToArray())];
        Cosines = [.. Enumerable.Range(0, tokens * dim / 2).Select(i => MathF.Cos(i / (dim / 2) * Frequency(i % (dim / 2))))];
        Sines = [.. Enumerable.Range(0, tokens * dim / 2).Select(i => MathF.Sin(i / (dim / 2) * Frequency(i % (dim / 2))))];
    }

    public int Heads { get; }

    public int KvHeads { get; }

    public int Dim { get; }

    public int Rows { get; }

    public int Tokens { get; }

    public int Width => (Heads + 2 * KvHeads) * Dim;

    public float[] Cosines { get; }

    public float[] Sines { get; }

    /// <summary>A session over our operator.</summary>
    public OperatorSession Own(int threads = 1) => new(
        CachedAttention.OperatorName, GraphWriter.OwnDomain,
        [GraphWriter.Attribute("num_heads", Heads), GraphWriter.Attribute("kv_num_heads", KvHeads), GraphWriter.Attribute("scale", (float)(1 / Math.Sqrt(Dim)))],
        [
            (TensorElementType.Float, 3), (TensorElementType.Int8, 4), (TensorElementType.Int8, 4), (TensorElementType.Int32, 1), (TensorElementType.Int32, 0),
            (TensorElementType.Float, 2), (TensorElementType.Float, 2), (TensorElementType.Float, 1), (TensorElementType.Float, 1),
        ],
        [(TensorElementType.Float, 3), (TensorElementType.Int8, 4), (TensorElementType.Int8, 4)], threads);

    /// <summary>A session over ONNX Runtime's operator with the same inputs, but for those that it has besides.</summary>
    public OperatorSession OnnxRuntimes() => new(
        "GroupQueryAttention", GraphWriter.MicrosoftDomain,
        [
            GraphWriter.Attribute("num_heads", Heads), GraphWriter.Attribute("kv_num_heads", KvHeads), GraphWriter.Attribute("do_rotary", 1), GraphWriter.Attribute("scale", (float)(1 / Math.Sqrt(Dim))),
            GraphWriter.Attribute("k_quant_type", "PER_TENSOR"), GraphWriter.Attribute("v_quant_type", "PER_TENSOR"), GraphWriter.Attribute("kv_cache_bit_width", 8),
        ],
        [
            (TensorElementType.Float, 3), null, null, (TensorElementType.Int8, 4), (TensorElementType.Int8, 4), (TensorElementType.Int32, 1), (TensorElementType.Int32, 0),
            (TensorElementType.Float, 2), (TensorElementType.Float, 2), null, null, null, (TensorElementType.Float, 1), (TensorElementType.Float, 1),
        ],
        [(TensorElementType.Float, 3), (TensorElementType.Int8, 4), (TensorElementType.Int8, 4)], width: Width);

    /// <summary>Tokens of a row, query, key and value.</summary>
    public ReadOnlySpan<float> Packed(int row, int from, int count) => packed[row].AsSpan(from * Width, count * Width);

    /// <summary>The output of a token, of all heads.</summary>
    public double[] Expected(int row, int token)
    {
        var output = new double[Heads * Dim];
        for (int head = 0; head < Heads; head++)
        {
            int kvHead = head / (Heads / KvHeads);
            float[] query = Turn(row, token, head);
            double[] scores = [.. Enumerable.Range(0, token + 1).Select(key => Key(row, key, kvHead).Zip(query, (k, q) => (double)k * KeyStep * q).Sum() / Math.Sqrt(Dim))];
            double largest = scores.Max();
            double[] weights = [.. scores.Select(score => Math.Exp(score - largest))];
            double sum = weights.Sum();
            for (int key = 0; key <= token; key++)
            {
                sbyte[] value = Value(row, key, kvHead);
                for (int i = 0; i < Dim; i++)
                {
                    output[head * Dim + i] += weights[key] / sum * value[i] * ValueStep;
                }
            }
        }

        return output;
    }

    /// <summary>A key as it must be kept.</summary>
    public sbyte[] Key(int row, int token, int kvHead) => Quantize(Turn(row, token, Heads + kvHead), KeyStep);

    /// <summary>A value as it must be kept.</summary>
    public sbyte[] Value(int row, int token, int kvHead) => Quantize(Packed(row, token, 1).Slice((Heads + KvHeads + kvHead) * Dim, Dim).ToArray(), ValueStep);

    private float[] Turn(int row, int token, int head)
    {
        ReadOnlySpan<float> source = Packed(row, token, 1).Slice(head * Dim, Dim);
        var turned = new float[Dim];
        int pairs = Dim / 2;
        for (int i = 0; i < pairs; i++)
        {
            (float cosine, float sine) = (Cosines[token * pairs + i], Sines[token * pairs + i]);
            turned[i] = source[i] * cosine - source[pairs + i] * sine;
            turned[pairs + i] = source[pairs + i] * cosine + source[i] * sine;
        }

        return turned;
    }

    private static sbyte[] Quantize(float[] values, float step) => [.. values.Select(value => (sbyte)Math.Clamp(MathF.Round(value / step), sbyte.MinValue, sbyte.MaxValue))];

    private float Frequency(int pair) => MathF.Pow(10000, -2f * pair / Dim);
}
