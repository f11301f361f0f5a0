using LongWriter.Onnx.Export;

namespace LongWriter.Onnx.Tests.Export;

public sealed class BlockQuantizerTests
{
    [Fact]
    public void QuantizeInt8_LargestOfEachBlock_IsEndOfTheRange()
    {
        float[] row = new float[64];
        (row[0], row[1], row[2], row[33]) = (-2f, 1f, 0.5f, 4f);
        byte[] packed = new byte[64];
        float[] scales = new float[2];

        BlockQuantizer.QuantizeInt8(row, 32, packed, scales);

        Assert.Equal([2f / 127, 4f / 127], scales);
        Assert.Equal([1, 192, 160, 128], packed[..4]);
        Assert.Equal(255, packed[33]);
    }

    [Fact]
    public void QuantizeInt4_NeighboursShareAByteAndTheLargestIsMinusEight()
    {
        float[] row = new float[32];
        (row[0], row[1], row[2]) = (4f, -2f, 0.5f);
        byte[] packed = new byte[16];
        float[] scales = new float[1];

        BlockQuantizer.QuantizeInt4(row, 32, packed, scales);

        // 4 is the largest, so the scale is -0.5: 4 -> -8 (stored 0), -2 -> 4 (12), 0.5 -> -1 (7), 0 -> 0 (8).
        Assert.Equal([-0.5f], scales);
        Assert.Equal([0xC0, 0x87, 0x88], packed[..3]);
    }

    [Fact]
    public void Quantize_ZeroBlockAndRestOfABlock_AreZeros()
    {
        byte[] packed = new byte[64];
        float[] scales = new float[2];
        BlockQuantizer.QuantizeInt8(new float[40], 32, packed, scales);
        Assert.Equal([0f, 0f], scales);
        Assert.All(packed, value => Assert.Equal(128, value));

        byte[] pairs = new byte[32];
        BlockQuantizer.QuantizeInt4(new float[40], 32, pairs, scales);
        Assert.All(pairs, value => Assert.Equal(0x88, value));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    public void Quantize_ManyRandomRows_ErrIsWithinHalfAStep(int blockSize)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            float[] row = [.. Enumerable.Range(0, 1 + random.Next(300)).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 6))))];
            int blocks = BlockQuantizer.BlocksPerRow(row.Length, blockSize);
            byte[] bytes = new byte[BlockQuantizer.BytesPerRow(row.Length, blockSize, 8)];
            byte[] pairs = new byte[BlockQuantizer.BytesPerRow(row.Length, blockSize, 4)];
            float[] scales8 = new float[blocks];
            float[] scales4 = new float[blocks];
            BlockQuantizer.QuantizeInt8(row, blockSize, bytes, scales8);
            BlockQuantizer.QuantizeInt4(row, blockSize, pairs, scales4);

            for (int i = 0; i < row.Length; i++)
            {
                float scale8 = scales8[i / blockSize];
                float scale4 = Math.Abs(scales4[i / blockSize]);
                float value4 = ((pairs[i / 2] >> (i % 2 * 4) & 0xF) - 8) * scales4[i / blockSize];
                Assert.InRange(Math.Abs((bytes[i] - 128) * scale8 - row[i]), 0, scale8 * 0.5001f);

                // The end opposite to the largest value reaches 7 steps only.
                Assert.InRange(Math.Abs(value4 - row[i]), 0, scale4 * 1.0001f);
            }
        }
    }
}
