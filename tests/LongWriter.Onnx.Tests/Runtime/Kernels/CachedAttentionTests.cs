using LongWriter.Onnx.Runtime;

namespace LongWriter.Onnx.Tests.Runtime.Kernels;

/// <summary>Attention over int8 keys and values: what it gives and keeps, and that a token's bits do not depend on the step that it comes in.</summary>
public sealed class CachedAttentionTests
{
    [Theory]
    [InlineData(1, 1, 16, 40)]
    [InlineData(2, 1, 32, 33)]
    [InlineData(6, 2, 64, 50)]
    [InlineData(14, 2, 64, 530)]
    [InlineData(8, 1, 128, 17)]
    [InlineData(16, 1, 16, 1030)]
    [InlineData(4, 4, 48, 16)]
    public void Run_PromptAtOnce_EqualsDoublePrecision(int heads, int kvHeads, int dim, int tokens)
    {
        var given = new AttentionCase(heads, kvHeads, dim, rows: 1, tokens);
        using OperatorSession session = given.Own(threads: 2);
        using var rows = new AttentionRows(given, session, rows: 1, capacity: tokens + 3);

        float[] output = rows.Append(0, [0], [0], tokens);

        float[][] byToken = [.. output.Chunk(heads * dim)];
        foreach (int token in (int[])[0, 1, tokens / 2, tokens - 2, tokens - 1])
        {
            AssertNear(given.Expected(0, token), byToken[token], $"token {token}");
        }

        Assert.All(Enumerable.Range(0, kvHeads), head =>
        {
            Assert.All(Enumerable.Range(0, tokens), token =>
            {
                Assert.Equal(given.Key(0, token, head), rows.Kept(true, 0, head, token));
                Assert.Equal(given.Value(0, token, head), rows.Kept(false, 0, head, token));
            });
            Assert.True(rows.IsGarbage(0, head, tokens), "written behind the last token");
        });
    }

    /// <summary>Around the borders of tiles of 16 and of pieces of 512 keys.</summary>
    [Theory]
    [InlineData(7, 1)]
    [InlineData(2, 2)]
    [InlineData(40, 1)]
    public void Run_InAnySteps_SameBits(int heads, int kvHeads)
    {
        const int Tokens = 1060;
        var given = new AttentionCase(heads, kvHeads, 32, rows: 1, Tokens);
        using OperatorSession alone = given.Own();
        using var whole = new AttentionRows(given, alone, rows: 1, Tokens);
        float[][] expected = [.. whole.Append(0, [0], [0], Tokens).Chunk(heads * 32)];

        foreach (int threads in (int[])[1, 3])
        {
            using OperatorSession session = given.Own(threads);
            using var rows = new AttentionRows(given, session, rows: 2, Tokens + 7);
            int past = 0;
            foreach (int step in (int[])[13, 1, 1, 1, 1, 5, 480, 9, 1, 1, 1, 33, 2, 470, 4, 1, 1, 8, 1, 16, 10])
            {
                float[][] output = [.. rows.Append(1, [0], [past], step).Chunk(heads * 32)];
                foreach ((int i, float[] token) in output.Index())
                {
                    Assert.True(expected[past + i].SequenceEqual(token), $"{threads} threads, token {past + i} in a step of {step} behind {past}");
                }

                past += step;
            }

            Assert.Equal(Tokens, past);
        }
    }

    [Fact]
    public void Run_RowsOfDifferentLengths_EqualAlone()
    {
        const int Heads = 6, Tokens = 700;
        var given = new AttentionCase(Heads, 2, 64, rows: 5, Tokens);
        int[] pasts = [0, 3, 512, 699, 17];
        using OperatorSession session = given.Own(threads: 2);
        using var together = new AttentionRows(given, session, rows: 5, Tokens);
        using var alone = new AttentionRows(given, session, rows: 5, Tokens);
        for (int row = 0; row < 5; row++)
        {
            if (pasts[row] > 0)
            {
                together.Append(row, [row], [0], pasts[row]);
                alone.Append(row, [row], [0], pasts[row]);
            }
        }

        float[] batch = together.Append(0, [0, 1, 2, 3, 4], pasts, 1);

        Assert.Equal(Enumerable.Range(0, 5).SelectMany(row => alone.Append(row, [row], [pasts[row]], 1)), batch);
        AssertNear(given.Expected(3, 699), batch[(3 * Heads * 64)..(4 * Heads * 64)], "row 3");
    }

    /// <summary>A rewound row forgets what was behind: other tokens in its place give what they give in a fresh row.</summary>
    [Fact]
    public void Run_AfterRewind_EqualsAFreshRow()
    {
        var given = new AttentionCase(4, 2, 32, rows: 2, tokens: 60);
        using OperatorSession session = given.Own();
        using var rows = new AttentionRows(given, session, rows: 2, capacity: 60);
        rows.Append(0, [0], [0], 60);
        float[] packed = [.. given.Packed(0, 0, 20), .. given.Packed(1, 20, 5)];

        float[] fresh = rows.Append(1, packed, [24], 25);
        float[] rewound = rows.Append(0, [1], [20], 5);

        Assert.Equal(fresh[(20 * 4 * 32)..], rewound);
    }

    /// <summary>What ONNX Runtime's operator gives, which rounds queries' products otherwise; what is kept is the same but where a last digit decides.</summary>
    [Fact]
    public void Run_BesideOnnxRuntimes_IsNearAndKeepsTheSame()
    {
        const int Tokens = 90;
        var given = new AttentionCase(14, 2, 64, rows: 1, Tokens);
        using OperatorSession own = given.Own();
        using OperatorSession other = given.OnnxRuntimes();
        using var rows = new AttentionRows(given, own, rows: 1, Tokens);
        using var otherRows = new AttentionRows(given, other, rows: 1, Tokens);

        float[] prompt = rows.Append(0, [0], [0], Tokens - 1);
        float[] otherPrompt = otherRows.Append(0, [0], [0], Tokens - 1);
        float[] last = rows.Append(0, [0], [Tokens - 1], 1);
        float[] otherLast = otherRows.Append(0, [0], [Tokens - 1], 1);

        AssertNear([.. otherPrompt.Select(value => (double)value)], prompt, "the prompt", 1e-3);
        AssertNear([.. otherLast.Select(value => (double)value)], last, "the last token", 1e-3);
        int different = Enumerable.Range(0, Tokens).Sum(token => rows.Kept(true, 0, 1, token).Zip(otherRows.Kept(true, 0, 1, token), (a, b) => a == b ? 0 : Math.Abs(a - b) == 1 ? 1 : 1000).Sum());
        Assert.InRange(different, 0, Tokens * 64 / 1000);
    }

    [Theory]
    [InlineData(-1, "expected 2 to 8, found 0")]
    [InlineData(0, "expected 2 to 8, found 1")]
    [InlineData(8, "expected 2 to 8, found 9")]
    [InlineData(int.MaxValue, "expected 2 to 8, found 2147483648")]
    [InlineData(int.MinValue, "expected 2 to 8, found -2147483647")]
    public void Run_LengthThatCannotBe_IsNamedAndTheSessionGoesOn(int lastPosition, string message)
    {
        var given = new AttentionCase(2, 1, 16, rows: 2, tokens: 8);
        using OperatorSession session = given.Own();
        using var rows = new AttentionRows(given, session, rows: 2, capacity: 9);
        float[] packed = [.. given.Packed(0, 0, 2), .. given.Packed(1, 0, 2)];

        var failure = Assert.Throws<OnnxRuntimeException>(() => rows.Append(0, packed, [1, lastPosition], 2));

        Assert.Contains($"Length of row 1: {message}.", failure.Message, StringComparison.Ordinal);
        AssertNear(given.Expected(1, 1), rows.Append(0, packed, [1, 1], 2)[^32..], "afterwards");
    }

    [Fact]
    public void Run_PresentElsewhereThanPast_IsRefused()
    {
        var given = new AttentionCase(2, 1, 16, rows: 1, tokens: 4);
        using OperatorSession session = given.Own();
        OrtEnvironment environment = session.Environment;
        using OrtTensor packed = OrtTensor.From<float>(environment, given.Packed(0, 0, 1), 1, 1, given.Width);
        using OrtTensor keys = OrtTensor.Allocate(environment, TensorElementType.Int8, 1, 1, 4, 16);
        using OrtTensor values = OrtTensor.Allocate(environment, TensorElementType.Int8, 1, 1, 4, 16);
        using OrtTensor otherKeys = OrtTensor.Allocate(environment, TensorElementType.Int8, 1, 1, 4, 16);
        using OrtTensor length = OrtTensor.From<int>(environment, [0], 1);
        using OrtTensor total = OrtTensor.From<int>(environment, [1]);
        using OrtTensor cosines = OrtTensor.From<float>(environment, given.Cosines, 4, 8);
        using OrtTensor sines = OrtTensor.From<float>(environment, given.Sines, 4, 8);
        using OrtTensor step = OrtTensor.From<float>(environment, [0.1f], 1);
        using OrtTensor output = OrtTensor.Allocate(environment, TensorElementType.Float, 1, 1, 32);

        var failure = Assert.Throws<OnnxRuntimeException>(() => session.Run([packed, keys, values, length, total, cosines, sines, step, step], [output, otherKeys, values]));

        Assert.Contains("Present keys and values must be bound to the buffers of the past ones.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_HeadsThatKeysDoNotDivide_IsRefused()
    {
        var failure = Assert.Throws<OnnxRuntimeException>(() => new AttentionCase(5, 2, 16, rows: 1, tokens: 1).Own().Dispose());

        Assert.Contains("Attribute 'num_heads': expected a multiple of kv_num_heads, 2, found 5.", failure.Message, StringComparison.Ordinal);
    }

    private static void AssertNear(double[] expected, float[] actual, string what, double tolerance = 2e-5)
    {
        double size = Math.Sqrt(expected.Average(value => value * value));
        Assert.Equal(expected.Length, actual.Length);
        double error = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Average()) / size;
        Assert.True(error <= tolerance, $"{what}: relative error {error}");
    }
}
