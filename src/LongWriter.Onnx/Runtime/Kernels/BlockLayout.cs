using System.Runtime.InteropServices;

namespace LongWriter.Onnx.Runtime.Kernels;

/// <summary>
/// How a quantized matrix lies in memory for <see cref="BlockMatMul"/>: as it is read, so that nothing is packed at loading and the file is mapped.
/// Rows (outputs) are taken 16 at a time, which is a group. A group holds its quants, then its scales, and ends at a multiple of 64 bytes. Quants: for each block of inputs and each step of it
/// 64 bytes, 4 for each of the 16 rows. 4 bits: a step is 8 inputs, the first four in the low halves of the bytes and the next four in the high ones. 8 bits: a step is 4 inputs. What is stored is
/// the quant plus 8 or 128. Scales: for each block 16 bfloat16. Inputs and rows are filled up with zeros.
/// </summary>
/// <param name="Inputs">Columns of the matrix.</param>
/// <param name="Outputs">Rows of the matrix.</param>
/// <param name="Bits">4 or 8.</param>
/// <param name="BlockSize">Inputs with one scale: a multiple of 32.</param>
internal readonly record struct BlockLayout(int Inputs, int Outputs, int Bits, int BlockSize)
{
    /// <summary>Rows of a group: the lanes of 512 bits.</summary>
    public const int GroupRows = 16;

    /// <summary>
    /// How far ahead of what is read memory is asked: far, as it takes its time. Measured on a processor of Zen 4, two threads reading as fast as they could: 30 GB/s at 2 KiB, 33 at 8, 35 at 16, 33 at 32, where sums over the same bytes read 35.
    /// </summary>
    public const int AheadBytes = 16 * 1024;

    private const int Alignment = 64;

    /// <summary>A model's dimension beyond it is a damaged file.</summary>
    public const int MostInputs = 1 << 20;
    private const int MostOutputs = 1 << 24;

    public int Blocks => (Inputs + BlockSize - 1) / BlockSize;

    public int Groups => (Outputs + GroupRows - 1) / GroupRows;

    /// <summary>Inputs with those that fill up the last block.</summary>
    public int PaddedInputs => Blocks * BlockSize;

    /// <summary>Bytes of a group's quants; its scales begin there.</summary>
    public int QuantBytes => PaddedInputs * GroupRows * Bits / 8;

    public int GroupBytes => (QuantBytes + Blocks * GroupRows * sizeof(ushort) + Alignment - 1) / Alignment * Alignment;

    public long Bytes => (long)Groups * GroupBytes;

    /// <summary>What is added to a quant before it is stored.</summary>
    public int ZeroPoint => 1 << (Bits - 1);

    /// <summary>By a node's attributes.</summary>
    /// <exception cref="OnnxRuntimeException">One is missing or out of range.</exception>
    public static BlockLayout From(OperatorAttributes attributes)
    {
        (int bits, int blockSize) = ReadQuantization(attributes);
        return new BlockLayout(attributes.RequireInt("K", 1, MostInputs), attributes.RequireInt("N", 1, MostOutputs), bits, blockSize);
    }

    /// <summary>Bits of a weight and weights with one scale, by a node's attributes.</summary>
    /// <exception cref="OnnxRuntimeException">One is missing or out of range.</exception>
    public static (int Bits, int BlockSize) ReadQuantization(OperatorAttributes attributes)
    {
        int bits = attributes.RequireInt("bits", 4, 8);
        int blockSize = attributes.RequireInt("block_size", 32, 256);
        return bits is 4 or 8 && blockSize % 32 == 0
            ? (bits, blockSize)
            : throw new OnnxRuntimeException($"Expected bits 4 or 8 and block_size a multiple of 32, found {bits} and {blockSize}.", OnnxRuntimeErrorCode.InvalidArgument);
    }

    /// <summary>A scale as it is stored: the nearest bfloat16.</summary>
    public static float RoundScale(float scale) => BFloat16Bits.ToSingle(BFloat16Bits.From(scale));

    /// <summary>Packs a group of rows.</summary>
    /// <param name="quants">(rows, padded inputs): one byte for each, the zero point added.</param>
    /// <param name="scales">(rows, blocks), each as <see cref="RoundScale"/> gives it.</param>
    /// <param name="rows">1 to 16.</param>
    /// <param name="group">Receives <see cref="GroupBytes"/>.</param>
    public void PackGroup(ReadOnlySpan<byte> quants, ReadOnlySpan<float> scales, int rows, Span<byte> group)
    {
        group.Clear();
        group[..QuantBytes].Fill((byte)(Bits == 4 ? ZeroPoint * 0x11 : ZeroPoint));
        Span<ushort> packedScales = MemoryMarshal.Cast<byte, ushort>(group[QuantBytes..]);
        for (int row = 0; row < rows; row++)
        {
            for (int input = 0; input < PaddedInputs; input++)
            {
                byte quant = quants[row * PaddedInputs + input];
                if (Bits == 8)
                {
                    group[input / 4 * 64 + row * 4 + input % 4] = quant;
                }
                else
                {
                    ref byte pair = ref group[input / 8 * 64 + row * 4 + input % 4];
                    pair = input % 8 < 4 ? (byte)(pair & 0xF0 | quant) : (byte)(pair & 0x0F | quant << 4);
                }
            }

            for (int block = 0; block < Blocks; block++)
            {
                packedScales[block * GroupRows + row] = BFloat16Bits.From(scales[row * Blocks + block]);
            }
        }
    }
}
