using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace LongWriter.Writing;

/// <summary>Opens, locks and recognises the file of a journal.</summary>
internal static class JournalFile
{
    public const int Version = 1;
    private const int MaxHeaderBytes = 256;
    private const int MaxQuotedCharacters = 60;

    // What a second opener of a locked file gets: ERROR_SHARING_VIOLATION, or EWOULDBLOCK as Linux and as macOS number it.
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    /// <summary>The first line, line break included.</summary>
    public static ReadOnlySpan<byte> Header => "{\"longwriter\":\"journal\",\"version\":1}\n"u8;

    /// <summary>Opens the file for reading and writing, shared with nobody: on Unix .NET takes an exclusive flock for that.</summary>
    public static SafeFileHandle OpenLocked(string directory, string path)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
        }
        catch (IOException inUse) when (inUse.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            throw new JournalException($"journal {directory} is in use by another process", inUse);
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            throw new JournalException($"{path}: cannot be opened for writing: {failure.Message}", failure);
        }
    }

    /// <summary>Checks the first line; writes it when the file is new or its creation was cut short.</summary>
    public static void EnsureHeader(SafeFileHandle file, string path)
    {
        try
        {
            long length = RandomAccess.GetLength(file);
            Span<byte> buffer = stackalloc byte[MaxHeaderBytes];
            ReadOnlySpan<byte> start = buffer[..RandomAccess.Read(file, buffer, fileOffset: 0)];
            if (start.StartsWith(Header))
            {
                return;
            }

            if (length == start.Length && Header.StartsWith(start))
            {
                RandomAccess.Write(file, Header, fileOffset: 0);
                RandomAccess.FlushToDisk(file);
                return;
            }

            throw NotAJournal(path, start);
        }
        catch (Exception failure) when (IsFailure(failure))
        {
            throw new JournalException($"{path}: cannot be read or written: {failure.Message}", failure);
        }
    }

    /// <summary>True for what the file system does wrong; false for what this folder already put into words, and for everything else.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException && exception is not JournalException;

    /// <summary>The beginning of some bytes, fit for a message.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        // At most four bytes make a character, so this much is enough for the quote and never the whole of a damaged file.
        string text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4 * MaxQuotedCharacters)]);
        string quoted = string.Create(Math.Min(text.Length, MaxQuotedCharacters), text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
            }
        });
        return text.Length > MaxQuotedCharacters ? $"'{quoted}…'" : $"'{quoted}'";
    }

    private static JournalException NotAJournal(string path, ReadOnlySpan<byte> start)
    {
        int lineBreak = start.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = lineBreak < 0 ? start : start[..lineBreak];
        return ReadVersion(line) is int version and not Version
            ? new JournalException($"{path}: line 1: expected a journal of version {Version}, the only one that is read here, found version {version}.")
            : new JournalException($"{path}: line 1: expected a LongWriter journal header, found {Quote(line)}.");
    }

    private static int? ReadVersion(ReadOnlySpan<byte> line)
    {
        try
        {
            Utf8JsonReader reader = new(line);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            bool isJournal = root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("longwriter", out JsonElement kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals("journal"u8);
            return isJournal && root.TryGetProperty("version", out JsonElement version)
                && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number) ? number : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
