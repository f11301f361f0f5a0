using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace LongWriter.Writing;

/// <summary>Reads a journal from its second line to its end, verifying every line. Holds one line at a time; for one use.</summary>
/// <param name="file">The journal's file.</param>
/// <param name="path">For messages.</param>
/// <param name="endOffset">Where to stop, in bytes.</param>
/// <param name="mayBeTorn">True: damage in the last line ends the journal before it. False: it is an error there, too.</param>
/// <param name="records">Takes the records, or null to find the end only.</param>
internal sealed class JournalReader(SafeFileHandle file, string path, long endOffset, bool mayBeTorn, List<string>? records)
{
    private const int FirstBufferBytes = 64 * 1024;

    private JournalPosition _position = new(JournalFile.Header.Length, Checksum: 0);
    private int _lineNumber = 2;

    /// <summary>Reads on to the end.</summary>
    /// <returns>Where the last whole record ends.</returns>
    public async ValueTask<JournalPosition> ReadToEndAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            int filled = 0;
            while (true)
            {
                long offset = _position.Offset + filled;
                int wanted = (int)Math.Min(buffer.Length - filled, endOffset - offset);
                int read = wanted <= 0 ? 0 : await RandomAccess.ReadAsync(file, buffer.AsMemory(filled, wanted), offset, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    TakeUnfinishedLine(buffer.AsSpan(0, filled));
                    return _position;
                }

                filled += read;
                int taken = TakeLines(buffer.AsSpan(0, filled));
                if (taken < 0)
                {
                    return _position;
                }

                filled -= taken;
                buffer.AsSpan(taken, filled).CopyTo(buffer);
                CheckLength(filled);
                buffer = filled == buffer.Length ? Grow(buffer) : buffer;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes all whole lines at the start of the buffer.</summary>
    /// <returns>The bytes taken; -1 when the last line of the file turned out to be torn.</returns>
    private int TakeLines(ReadOnlySpan<byte> buffer)
    {
        int taken = 0;
        for (int length; (length = buffer[taken..].IndexOf((byte)'\n')) >= 0; taken += length + 1)
        {
            ReadOnlySpan<byte> line = buffer.Slice(taken, length);
            CheckLength(length);
            long lineEnd = _position.Offset + length + 1;
            string? damage = JournalLine.Verify(line, _position.Checksum, out uint checksum);
            if (damage is not null)
            {
                Judge(line, isLast: lineEnd == endOffset, damage);
                return -1;
            }

            records?.Add(JournalLine.Decode(line) ?? throw Damaged("expected UTF-8, found other bytes"));
            _position = new JournalPosition(lineEnd, checksum);
            _lineNumber++;
        }

        return taken;
    }

    /// <summary>The end of the file without a line break: what a killed process leaves.</summary>
    private void TakeUnfinishedLine(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > 0)
        {
            Judge(rest, isLast: true, "expected a line break at the end of the record, found the end of the file");
        }
    }

    private void Judge(ReadOnlySpan<byte> line, bool isLast, string damage)
    {
        if (JournalLine.IsRecordWithLostLineBreak(line, _position.Checksum))
        {
            throw Damaged("expected a line break after the record, found more text");
        }

        if (!isLast || !mayBeTorn)
        {
            throw Damaged(damage);
        }
    }

    private void CheckLength(int lineBytes)
    {
        if (lineBytes > JournalLine.MaxLineBytes)
        {
            throw Damaged($"expected at most {JournalLine.MaxLineBytes} bytes, found a longer line");
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private JournalException Damaged(string expectedAndFound) => new($"{path}: line {_lineNumber}: {expectedAndFound}.");
}
