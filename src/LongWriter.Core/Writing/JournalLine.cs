using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace LongWriter.Writing;

/// <summary>A place between two lines of a journal.</summary>
/// <param name="Offset">In bytes from the start of the file.</param>
/// <param name="Checksum">The checksum in the line before it; 0 before the first record.</param>
internal readonly record struct JournalPosition(long Offset, uint Checksum);

/// <summary>
/// One line of a journal: eight hexadecimal digits, a space, a record, a line break. The digits are the CRC-32C of the
/// line before's checksum (four bytes, little-endian) and the record, so that a line that went missing shows as well as one that changed.
/// </summary>
internal static class JournalLine
{
    /// <summary>The longest record, in bytes of UTF-8: a thousand times a long section.</summary>
    public const int MaxRecordBytes = 64 * 1024 * 1024;

    /// <summary>The digits and the space.</summary>
    public const int PrefixBytes = ChecksumDigits + 1;

    /// <summary>The longest line without its line break.</summary>
    public const int MaxLineBytes = PrefixBytes + MaxRecordBytes;

    private const int ChecksumDigits = 8;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Refuses what could not be read back as the same single record.</summary>
    public static void CheckRecord(string record)
    {
        ArgumentException.ThrowIfNullOrEmpty(record);
        int lineBreak = record.AsSpan().IndexOfAny('\n', '\r');
        if (lineBreak >= 0)
        {
            throw new ArgumentException($"A journal record must be one line but has a line break at character {lineBreak}.", nameof(record));
        }

        try
        {
            int bytes = StrictUtf8.GetByteCount(record);
            if (bytes > MaxRecordBytes)
            {
                throw new ArgumentException($"A journal record must have at most {MaxRecordBytes} bytes but has {bytes}.", nameof(record));
            }
        }
        catch (EncoderFallbackException unpaired)
        {
            throw new ArgumentException($"A journal record must be well-formed text but has an unpaired surrogate at character {unpaired.Index}.", nameof(record), unpaired);
        }
    }

    /// <summary>The bytes of a line.</summary>
    /// <param name="record">Checked by <see cref="CheckRecord"/>.</param>
    /// <param name="previousChecksum">The checksum of the records before.</param>
    /// <param name="checksum">The checksum of the records up to this one.</param>
    public static byte[] Encode(string record, uint previousChecksum, out uint checksum)
    {
        byte[] line = new byte[PrefixBytes + StrictUtf8.GetByteCount(record) + 1];
        StrictUtf8.GetBytes(record, line.AsSpan(PrefixBytes));
        checksum = Append(previousChecksum, line.AsSpan(PrefixBytes..^1));
        checksum.TryFormat(line, out _, "x8", CultureInfo.InvariantCulture);
        line[ChecksumDigits] = (byte)' ';
        line[^1] = (byte)'\n';
        return line;
    }

    /// <summary>Reads a line back.</summary>
    /// <param name="line">The line without its line break.</param>
    /// <param name="previousChecksum">The checksum of the records before.</param>
    /// <param name="checksum">The checksum of the records up to this one.</param>
    /// <returns>Null when the line is a whole record, else what was expected and what was found.</returns>
    public static string? Verify(ReadOnlySpan<byte> line, uint previousChecksum, out uint checksum)
    {
        checksum = 0;
        if (line.Length <= PrefixBytes || line[ChecksumDigits] != ' ')
        {
            return $"expected eight hexadecimal digits, a space and a record, found {JournalFile.Quote(line)}";
        }

        checksum = Append(previousChecksum, line[PrefixBytes..]);
        Span<byte> digits = stackalloc byte[ChecksumDigits];
        checksum.TryFormat(digits, out _, "x8", CultureInfo.InvariantCulture);
        return line[..ChecksumDigits].SequenceEqual(digits)
            ? null
            : $"expected a record with checksum {JournalFile.Quote(line[..ChecksumDigits])}, found one with checksum '{checksum:x8}'";
    }

    /// <summary>The record in a line that was verified; null when it is not UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> line)
    {
        try
        {
            return StrictUtf8.GetString(line[PrefixBytes..]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>
    /// True when damaged bytes are a whole record and then more than the one byte that should be its line break. A write that was
    /// cut short does not look like that, so this is no torn record: a line break was lost, and with it an accepted record would be.
    /// </summary>
    public static bool IsRecordWithLostLineBreak(ReadOnlySpan<byte> bytes, uint previousChecksum)
    {
        if (bytes.Length <= PrefixBytes
            || !uint.TryParse(bytes[..ChecksumDigits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint expected))
        {
            return false;
        }

        uint running = previousChecksum;
        for (int i = PrefixBytes; i < bytes.Length - 2; i++)
        {
            running = i == PrefixBytes ? Append(previousChecksum, bytes.Slice(i, 1)) : Continue(running, bytes.Slice(i, 1));
            if (running == expected)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The checksum after one more record: of the old checksum's bytes, then the record's.</summary>
    private static uint Append(uint previousChecksum, ReadOnlySpan<byte> record)
    {
        Span<byte> previous = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(previous, previousChecksum);
        return Continue(Continue(0, previous), record);
    }

    /// <summary>CRC-32C (Castagnoli) of some bytes after others, inverted before and after as in RFC 3720.</summary>
    private static uint Continue(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~checksum;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
