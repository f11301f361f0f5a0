using FsCheck;
using FsCheck.Fluent;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>The bits of a token's result depend neither on what else is in its step, nor on other rows, nor on threads.</summary>
public sealed class CachedAttentionBitsTests
{
    [Theory]
    [InlineData(16, 1)]
    [InlineData(64, 2)]
    [InlineData(64, 3)]
    [InlineData(32, 4)]
    [InlineData(32, 7)]
    [InlineData(128, 8)]
    public void Run_TokenByTokenOrSeveralAtOnce_SameBits(int dim, int group)
    {
        var shape = new AttentionShape(dim, group, 2, Capacity: 560);
        float[] packed = shape.Tokens(new Random(10), 70);
        foreach (int past in (int[])[0, 8, 480])
        {
            float[] expected = Steps(shape, packed, past, 1);
            foreach (int tokens in (int[])[2, 3, 5, 16, 33, 70])
            {
                Bits.AssertSame(expected, Steps(shape, packed, past, tokens), $"{tokens} tokens at once behind {past}");
            }

            Bits.AssertSame(expected, Steps(shape, packed, past, 7, threads: 2), $"two threads behind {past}");
            Bits.AssertSame(expected, Steps(shape, packed, past, 1, threads: 4), $"four threads behind {past}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Run_BesideOtherRows_SameBitsAsAlone(int threads)
    {
        int[] lengths = [530, 5, 1, 512, 17, 513, 40, 1100];
        foreach (int group in (int[])[1, 3, 7])
        {
            var shape = new AttentionShape(64, group, 2, Capacity: 1100, Rows: lengths.Length);
            using var together = new AttentionSession(shape, threads: threads);
            float[] packed = shape.Tokens(new Random(11), lengths.Length);
            sbyte[] keys = together.Keys.AsSpan<sbyte>().ToArray();
            sbyte[] values = together.Values.AsSpan<sbyte>().ToArray();
            float[] found = together.Step(packed, lengths);
            using var alone = new AttentionSession(shape with { Rows = 1 });
            for (int row = 0; row < lengths.Length; row++)
            {
                keys.AsSpan(row * shape.RowBytes, shape.RowBytes).CopyTo(alone.Keys.AsSpan<sbyte>());
                values.AsSpan(row * shape.RowBytes, shape.RowBytes).CopyTo(alone.Values.AsSpan<sbyte>());
                float[] expected = alone.Step(packed[(row * shape.Packed)..((row + 1) * shape.Packed)], lengths[row]);
                Bits.AssertSame(expected, found.AsSpan(row * expected.Length, expected.Length), $"group {group}, row {row}");
            }
        }
    }

    [Fact]
    public void Run_CutAnywhere_SameBits()
    {
        var shape = new AttentionShape(32, 3, 1, Capacity: 1100);
        float[] packed = shape.Tokens(new Random(12), 40);
        Arbitrary<(int Past, int First, int Second)> cuts = Gen.Choose(0, 1060).SelectMany(
            past => Gen.Choose(1, 39).SelectMany(first => Gen.Choose(first, 40).Select(second => (past, first, second)))).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(7UL, 11UL), Prop.ForAll(cuts, cut =>
        {
            float[] whole = Pieces(shape, packed, cut.Past, 40);
            float[] pieces = Pieces(shape, packed, cut.Past, cut.First, cut.Second, 40);
            Bits.AssertSame(whole, pieces, $"{cut}");
        }));
    }

    private static float[] Steps(AttentionShape shape, float[] packed, int past, int tokens, int threads = 1)
    {
        int count = packed.Length / shape.Packed;
        return Cut(shape, packed, past, threads, [.. Enumerable.Range(1, (count + tokens - 1) / tokens).Select(step => Math.Min(step * tokens, count))]);
    }

    private static float[] Pieces(AttentionShape shape, float[] packed, int past, params int[] ends) => Cut(shape, packed, past, threads: 1, ends);

    private static float[] Cut(AttentionShape shape, float[] packed, int past, int threads, int[] ends)
    {
        using var session = new AttentionSession(shape, threads: threads);
        List<float> attended = [];
        int start = 0;
        foreach (int end in ends)
        {
            if (end > start)
            {
                attended.AddRange(session.Step(packed[(start * shape.Packed)..(end * shape.Packed)], past + end));
            }

            start = end;
        }

        return [.. attended];
    }
}
