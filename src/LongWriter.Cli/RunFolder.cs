using LongWriter.Writing;

namespace LongWriter.Cli;

/// <summary>Opens the journal of a run so that no earlier run in the folder is lost.</summary>
internal static class RunFolder
{
    /// <summary>A journal to go on with, and the document as far as it stands there.</summary>
    /// <exception cref="JournalException">There is no run, or it cannot be read.</exception>
    public static async Task<(FileWritingJournal Journal, WrittenDocument Document)> OpenForResumeAsync(
        WriteSettings settings, CancellationToken cancellationToken)
    {
        string folder = settings.JournalFolder;
        if (!File.Exists(Path.Combine(folder, FileWritingJournal.FileName)))
        {
            throw new JournalException($"--resume: {folder} holds no journal.");
        }

        FileWritingJournal journal = FileWritingJournal.Open(folder);
        try
        {
            return (await journal.ReadAsync(cancellationToken).ConfigureAwait(false)).Count == 0
                ? throw new JournalException($"--resume: the journal in {folder} holds no run.")
                : (journal, await JournaledDocument.ReadAsync(journal, cancellationToken).ConfigureAwait(false));
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>An empty journal. A run that is over is set aside; so is one that had no plan yet, since there is nothing to go on with.</summary>
    /// <exception cref="JournalException">The folder holds an unfinished run and nobody said to set it aside, or it cannot be read.</exception>
    public static async Task<FileWritingJournal> OpenForNewRunAsync(WriteSettings settings, CancellationToken cancellationToken)
    {
        string folder = settings.JournalFolder;
        FileWritingJournal journal = FileWritingJournal.Open(folder);
        try
        {
            if ((await journal.ReadAsync(cancellationToken).ConfigureAwait(false)).Count == 0)
            {
                return journal;
            }

            WrittenDocument earlier = await JournaledDocument.ReadAsync(journal, cancellationToken).ConfigureAwait(false);
            if (earlier.End != EndCause.Stop && earlier.Planning is { } planning && !settings.Restart)
            {
                throw new JournalException(FormattableString.Invariant(
                    $"{folder} holds an unfinished run with {earlier.Sections.Count} of {planning.Plan.Sections.Count} sections; resume it, or give --restart to set it aside.{Environment.NewLine}Resume with: {settings.ResumeCommand}"));
            }
        }
        catch
        {
            journal.Dispose();
            throw;
        }

        journal.Dispose();
        SetAside(folder);
        return FileWritingJournal.Open(folder);
    }

    private static void SetAside(string folder)
    {
        int number = 1;
        while (File.Exists(Aside(number)))
        {
            number++;
        }

        File.Move(Path.Combine(folder, FileWritingJournal.FileName), Aside(number));

        string Aside(int number) => Path.Combine(folder, FormattableString.Invariant($"journal-{number}.jsonl"));
    }
}
