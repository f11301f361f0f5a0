namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>What a step writes into the kept keys and values: the new tokens' bytes, and nothing else.</summary>
public sealed class CachedAttentionBytesTests
{
    private static readonly AttentionShape Shape = new(32, 3, 2, Capacity: 600, Rows: 3);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(33)]
    public void Run_NewTokens_WritesTheirBytesAndNoOthers(int tokens)
    {
        int[] lengths = [600, 34, 520];
        using var session = new AttentionSession(Shape, threads: 2);
        float[] packed = Shape.Tokens(new Random(6), 3 * tokens);
        sbyte[] keys = session.Keys.AsSpan<sbyte>().ToArray();
        sbyte[] values = session.Values.AsSpan<sbyte>().ToArray();

        session.Step(packed, lengths);

        for (int row = 0; row < 3; row++)
        {
            for (int token = 0; token < tokens; token++)
            {
                int position = lengths[row] - tokens + token;
                ReadOnlySpan<float> ofToken = packed.AsSpan((row * tokens + token) * Shape.Packed, Shape.Packed);
                for (int head = 0; head < Shape.KvHeads; head++)
                {
                    int place = row * Shape.RowBytes + (head * Shape.Capacity + position) * Shape.Dim;
                    double[] key = PlainAttention.Turn(session, ofToken.Slice((Shape.Heads + head) * Shape.Dim, Shape.Dim), position);
                    ReadOnlySpan<float> value = ofToken.Slice((Shape.Heads + Shape.KvHeads + head) * Shape.Dim, Shape.Dim);
                    for (int i = 0; i < Shape.Dim; i++)
                    {
                        keys[place + i] = Quantize((float)key[i], AttentionShape.KeyStep);
                        values[place + i] = Quantize(value[i], AttentionShape.ValueStep);
                    }
                }
            }
        }

        Assert.Contains(sbyte.MinValue, keys);
        Assert.Equal(keys, session.Keys.AsSpan<sbyte>().ToArray());
        Assert.Equal(values, session.Values.AsSpan<sbyte>().ToArray());
    }

    [Fact]
    public void Run_OtherBytesBehindARowsEnd_SameBits()
    {
        foreach (int length in (int[])[2, 16, 17, 512, 513, 598])
        {
            using var session = new AttentionSession(Shape);
            float[] packed = Shape.Tokens(new Random(7), 6);
            int[] lengths = [length, 2, length];
            float[] expected = session.Step(packed, lengths);
            for (int row = 0; row < 3; row++)
            {
                session.FillBehind(row, lengths[row], seed: 9 + row);
            }

            Bits.AssertSame(expected, session.Step(packed, lengths), $"length {length}");
        }
    }

    private static sbyte Quantize(float number, float step) => (sbyte)Math.Clamp(MathF.Round(number / step), sbyte.MinValue, sbyte.MaxValue);
}
