using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Tests.Kernels;

/// <summary>The bits of a row's product depend neither on the rows beside it, nor on threads, nor on the processor.</summary>
public sealed class BlockMatMulBitsTests
{
    private const int MostRows = 33;

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(8, false)]
    [InlineData(8, true)]
    public void Run_OtherRowsAndOtherThreads_SameBits(int bits, bool gated)
    {
        foreach (int blockSize in (int[])[32, 128])
        {
            // 19 groups, so that there are more than pieces of work.
            var layout = new BlockLayout(300, 19 * 16 - 3, bits, blockSize);
            BlockMatrix matrix = BlockMatrix.Random(layout, new Random(7), out _);
            int width = gated ? 600 : 300;
            float[] x = BlockMatrix.Numbers(new Random(8), MostRows * width);
            using var one = new BlockMatMulSession(matrix, gated);
            float[] alone = [.. x.Chunk(width).SelectMany(row => one.Multiply(row, 1, width))];
            foreach (int threads in (int[])[1, 2, 4])
            {
                using var session = new BlockMatMulSession(matrix, gated, threads);
                foreach (int rows in (int[])[1, 2, 3, 4, 5, 7, 8, 15, 16, 33])
                {
                    // From the last rows, so that a row is now the first of its step and now the second.
                    int first = MostRows - rows;
                    float[] found = session.Multiply(x[(first * width)..], rows, width);
                    Bits.AssertSame(alone.AsSpan(first * layout.Outputs), found, $"block {blockSize}, {rows} rows, {threads} threads");
                }
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Run_Gated_IsNearTheProductOfGatedNumbers(int bits)
    {
        var layout = new BlockLayout(301, 40, bits, 32);
        BlockMatrix matrix = BlockMatrix.Random(layout, new Random(7), out _);
        using var gated = new BlockMatMulSession(matrix, gated: true);
        using var plain = new BlockMatMulSession(matrix);
        foreach (float reach in (float[])[0.01f, 1, 20, 200])
        {
            float[] x = [.. BlockMatrix.Numbers(new Random(9), 602).Select((number, i) => i < 301 ? number * reach : number)];

            float[] expected = plain.Multiply(BlockMatrix.Gate(x), 1, 301);
            float[] found = gated.Multiply(x, 1, 602);

            double error = Math.Sqrt(expected.Zip(found, (e, f) => Math.Pow(e - f, 2)).Sum() / expected.Sum(e => e * e));
            Assert.InRange(error, 0, 2e-3);
        }
    }

    /// <summary>Numbers from this library itself, with AVX-512, and with DOTNET_EnableAVX512, DOTNET_EnableAVX2 and DOTNET_EnableHWIntrinsic set to 0: they were the same.</summary>
    [Theory]
    [InlineData(4, 896293775u)]
    [InlineData(8, 2554337037u)]
    public void Run_OnAnyProcessor_SameBits(int bits, uint expected)
    {
        var layout = new BlockLayout(200, 40, bits, 64);
        using var session = new BlockMatMulSession(BlockMatrix.Random(layout, new Random(10), out _));

        float[] found = session.Multiply(BlockMatrix.Numbers(new Random(11), 7 * 200), 7, 200);

        uint hash = found.Aggregate(2166136261u, (hash, value) => (hash ^ BitConverter.SingleToUInt32Bits(value)) * 16777619u);
        Assert.Equal(expected, hash);
    }
}
