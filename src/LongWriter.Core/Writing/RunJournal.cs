using System.Diagnostics.CodeAnalysis;

namespace LongWriter.Writing;

/// <summary>
/// A run's view of its journal: finds replies that were recorded before, and appends new records. Without a journal
/// it only forgets. Safe for concurrent use.
/// </summary>
internal sealed class RunJournal
{
    private readonly IWritingJournal? journal;
    private readonly Dictionary<string, CallRecord> calls = [];
    private readonly HashSet<string> written = [];
    private readonly Lock gate = new();

    private RunJournal(IWritingJournal? journal) => this.journal = journal;

    /// <summary>A journal that keeps nothing.</summary>
    public static RunJournal Nothing { get; } = new(null);

    /// <summary>The last request on record, or null.</summary>
    public WritingRequest? Request { get; private set; }

    /// <summary>Begins a run; the journal, where there is one, must be empty.</summary>
    public static async ValueTask<RunJournal> StartAsync(IWritingJournal? journal, CancellationToken cancellationToken)
    {
        if (journal is not null && (await journal.ReadAsync(cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            throw new JournalException("The journal already holds a run; resume it, or use another folder for a new one.");
        }

        return new RunJournal(journal);
    }

    /// <summary>Reads a run that was interrupted.</summary>
    public static async ValueTask<RunJournal> ResumeAsync(IWritingJournal journal, CancellationToken cancellationToken)
    {
        var run = new RunJournal(journal);
        IReadOnlyList<string> records = await journal.ReadAsync(cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < records.Count; i++)
        {
            switch (JournalRecord.Parse(records[i], i + 1))
            {
                case RequestRecord request:
                    run.Request = request.ToRequest();
                    run.written.Clear();
                    break;
                case CallRecord call:
                    run.calls[call.Key] = call;
                    break;
                default:
                    break;
            }

            run.written.Add(records[i]);
        }

        return run.Request is null
            ? throw new JournalException("The journal holds no request, so there is nothing to resume.")
            : run;
    }

    /// <inheritdoc cref="IWritingJournal.CompanionPath"/>
    public string? CompanionPath(string name) => journal?.CompanionPath(name);

    /// <summary>Finds the reply of a call that was completed before.</summary>
    public bool TryFindCall(string key, [NotNullWhen(true)] out CallRecord? call)
    {
        lock (gate)
        {
            return calls.TryGetValue(key, out call);
        }
    }

    /// <summary>Appends a record, on disk before it returns; a record that the run wrote before it was interrupted is not repeated.</summary>
    public async ValueTask AppendAsync(JournalRecord record, CancellationToken cancellationToken)
    {
        if (journal is null)
        {
            return;
        }

        string json = record.ToJson();
        lock (gate)
        {
            if (written.Contains(json))
            {
                return;
            }

            if (record is RequestRecord)
            {
                // The document starts over from another request, so what was written for the one before must be written again.
                written.Clear();
            }

            written.Add(json);

            if (record is CallRecord call)
            {
                calls[call.Key] = call;
            }
        }

        await journal.AppendAsync(json, durable: true, cancellationToken).ConfigureAwait(false);
    }
}
