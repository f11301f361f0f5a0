using FsCheck;
using FsCheck.Fluent;
using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>Products by blocks against the same arithmetic, number by number in double, and against the product of what was not quantized.</summary>
public sealed class BlockMatMulTests
{
    private static readonly int[] RowCounts = [1, 2, 3, 4, 5, 7, 8, 16, 33];

    public static TheoryData<int, int, bool> Forms
    {
        get
        {
            var forms = new TheoryData<int, int, bool>();
            foreach (int bits in (int[])[4, 8])
            {
                foreach (int blockSize in (int[])[32, 64, 128])
                {
                    forms.Add(bits, blockSize, false);
                    forms.Add(bits, blockSize, true);
                }
            }

            return forms;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Run_EveryShape_EqualsThePlainProduct(int bits, int blockSize, bool gated)
    {
        var random = new Random(1);
        foreach (int inputs in (int[])[1, 31, blockSize, 2 * blockSize + 8, 301])
        {
            foreach (int outputs in (int[])[1, 15, 16, 17, 40])
            {
                BlockMatrix matrix = BlockMatrix.Random(new BlockLayout(inputs, outputs, bits, blockSize), random, out _);
                using var session = new BlockMatMulSession(matrix, gated);
                foreach (int rows in RowCounts)
                {
                    AssertProduct(session, matrix, BlockMatrix.Numbers(random, rows * inputs * (gated ? 2 : 1)), rows);
                }
            }
        }
    }

    /// <summary>Sums of 16 bits hold 8 steps of 2 x 15 x 127 and no more, so the largest of everything must come through.</summary>
    [Theory]
    [InlineData(4, 0, false)]
    [InlineData(4, 15, false)]
    [InlineData(8, 0, false)]
    [InlineData(8, 255, false)]
    [InlineData(4, 15, true)]
    [InlineData(8, 255, true)]
    public void Run_LargestWeightsAndActivations_DoNotOverflow(int bits, byte quant, bool gated)
    {
        foreach (int blockSize in (int[])[32, 64, 128, 256])
        {
            var layout = new BlockLayout(3 * blockSize, 17, bits, blockSize);
            var matrix = new BlockMatrix(
                layout, [.. Enumerable.Repeat(quant, layout.Outputs * layout.PaddedInputs)], [.. Enumerable.Repeat(1f, layout.Outputs * layout.Blocks)]);
            using var session = new BlockMatMulSession(matrix, gated);
            foreach (int rows in RowCounts)
            {
                int width = gated ? 2 * layout.Inputs : layout.Inputs;
                foreach (Func<int, float> number in (Func<int, float>[])[_ => 127, _ => -127, i => i % 2 == 0 ? 127 : -127])
                {
                    AssertProduct(session, matrix, [.. Enumerable.Range(0, rows * width).Select(number)], rows);
                }
            }
        }
    }

    [Theory]
    [InlineData(4, 32, 0.12)]
    [InlineData(4, 128, 0.15)]
    [InlineData(8, 32, 0.01)]
    [InlineData(8, 128, 0.01)]
    public void Run_WeightsThatWereNotQuantized_AreNear(int bits, int blockSize, double atMost)
    {
        var random = new Random(2);
        var layout = new BlockLayout(520, 48, bits, blockSize);
        BlockMatrix matrix = BlockMatrix.Random(layout, random, out float[] weights);
        float[] x = BlockMatrix.Numbers(random, layout.Inputs);
        using var session = new BlockMatMulSession(matrix);

        float[] found = session.Multiply(x, 1, layout.Inputs);

        double[] expected = [.. weights.Chunk(layout.Inputs).Select(row => row.Zip(x, (weight, input) => (double)weight * input).Sum())];
        double error = Math.Sqrt(expected.Zip(found, (e, f) => Math.Pow(e - f, 2)).Sum() / expected.Sum(e => e * e));
        Assert.InRange(error, 1e-4, atMost);
    }

    [Fact]
    public void Run_ZeroRowsInTheMatrixAndInTheActivations_GiveZeros()
    {
        foreach (int bits in (int[])[4, 8])
        {
            // As the exporter has a row of zeros: quants are the zero point, and the scale is 0.
            var layout = new BlockLayout(100, 17, bits, 32);
            var matrix = new BlockMatrix(
                layout, [.. Enumerable.Repeat((byte)layout.ZeroPoint, layout.Outputs * layout.PaddedInputs)], new float[layout.Outputs * layout.Blocks]);
            using var zeros = new BlockMatMulSession(matrix);
            using var numbers = new BlockMatMulSession(BlockMatrix.Random(layout, new Random(3), out _));

            Assert.All(zeros.Multiply(BlockMatrix.Numbers(new Random(4), 500), 5, 100), value => Assert.Equal(0, value));
            Assert.All(numbers.Multiply(new float[500], 5, 100), value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void Run_NoRows_GivesNone()
    {
        using var session = new BlockMatMulSession(BlockMatrix.Random(new BlockLayout(32, 16, 4, 32), new Random(3), out _));

        Assert.Empty(session.Multiply([], 0, 32));
        Assert.Empty(session.Multiply([], 3, 0, 32));
    }

    [Fact]
    public void Run_OneToFourDimensions_GiveTheSameNumbers()
    {
        var layout = new BlockLayout(72, 20, 4, 32);
        using var session = new BlockMatMulSession(BlockMatrix.Random(layout, new Random(5), out _));
        float[] x = BlockMatrix.Numbers(new Random(6), 6 * layout.Inputs);

        float[] expected = session.Multiply(x, 6, 72);

        Bits.AssertSame(expected.AsSpan(0, 20), session.Multiply(x[..72], 72), "one dimension");
        Bits.AssertSame(expected, session.Multiply(x, 2, 3, 72), "three dimensions");
        Bits.AssertSame(expected, session.Multiply(x, 1, 2, 3, 72), "four dimensions");
    }

    /// <summary>One number that cannot be computed spoils its own row and no other.</summary>
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Run_NumberThatIsNone_StaysInItsRow(float number)
    {
        var layout = new BlockLayout(96, 33, 4, 32);
        using var session = new BlockMatMulSession(BlockMatrix.Random(layout, new Random(5), out _));
        float[] x = BlockMatrix.Numbers(new Random(6), 3 * layout.Inputs);
        float[] expected = session.Multiply(x, 3, 96);
        x[96 + 40] = number;

        float[] found = session.Multiply(x, 3, 96);

        Bits.AssertSame(expected.AsSpan(0, 33), found.AsSpan(0, 33), "the row before");
        Bits.AssertSame(expected.AsSpan(66), found.AsSpan(66), "the row behind");
        Assert.All(found[33..66], value => Assert.False(float.IsFinite(value)));
    }

    /// <summary>127 divided by such a number is no number any more; what they give must still be next to nothing.</summary>
    [Fact]
    public void Run_NumbersNextToNothing_GiveNextToNothing()
    {
        var layout = new BlockLayout(64, 16, 8, 32);
        using var session = new BlockMatMulSession(BlockMatrix.Random(layout, new Random(5), out _));

        Assert.All(session.Multiply([.. Enumerable.Repeat(1e-41f, 64)], 1, 64), value => Assert.InRange(value, -1e-25f, 1e-25f));
    }

    [Fact]
    public void Run_AnyShape_EqualsThePlainProduct()
    {
        Arbitrary<(int Inputs, int Outputs, int Rows, int Form)> shapes = Gen.Choose(1, 700).SelectMany(
            inputs => Gen.Choose(1, 70).SelectMany(outputs => Gen.Choose(1, 40).SelectMany(rows => Gen.Choose(0, 15).Select(form => (inputs, outputs, rows, form))))).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(3UL, 5UL), Prop.ForAll(shapes, shape =>
        {
            var random = new Random(shape.Inputs);
            bool gated = shape.Form >= 8;
            var layout = new BlockLayout(shape.Inputs, shape.Outputs, shape.Form % 2 == 0 ? 4 : 8, 32 << (shape.Form / 2 % 4));
            BlockMatrix matrix = BlockMatrix.Random(layout, random, out _);
            using var session = new BlockMatMulSession(matrix, gated, threads: 2);
            AssertProduct(session, matrix, BlockMatrix.Numbers(random, shape.Rows * shape.Inputs * (gated ? 2 : 1)), shape.Rows);
        }));
    }

    private static void AssertProduct(BlockMatMulSession session, BlockMatrix matrix, float[] x, int rows)
    {
        int width = x.Length / rows;
        BlockLayout layout = matrix.Layout;
        float[] found = session.Multiply(x, rows, width);
        for (int row = 0; row < rows; row++)
        {
            (double[] product, double[] tolerance) = matrix.Multiply(x.AsSpan(row * width, width));
            for (int output = 0; output < layout.Outputs; output++)
            {
                if (!(Math.Abs(product[output] - found[row * layout.Outputs + output]) <= tolerance[output]))
                {
                    Assert.Fail($"{layout}, {rows} rows: row {row}, output {output}: expected {product[output]}, found {found[row * layout.Outputs + output]}.");
                }
            }
        }
    }
}
