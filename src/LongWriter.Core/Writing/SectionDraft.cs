using System.Text;

namespace LongWriter.Writing;

/// <summary>
/// Keeps the reader's copy of a section in step with the writer's: drafts text as it arrives, holds back a beginning
/// that may turn out to be an identifier, and retracts what did not last.
/// </summary>
internal sealed class SectionDraft(int sectionIndex, string heading, SectionCleaner cleaner)
{
    private const int CharsBetweenCounts = 100;

    private readonly StringBuilder shown = new();
    private readonly StringBuilder received = new();
    private bool started;
    private int counted;

    /// <summary>What was received for the section so far, from all its calls, uncleaned.</summary>
    public string Received => received.ToString();

    /// <summary>True once for each stretch of text that is long enough to be worth another count of words.</summary>
    public bool IsDueForCount()
    {
        if (received.Length - counted < CharsBetweenCounts)
        {
            return false;
        }

        counted = received.Length;
        return true;
    }

    /// <summary>Takes text that arrived; shows it once the section's beginning is known.</summary>
    public TextDrafted? Append(string text)
    {
        received.Append(text);
        if (started)
        {
            return Draft(text);
        }

        string all = Received;
        if (cleaner.FindStart(all, complete: false) is not { } start || start >= all.Length)
        {
            return null;
        }

        started = true;
        return Draft(heading + all[start..]);
    }

    /// <summary>Makes <paramref name="text"/> what the section holds, uncleaned; later text is appended to it.</summary>
    public IEnumerable<WritingUpdate> Replace(string text, string reason)
    {
        received.Clear().Append(text);
        counted = 0;
        int? start = cleaner.FindStart(text, complete: false);
        started = start is not null && start < text.Length;
        return Show(started ? heading + text[start!.Value..] : "", reason);
    }

    /// <summary>Makes the reader's copy equal <paramref name="target"/>.</summary>
    public IEnumerable<WritingUpdate> Show(string target, string reason)
    {
        string current = shown.ToString();
        int common = current.AsSpan().CommonPrefixLength(target);

        // Never leave half of a surrogate pair at the cut.
        if (common > 0 && char.IsHighSurrogate(target[common - 1]))
        {
            common--;
        }

        if (current.Length > common)
        {
            shown.Length = common;
            yield return new TextRetracted(sectionIndex, current.Length - common, reason);
        }

        if (target.Length > common)
        {
            yield return Draft(target[common..]);
        }
    }

    private TextDrafted Draft(string text)
    {
        shown.Append(text);
        return new TextDrafted(sectionIndex, text);
    }
}
