using LongWriter.Onnx.Runtime.Kernels;

namespace LongWriter.Onnx.Export;

/// <summary>
/// Symmetric quantization of one row in blocks, for the operator MatMulNBits without zero points (the stored value of 0 is 2^(bits-1)). A row whose
/// length is not a multiple of the block is filled up with zeros.
/// Source: the schemes Q8_0 and Q4_0 of GGML (ggml-quants.c, quantize_row_q8_0_ref and quantize_row_q4_0_ref). Difference: scales stay float32
/// instead of float16, and 4-bit values are packed in pairs of neighbours, as MatMulNBits wants them.
/// </summary>
internal static class BlockQuantizer
{
    public static int BlocksPerRow(int columns, int blockSize) => (columns + blockSize - 1) / blockSize;

    public static int BytesPerRow(int columns, int blockSize, int bits) => BlocksPerRow(columns, blockSize) * blockSize * bits / 8;

    /// <param name="row">The weights.</param>
    /// <param name="blockSize">Weights per scale.</param>
    /// <param name="packed">Receives one byte per weight.</param>
    /// <param name="scales">Receives one scale per block.</param>
    public static void QuantizeInt8(ReadOnlySpan<float> row, int blockSize, Span<byte> packed, Span<float> scales)
    {
        packed.Fill(128);
        for (int block = 0; block < scales.Length; block++)
        {
            ReadOnlySpan<float> values = Block(row, block, blockSize);
            float largest = 0;
            foreach (float value in values)
            {
                largest = Math.Max(largest, Math.Abs(value));
            }

            scales[block] = largest / 127;
            float inverse = largest == 0 ? 0 : 127 / largest;
            for (int i = 0; i < values.Length; i++)
            {
                packed[block * blockSize + i] = (byte)(128 + (int)MathF.Round(values[i] * inverse, MidpointRounding.AwayFromZero));
            }
        }
    }

    /// <param name="row">The weights.</param>
    /// <param name="blockSize">Weights per scale.</param>
    /// <param name="packed">Receives one byte per two weights, the first in the low half.</param>
    /// <param name="scales">Receives one scale per block; its sign puts the largest weight at -8, the end of the range.</param>
    public static void QuantizeInt4(ReadOnlySpan<float> row, int blockSize, Span<byte> packed, Span<float> scales)
    {
        packed.Fill(0x88);
        for (int block = 0; block < scales.Length; block++)
        {
            ReadOnlySpan<float> values = Block(row, block, blockSize);
            float largest = 0;
            foreach (float value in values)
            {
                largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
            }

            scales[block] = largest / -8;
            float inverse = largest == 0 ? 0 : -8 / largest;
            for (int i = 0; i < values.Length; i++)
            {
                int quantized = Math.Clamp((int)(values[i] * inverse + 8.5f), 0, 15);
                ref byte pair = ref packed[(block * blockSize + i) / 2];
                pair = i % 2 == 0 ? (byte)(pair & 0xF0 | quantized) : (byte)(pair & 0x0F | quantized << 4);
            }
        }
    }

    /// <summary>Quantizes a row for operators of ours: the scales are bfloat16, and quants are nearest to what these say.</summary>
    /// <param name="row">The weights.</param>
    /// <param name="layout">Bits and blocks.</param>
    /// <param name="quants">Receives one byte per weight, the zero point added; the row filled up.</param>
    /// <param name="scales">Receives one scale per block.</param>
    public static void Quantize(ReadOnlySpan<float> row, in BlockLayout layout, Span<byte> quants, Span<float> scales)
    {
        int zero = layout.ZeroPoint;
        quants.Fill((byte)zero);
        for (int block = 0; block < scales.Length; block++)
        {
            ReadOnlySpan<float> values = Block(row, block, layout.BlockSize);
            float largest = 0;
            foreach (float value in values)
            {
                largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
            }

            // With 4 bits the largest weight is at the end of the range that is one longer; with 8 that would gain nothing.
            float scale = BlockLayout.RoundScale(layout.Bits == 4 ? largest / -zero : Math.Abs(largest) / (zero - 1));
            float inverse = scale == 0 ? 0 : 1 / scale;
            scales[block] = scale;
            for (int i = 0; i < values.Length; i++)
            {
                quants[block * layout.BlockSize + i] = (byte)Math.Clamp(zero + (int)MathF.Round(values[i] * inverse), layout.Bits == 4 ? 0 : 1, 2 * zero - 1);
            }
        }
    }

    private static ReadOnlySpan<float> Block(ReadOnlySpan<float> row, int block, int blockSize) =>
        row.Slice(block * blockSize, Math.Min(blockSize, row.Length - block * blockSize));
}
