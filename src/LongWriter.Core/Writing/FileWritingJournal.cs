using Microsoft.Win32.SafeHandles;

namespace LongWriter.Writing;

/// <summary>
/// A journal in a folder: one file of lines, each a record behind a checksum, that survives the death of its process at any point.
/// </summary>
/// <remarks>
/// <para>
/// The file, <c>journal.jsonl</c>, begins with <c>{"longwriter":"journal","version":1}</c>. Every further line is eight hexadecimal digits, a space and
/// one record. The digits are a CRC-32C that runs on from line to line, so a changed, missing or moved line is seen. A torn last line, as a killed
/// process leaves it, is left out when reading and cut off by the next append; damage anywhere before it is an error.
/// </para>
/// <para>
/// The file is locked for as long as the journal is open. The operating system holds the lock and drops it with the process, however that ends.
/// On Linux and macOS it is advisory (flock): other .NET programs and other journals respect it, an editor may not, and some network file systems do not offer it.
/// </para>
/// <para>
/// A durable append returns after the file was flushed to disk. .NET cannot flush a folder, so on a file system that does not save a new file's
/// name together with the file, a power cut right after creation can lose the journal as a whole.
/// </para>
/// <para>Safe for concurrent use: appends are written one after the other, each as a whole.</para>
/// </remarks>
public sealed class FileWritingJournal : IWritingJournal, IAsyncDisposable, IDisposable
{
    /// <summary>The name of the file in the journal's folder: "journal.jsonl".</summary>
    public const string FileName = "journal.jsonl";

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Where the next record goes; null until the file has been read once.</summary>
    private JournalPosition? _end;
    private bool _flushFailed;

    internal FileWritingJournal(string path, SafeFileHandle file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Opens the journal in a folder, or creates both.</summary>
    /// <param name="directory">The folder, relative or absolute.</param>
    /// <returns>The journal, locked until it is disposed.</returns>
    /// <exception cref="JournalException">The journal is in use, cannot be created or opened for writing, or the file is no journal of a known version.</exception>
    public static FileWritingJournal Open(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        string path = Path.Combine(directory, FileName);
        SafeFileHandle file = JournalFile.OpenLocked(directory, path);
        try
        {
            JournalFile.EnsureHeader(file, path);
            return new FileWritingJournal(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string? CompanionPath(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Path.Combine(Path.GetDirectoryName(_path)!, name);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken = default)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            List<string> records = [];
            await FindEndAsync(records, cancellationToken).ConfigureAwait(false);
            return records;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The record is empty, contains a line break or an unpaired surrogate, or is above 64 MiB.</exception>
    public async ValueTask AppendAsync(string record, bool durable, CancellationToken cancellationToken = default)
    {
        JournalLine.CheckRecord(record);
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_flushFailed)
            {
                // The operating system may have dropped the pages that it could not write: what is on disk is unknown until it is read again.
                throw new JournalException($"{_path}: an earlier flush to disk failed; open the journal again to see what was saved.");
            }

            JournalPosition end = _end ?? await FindEndAsync(records: null, cancellationToken).ConfigureAwait(false);
            _end = await WriteAsync(record, end, durable).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Waits for a running append or read, then closes the file and gives up the lock.</summary>
    public void Dispose()
    {
        _gate.Wait();
        Close();
    }

    /// <summary>Waits for a running append or read, then closes the file and gives up the lock.</summary>
    /// <returns>A task.</returns>
    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        Close();
    }

    private async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_file.IsClosed)
        {
            _gate.Release();
            throw new ObjectDisposedException(nameof(FileWritingJournal));
        }
    }

    /// <summary>Reads the file to its end. A torn last record is forgiven the first time only: afterwards nothing but this object writes to the file.</summary>
    private async ValueTask<JournalPosition> FindEndAsync(List<string>? records, CancellationToken cancellationToken)
    {
        try
        {
            long endOffset = _end?.Offset ?? RandomAccess.GetLength(_file);
            JournalReader reader = new(_file, _path, endOffset, mayBeTorn: _end is null, records);
            JournalPosition end = await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            _end = end;
            return end;
        }
        catch (Exception failure) when (JournalFile.IsFailure(failure))
        {
            throw new JournalException($"{_path}: cannot be read: {failure.Message}", failure);
        }
    }

    private async ValueTask<JournalPosition> WriteAsync(string record, JournalPosition end, bool durable)
    {
        try
        {
            byte[] line = JournalLine.Encode(record, end.Checksum, out uint checksum);
            if (RandomAccess.GetLength(_file) != end.Offset)
            {
                // A torn record of a killed process, or of an append that failed half-way.
                RandomAccess.SetLength(_file, end.Offset);
            }

            // No cancellation from here on: half a record helps nobody.
            await RandomAccess.WriteAsync(_file, line, end.Offset, CancellationToken.None).ConfigureAwait(false);
            if (durable)
            {
                _flushFailed = true;
                RandomAccess.FlushToDisk(_file);
                _flushFailed = false;
            }

            return new JournalPosition(end.Offset + line.Length, checksum);
        }
        catch (Exception failure) when (JournalFile.IsFailure(failure))
        {
            throw new JournalException($"{_path}: the record could not be written: {failure.Message}", failure);
        }
    }

    private void Close()
    {
        _file.Dispose();
        _gate.Release();
    }
}
