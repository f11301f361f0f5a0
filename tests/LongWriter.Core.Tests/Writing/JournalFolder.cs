using System.Text;

namespace LongWriter.Writing;

/// <summary>A temporary folder with a journal's file in it, and ways to damage it.</summary>
internal sealed class JournalFolder : IDisposable
{
    public const string Header = "{\"longwriter\":\"journal\",\"version\":1}\n";

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("longwriter-journal-").FullName;

    public string File => Path.Combine(Directory, FileWritingJournal.FileName);

    public byte[] Bytes
    {
        get => System.IO.File.ReadAllBytes(File);
        set => System.IO.File.WriteAllBytes(File, value);
    }

    public string Text
    {
        get => Encoding.UTF8.GetString(Bytes);
        set => Bytes = Encoding.UTF8.GetBytes(value);
    }

    public async Task<IReadOnlyList<string>> ReadAsync()
    {
        await using FileWritingJournal journal = FileWritingJournal.Open(Directory);
        return await journal.ReadAsync(TestContext.Current.CancellationToken);
    }

    public async Task AppendAsync(params IEnumerable<string> records)
    {
        await using FileWritingJournal journal = FileWritingJournal.Open(Directory);
        foreach (string record in records)
        {
            await journal.AppendAsync(record, durable: false, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
