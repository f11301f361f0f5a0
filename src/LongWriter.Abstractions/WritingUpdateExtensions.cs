using System.Text;

namespace LongWriter;

/// <summary>Folds a run's updates into the document.</summary>
public static class WritingUpdateExtensions
{
    /// <summary>Writes the whole document: the fold of <see cref="IAgentWriter.WriteStreamingAsync"/>.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="request">What to write.</param>
    /// <param name="journal">Where to record the run, or null.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <returns>The document; look at <see cref="WrittenDocument.End"/> before using it.</returns>
    public static Task<WrittenDocument> WriteAsync(
        this IAgentWriter writer, WritingRequest request, IWritingJournal? journal = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        return writer.WriteStreamingAsync(request, journal, cancellationToken).ToWrittenDocumentAsync(cancellationToken);
    }

    /// <summary>Folds updates into the document.</summary>
    /// <param name="updates">A run's updates, in order.</param>
    /// <param name="cancellationToken">Stops the enumeration.</param>
    /// <returns>The document.</returns>
    /// <exception cref="InvalidOperationException">The updates are not those of one run: one breaks the invariant of <see cref="WritingUpdate"/>.</exception>
    public static async Task<WrittenDocument> ToWrittenDocumentAsync(
        this IAsyncEnumerable<WritingUpdate> updates, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(updates);
        var fold = new Fold();
        await foreach (WritingUpdate update in updates.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            fold.Add(update);
        }

        return fold.ToDocument();
    }

    /// <summary>Folds updates into the document.</summary>
    /// <param name="updates">A run's updates, in order.</param>
    /// <returns>The document.</returns>
    /// <exception cref="InvalidOperationException">The updates are not those of one run: one breaks the invariant of <see cref="WritingUpdate"/>.</exception>
    public static WrittenDocument ToWrittenDocument(this IEnumerable<WritingUpdate> updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        var fold = new Fold();
        foreach (WritingUpdate update in updates)
        {
            fold.Add(update);
        }

        return fold.ToDocument();
    }

    private sealed class Fold
    {
        private readonly StringBuilder draft = new();
        private readonly List<WrittenSection> sections = [];
        private readonly List<WritingNoted> notes = [];
        private PlanningResult? planning;
        private DocumentEnded? ended;

        public void Add(WritingUpdate update)
        {
            switch (update)
            {
                case PlanReady ready:
                    planning = ready.Planning;
                    break;
                case PlanRevised revised:
                    planning = revised.Planning;
                    break;
                case SectionStarted:
                    draft.Clear();
                    break;
                case TextDrafted drafted:
                    draft.Append(drafted.Text);
                    break;
                case TextRetracted retracted when retracted.CharCount > draft.Length:
                    throw new InvalidOperationException(
                        $"Section {retracted.SectionIndex} retracts {retracted.CharCount} characters of a draft of {draft.Length}.");
                case TextRetracted retracted:
                    draft.Length -= retracted.CharCount;
                    break;
                case SectionAccepted accepted when !draft.Equals(accepted.Section.Text):
                    throw new InvalidOperationException(
                        $"Section {accepted.Section.Index} was accepted with a text that differs from its draft.");
                case SectionAccepted accepted:
                    sections.Add(accepted.Section);
                    draft.Clear();
                    break;
                case WritingNoted noted:
                    notes.Add(noted);
                    break;
                case DocumentEnded end:
                    ended = end;
                    break;
            }
        }

        public WrittenDocument ToDocument()
        {
            string text = DocumentText.Join(sections.Select(section => section.Text));
            int words = (planning?.Target.Counter ?? WordCounter.Unicode).Count(text);
            return new WrittenDocument
            {
                Text = text,
                Planning = planning,
                Sections = sections,
                Words = words,
                Length = ended?.Length ?? (planning is null ? null : new LengthOutcome(planning.Target, words)),
                End = ended?.End ?? EndCause.Cancelled,
                Failure = ended is null ? "The run was abandoned before it ended." : ended.Failure,
                Usage = ended?.Usage ?? default,
                Notes = notes,
            };
        }
    }
}
