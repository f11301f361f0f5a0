namespace LongWriter.Writing;

/// <summary>A journal that lives as long as its object: for tests, and for hosts that keep runs elsewhere.</summary>
/// <remarks>Takes and refuses the same records as <see cref="FileWritingJournal"/>. Safe for concurrent use. Nothing is ever on disk, so durable means nothing here.</remarks>
public sealed class MemoryWritingJournal : IWritingJournal
{
    private readonly Lock _gate = new();
    private readonly List<string> _records = [];

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new ValueTask<IReadOnlyList<string>>([.. _records]);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The record is empty, contains a line break or an unpaired surrogate, or is above 64 MiB.</exception>
    public ValueTask AppendAsync(string record, bool durable, CancellationToken cancellationToken = default)
    {
        JournalLine.CheckRecord(record);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _records.Add(record);
        }

        return ValueTask.CompletedTask;
    }
}
