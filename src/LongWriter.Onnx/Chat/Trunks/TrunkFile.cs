using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace LongWriter.Onnx.Chat.Trunks;

/// <summary>
/// The file of a trunk: a head that says what its keys and values fit, then records, each behind the hash of itself and of all before it. So a file can be
/// continued, what was torn or changed is seen, and what stands before it is still good.
/// </summary>
/// <remarks>Integers are little-endian int32: first position, tokens, replies; the tokens; first and end of each reply; keys and values; SHA-256.</remarks>
internal sealed class TrunkFile : IDisposable
{
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int NumbersBytes = 3 * sizeof(int);

    /// <summary>More than any context has; a count beyond it is damage, not a reason to ask for memory.</summary>
    private const int MostTokens = 1 << 22;

    private static readonly byte[] Magic = Encoding.ASCII.GetBytes("LWTRUNK1");

    private readonly FileStream stream;
    private readonly byte[] chain = new byte[HashBytes];
    private readonly int tokenBytes;

    private TrunkFile(FileStream stream, int tokenBytes) => (this.stream, this.tokenBytes) = (stream, tokenBytes);

    /// <summary>Where the next record goes, for <see cref="TryContinue"/>.</summary>
    public TrunkPlace Place => new(stream.Position, [.. chain]);

    /// <summary>Opens a file at its first record.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">What its keys and values must fit.</param>
    /// <param name="tokenBytes">Bytes of those of a token.</param>
    /// <returns>Null when there is no file, or it is something else's.</returns>
    public static TrunkFile? Open(string path, string identity, int tokenBytes)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var file = new TrunkFile(new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None), tokenBytes);
        byte[] head = Head(identity);
        byte[] found = new byte[head.Length];
        if (file.stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) == found.Length && found.AsSpan().SequenceEqual(head))
        {
            SHA256.HashData(head, file.chain);
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>Begins a file anew.</summary>
    /// <inheritdoc cref="Open"/>
    public static TrunkFile Create(string path, string identity, int tokenBytes)
    {
        var file = new TrunkFile(new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None), tokenBytes);
        byte[] head = Head(identity);
        file.stream.Write(head);
        SHA256.HashData(head, file.chain);
        return file;
    }

    /// <summary>Goes to a place where this process was, without reading what is before it. False when the file has become shorter.</summary>
    public bool TryContinue(TrunkPlace place)
    {
        if (stream.Length < place.Position)
        {
            return false;
        }

        stream.Position = place.Position;
        place.Chain.CopyTo(chain);
        return true;
    }

    /// <summary>Reads the next record. False at the end and where the file is damaged; then the place is behind the last good record.</summary>
    public bool TryRead([NotNullWhen(true)] out TrunkRecord? record)
    {
        record = null;
        long start = stream.Position;
        byte[]? bytes = ReadRecord();
        if (bytes is null)
        {
            stream.Position = start;
            return false;
        }

        ReadOnlySpan<byte> rest = bytes.AsSpan(0, bytes.Length - HashBytes);
        int from = Next(ref rest);
        int[] ids = new int[Next(ref rest)];
        var replies = new (int First, int End)[Next(ref rest)];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = Next(ref rest);
        }

        for (int i = 0; i < replies.Length; i++)
        {
            replies[i] = (Next(ref rest), Next(ref rest));
        }

        record = new TrunkRecord(from, ids, replies, rest.ToArray());
        bytes.AsSpan(bytes.Length - HashBytes).CopyTo(chain);
        return true;
    }

    /// <summary>Writes a record behind the last one that was read or written; what was behind it is gone.</summary>
    public void Write(TrunkRecord record)
    {
        byte[] bytes = new byte[NumbersBytes + (sizeof(int) * (record.Ids.Length + (2 * record.Replies.Length))) + record.Kv.Length + HashBytes];
        Span<byte> rest = bytes;
        Put(ref rest, record.From);
        Put(ref rest, record.Ids.Length);
        Put(ref rest, record.Replies.Length);
        foreach (int id in record.Ids)
        {
            Put(ref rest, id);
        }

        foreach ((int first, int end) in record.Replies)
        {
            Put(ref rest, first);
            Put(ref rest, end);
        }

        record.Kv.CopyTo(rest);
        Hash(bytes.AsSpan(0, bytes.Length - HashBytes)).CopyTo(bytes.AsSpan(bytes.Length - HashBytes));
        stream.SetLength(stream.Position);
        stream.Write(bytes);
        stream.Flush();
        bytes.AsSpan(bytes.Length - HashBytes).CopyTo(chain);
    }

    public void Dispose() => stream.Dispose();

    private static byte[] Head(string identity) => [.. Magic, .. SHA256.HashData(Encoding.UTF8.GetBytes(identity))];

    /// <summary>A whole record with its hash, or null when there is none that is good.</summary>
    private byte[]? ReadRecord()
    {
        Span<byte> numbers = stackalloc byte[NumbersBytes];
        if (stream.ReadAtLeast(numbers, NumbersBytes, throwOnEndOfStream: false) < NumbersBytes)
        {
            return null;
        }

        int tokens = BinaryPrimitives.ReadInt32LittleEndian(numbers[sizeof(int)..]);
        int replies = BinaryPrimitives.ReadInt32LittleEndian(numbers[(2 * sizeof(int))..]);
        if (tokens is < 0 or > MostTokens || replies is < 0 or > MostTokens)
        {
            return null;
        }

        long size = NumbersBytes + (sizeof(int) * (tokens + (2L * replies))) + ((long)tokens * tokenBytes) + HashBytes;
        if (size - NumbersBytes > stream.Length - stream.Position || size > Array.MaxLength)
        {
            return null;
        }

        byte[] bytes = new byte[size];
        numbers.CopyTo(bytes);
        stream.ReadExactly(bytes.AsSpan(NumbersBytes));
        return Hash(bytes.AsSpan(0, bytes.Length - HashBytes)).AsSpan().SequenceEqual(bytes.AsSpan(bytes.Length - HashBytes)) ? bytes : null;
    }

    private byte[] Hash(ReadOnlySpan<byte> record)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(chain);
        hash.AppendData(record);
        return hash.GetHashAndReset();
    }

    private static int Next(ref ReadOnlySpan<byte> rest)
    {
        int value = BinaryPrimitives.ReadInt32LittleEndian(rest);
        rest = rest[sizeof(int)..];
        return value;
    }

    private static void Put(ref Span<byte> rest, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, value);
        rest = rest[sizeof(int)..];
    }
}
