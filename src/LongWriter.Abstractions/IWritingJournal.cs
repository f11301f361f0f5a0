namespace LongWriter;

/// <summary>
/// The append-only record of a run. The document is a fold of it. Records are opaque lines of UTF-8 JSON here;
/// the writer defines what is in them.
/// </summary>
/// <remarks>For one run at a time; implementations refuse a second writer. Holds the instruction, the plan and all generated text.</remarks>
public interface IWritingJournal
{
    /// <summary>Reads the records so far, in order. A torn last record is left out.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The records, each one JSON object without line breaks; empty for a new journal.</returns>
    /// <exception cref="JournalException">The journal is damaged before its last record, or is not a journal.</exception>
    ValueTask<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Appends one record.</summary>
    /// <param name="record">One JSON object without line breaks.</param>
    /// <param name="durable">True: return only when it is on disk.</param>
    /// <param name="cancellationToken">Gives up before the record is begun, never in the middle of it.</param>
    /// <returns>A task.</returns>
    /// <exception cref="JournalException">The record could not be written.</exception>
    ValueTask AppendAsync(string record, bool durable, CancellationToken cancellationToken = default);

    /// <summary>A path for a file beside the journal that may be lost at any time without harm; null, the default, where there is no such place.</summary>
    /// <param name="name">A file name.</param>
    /// <returns>The path, or null.</returns>
    string? CompanionPath(string name) => null;
}
