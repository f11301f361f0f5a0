using LongWriter.Writing;

namespace LongWriter.Cli;

/// <summary>Opens the journal of a run so that no earlier run in the folder is lost.</summary>
internal static class JournalFolder
{
    public static async Task<FileWritingJournal> OpenAsync(WriteSettings settings, CancellationToken cancellationToken)
    {
        string folder = settings.JournalFolder;
        if (settings.Resume && !File.Exists(Path.Combine(folder, FileWritingJournal.FileName)))
        {
            throw new JournalException($"--resume: {folder} holds no journal.");
        }

        FileWritingJournal journal = FileWritingJournal.Open(folder);
        try
        {
            if (settings.Resume)
            {
                return journal;
            }

            WrittenDocument earlier = await JournaledDocument.ReadAsync(journal, cancellationToken).ConfigureAwait(false);
            bool empty = (await journal.ReadAsync(cancellationToken).ConfigureAwait(false)).Count == 0;
            if (empty)
            {
                return journal;
            }

            if (earlier.End != EndCause.Stop && !settings.Restart)
            {
                throw new JournalException(
                    $"{folder} holds an unfinished run with {earlier.Sections.Count} of {earlier.Planning?.Plan.Sections.Count ?? 0} sections. "
                    + $"Continue it with: {settings.ResumeCommand}; or give --restart to set it aside.");
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
        string path = Path.Combine(folder, FileWritingJournal.FileName);
        int number = 1;
        while (File.Exists(Path.Combine(folder, $"journal-{number}.jsonl")))
        {
            number++;
        }

        File.Move(path, Path.Combine(folder, $"journal-{number}.jsonl"));
    }
}
