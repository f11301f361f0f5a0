namespace LongWriter.Writing;

/// <summary>Reads the document out of a journal without any model: whatever was accepted before a run stopped.</summary>
public static class JournaledDocument
{
    /// <summary>Folds a journal into the document as far as it was written.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The accepted sections of the last request on record, in document order; empty when none was accepted.</returns>
    /// <exception cref="JournalException">The journal is damaged before its last record, or of another program.</exception>
    public static async Task<WrittenDocument> ReadAsync(IWritingJournal journal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(journal);
        IReadOnlyList<string> records = await journal.ReadAsync(cancellationToken).ConfigureAwait(false);
        PlanningResult? planning = null;
        EndRecord? end = null;
        var sections = new SortedDictionary<int, SectionRecord>();
        for (int i = 0; i < records.Count; i++)
        {
            switch (JournalRecord.Parse(records[i], i + 1))
            {
                case RequestRecord:
                    (planning, end) = (null, null);
                    sections.Clear();
                    break;
                case PlanRecord plan:
                    planning = plan.ToPlanning();
                    break;
                case SectionRecord section:
                    sections[section.Index] = section;
                    break;
                case EndRecord record:
                    end = record;
                    break;
            }
        }

        WrittenSection[] written = [.. sections.Values.Where(section => section.Index < planning?.Plan.Sections.Count).Select(section => Restore(section, planning!))];
        string text = DocumentText.Join(written.Select(section => section.Text));
        int words = (planning?.Target.Counter ?? WordCounter.Unicode).Count(text);
        return new WrittenDocument
        {
            Text = text,
            Planning = planning,
            Sections = written,
            Words = words,
            Length = planning is null ? null : new LengthOutcome(planning.Target, words),
            End = end?.End ?? EndCause.Cancelled,
            Failure = end is null ? "The run stopped before it ended; resume it from its journal." : end.Failure,
            Usage = end?.Usage ?? sections.Values.Aggregate(planning?.Usage ?? default, (sum, section) => sum + section.Usage),
            Notes = [],
        };
    }

    private static WrittenSection Restore(SectionRecord section, PlanningResult planning) => new()
    {
        Index = section.Index,
        Planned = planning.Plan.Sections[section.Index],
        Text = section.Text,
        Words = section.Words,
        End = section.End,
        Usage = section.Usage,
        AimedWords = section.AimedWords,
        DiscardedTokens = section.DiscardedTokens,
        Restored = true,
    };
}
