namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Attention of ours against ONNX Runtime's GroupQueryAttention over the same int8 keys and values, and against double.</summary>
public sealed class CachedAttentionTests
{
    private const int Capacity = 1104;

    private static readonly int[] Lengths = [1, 15, 16, 17, 511, 512, 513, 1100];

    public static TheoryData<int, int> Heads
    {
        get
        {
            var heads = new TheoryData<int, int>();
            foreach (int dim in (int[])[16, 32, 64, 128])
            {
                foreach (int group in (int[])[1, 2, 3, 4, 7, 8, 16])
                {
                    heads.Add(dim, group);
                }
            }

            return heads;
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Run_EveryLengthAndStep_IsOnnxRuntimesAttention(int dim, int group)
    {
        // Two heads of keys where that is little work, as one would hide a wrong place.
        var shape = new AttentionShape(dim, group, KvHeads: dim * group <= 512 ? 2 : 1, Capacity);
        using var ours = new AttentionSession(shape);
        using var theirs = new AttentionSession(shape, own: false);
        var random = new Random(2);
        foreach (int length in Lengths)
        {
            foreach (int tokens in (int[])[1, 2, 5, 33])
            {
                if (tokens > length || (tokens == 33 && length is 511 or 513))
                {
                    continue;
                }

                float[] packed = shape.Tokens(random, tokens);
                float[] expected = theirs.Step(packed, length);
                float[] found = ours.Step(packed, length);

                string what = $"length {length}, {tokens} tokens";
                AssertPlain(ours, packed, found, [length]);
                if (AreSameBytes(theirs, ours, packed, [length], what))
                {
                    AssertNear(expected, found, 2e-5, what);
                }
            }
        }
    }

    [Theory]
    [InlineData(64, 3, 2)]
    [InlineData(64, 7, 2)]
    [InlineData(32, 1, 3)]
    public void Run_RowsOfDifferentLengths_AreOnnxRuntimesAttention(int dim, int group, int kvHeads)
    {
        int[] lengths = [600, 1, 17, 1100, 512];
        var shape = new AttentionShape(dim, group, kvHeads, Capacity, Rows: lengths.Length);
        using var ours = new AttentionSession(shape);
        using var theirs = new AttentionSession(shape, own: false);
        float[] packed = shape.Tokens(new Random(3), lengths.Length);

        float[] expected = theirs.Step(packed, lengths);
        float[] found = ours.Step(packed, lengths);

        Assert.True(AreSameBytes(theirs, ours, packed, lengths, "rows"));
        AssertNear(expected, found, 2e-5, "rows");
        AssertPlain(ours, packed, found, lengths);
    }

    /// <summary>ONNX Runtime's has no such step: several tokens behind pasts of different lengths.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_SeveralTokensOfRowsOfDifferentLengths_AreThoseOfDouble(int tokens)
    {
        int[] lengths = [600, 5, 514, 1100];
        var shape = new AttentionShape(64, 3, 2, Capacity, Rows: lengths.Length);
        using var session = new AttentionSession(shape);
        float[] packed = shape.Tokens(new Random(4), tokens * lengths.Length);

        AssertPlain(session, packed, session.Step(packed, lengths), lengths);
    }

    /// <summary>Scores far apart, and all the same: the largest is taken off before anything is raised.</summary>
    [Theory]
    [InlineData(1e4f)]
    [InlineData(0)]
    public void Run_QueriesThatAreLargeOrNothing_AreThoseOfDouble(float factor)
    {
        var shape = new AttentionShape(64, 4, 1, Capacity);
        using var session = new AttentionSession(shape);
        float[] packed = [.. shape.Tokens(new Random(5), 3).Select((number, i) => i % shape.Packed < shape.Heads * shape.Dim ? number * factor : number)];

        float[] found = session.Step(packed, 1100);

        AssertPlain(session, packed, found, [1100], tolerance: factor > 1 ? 2e-3 : 2e-5);
    }

    [Fact]
    public void Run_NoRows_GivesNone()
    {
        using var session = new AttentionSession(new AttentionShape(16, 2, 1, 8, Rows: 0));

        Assert.Empty(session.Step([]));
    }

    /// <summary>
    /// Whether the bytes are equal. ONNX Runtime turns keys by other instructions, so that once in a million keys a number halfway between two whole ones goes the other way: that must be why, and then
    /// ours go on with theirs.
    /// </summary>
    private static bool AreSameBytes(AttentionSession theirs, AttentionSession ours, float[] packed, int[] lengths, string what)
    {
        AttentionShape shape = ours.Shape;
        Assert.True(theirs.Values.AsSpan<sbyte>().SequenceEqual(ours.Values.AsSpan<sbyte>()), $"{what}: values differ.");
        Span<sbyte> expected = theirs.Keys.AsSpan<sbyte>();
        Span<sbyte> found = ours.Keys.AsSpan<sbyte>();
        int tokens = packed.Length / shape.Packed / lengths.Length;
        int differences = 0;
        for (int at = expected.CommonPrefixLength(found); at < found.Length; at += 1 + expected[(at + 1)..].CommonPrefixLength(found[(at + 1)..]))
        {
            (int row, int head, int position) = (at / shape.RowBytes, at / shape.Dim / shape.Capacity % shape.KvHeads, at / shape.Dim % shape.Capacity);
            int index = row * tokens + position - lengths[row] + tokens;
            double key = PlainAttention.Turn(ours, packed.AsSpan(index * shape.Packed + (shape.Heads + head) * shape.Dim, shape.Dim), position)[at % shape.Dim] / AttentionShape.KeyStep;
            if (Math.Abs(Math.Abs(key - Math.Floor(key)) - 0.5) > 1e-4 || Math.Abs(expected[at] - found[at]) != 1)
            {
                Assert.Fail($"{what}: key byte {at}: expected {expected[at]}, found {found[at]} for {key}.");
            }

            differences++;
        }

        Assert.InRange(differences, 0, 1);
        expected.CopyTo(found);
        return differences == 0;
    }

    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
            {
                Assert.Fail($"{what}: number {i}: expected {expected[i]}, found {actual[i]}.");
            }
        }
    }

    /// <summary>The first and the last head of the first, a middle and the last token of each row.</summary>
    private static void AssertPlain(AttentionSession session, float[] packed, float[] found, int[] lengths, double tolerance = 2e-5)
    {
        AttentionShape shape = session.Shape;
        int tokens = packed.Length / shape.Packed / lengths.Length;
        for (int row = 0; row < lengths.Length; row++)
        {
            foreach (int token in new[] { 0, tokens / 2, tokens - 1 }.Distinct())
            {
                foreach (int head in new[] { 0, shape.Heads - 1 }.Distinct())
                {
                    int index = row * tokens + token;
                    double[] expected = PlainAttention.Attend(session, packed.AsSpan(index * shape.Packed, shape.Packed), row, lengths[row] - tokens + token, head);
                    AssertNear(
                        [.. expected.Select(number => (float)number)], found.AsSpan((index * shape.Heads + head) * shape.Dim, shape.Dim), tolerance,
                        $"{shape}, row {row} of length {lengths[row]}, token {token} of {tokens}, head {head}");
                }
            }
        }
    }
}
