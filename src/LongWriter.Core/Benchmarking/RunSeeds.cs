using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LongWriter.Benchmarking;

/// <summary>Seeds of a run: the same run seed, item and repeat give the same seed, in whatever order and on whatever machine they run.</summary>
internal static class RunSeeds
{
    /// <summary>30 bits: every server takes them, and a writer that counts up from there stays within 32.</summary>
    private const uint Mask = (1u << 30) - 1;

    public static long For(long runSeed, string itemId, int repeat)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{runSeed}|{repeat}|{itemId}")));
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) & Mask;
    }
}
