using System.Diagnostics;

namespace LongWriter.Writing;

public sealed class FileWritingJournalLockTests : IDisposable
{
    private const string ChildFolderVariable = "LONGWRITER_TEST_JOURNAL";
    private const string ChildRecord = "{\"from\":\"child\"}";
    private const string ChildIsReady = "the child holds the journal";

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_SecondWriterInTheSameProcess_IsRefusedUntilTheFirstIsClosed()
    {
        await using (FileWritingJournal.Open(_folder.Directory))
        {
            JournalException refused = Assert.Throws<JournalException>(() => FileWritingJournal.Open(_folder.Directory));
            Assert.Equal($"journal {_folder.Directory} is in use by another process", refused.Message);
        }

        Assert.Empty(await _folder.ReadAsync());
    }

    [Fact]
    public async Task Open_SecondWriterInAnotherProcess_IsRefusedUntilThatIsKilled()
    {
        using Process child = StartChild();
        try
        {
            string? line;
            do
            {
                line = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
                Assert.True(line is not null, "The child process ended before it held the journal.");
            }
            while (!line.Contains(ChildIsReady, StringComparison.Ordinal));

            JournalException refused = Assert.Throws<JournalException>(() => FileWritingJournal.Open(_folder.Directory));
            Assert.Equal($"journal {_folder.Directory} is in use by another process", refused.Message);
        }
        finally
        {
            // SIGKILL on Unix: the child gets no chance to clean up.
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
        }

        Assert.Equal([ChildRecord], await _folder.ReadAsync());
    }

    /// <summary>Runs in the child process alone: holds the journal until it is killed.</summary>
    [Fact(Explicit = true)]
    public async Task Child_HoldsTheJournal()
    {
        string directory = Environment.GetEnvironmentVariable(ChildFolderVariable) ?? throw new InvalidOperationException($"{ChildFolderVariable} is not set.");
        await using FileWritingJournal journal = FileWritingJournal.Open(directory);
        await journal.AppendAsync(ChildRecord, durable: false, TestContext.Current.CancellationToken);
        Console.WriteLine(ChildIsReady);

        // Ends by itself when the parent is gone, so that nothing is left behind.
        await Console.In.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Open_FolderThatIsAFile_IsRefusedByName()
    {
        string path = Path.Combine(_folder.Directory, "note.txt");
        File.WriteAllText(path, "a note");

        JournalException refused = Assert.Throws<JournalException>(() => FileWritingJournal.Open(path));

        Assert.Equal($"{Path.Combine(path, "journal.jsonl")}: cannot be opened for writing: {refused.InnerException!.Message}", refused.Message);
    }

    [Fact]
    public void Open_FileThatIsAFolder_IsRefusedByName()
    {
        Directory.CreateDirectory(_folder.File);

        JournalException refused = Assert.Throws<JournalException>(() => FileWritingJournal.Open(_folder.Directory));

        Assert.Equal($"{_folder.File}: cannot be opened for writing: {refused.InnerException!.Message}", refused.Message);
    }

    [Fact]
    public async Task Open_ReadOnlyFile_IsRefusedByName()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows(), "The superuser may write to read-only files.");
        await _folder.AppendAsync(ChildRecord);
        File.SetAttributes(_folder.File, FileAttributes.ReadOnly);

        JournalException refused = Assert.Throws<JournalException>(() => FileWritingJournal.Open(_folder.Directory));
        File.SetAttributes(_folder.File, FileAttributes.Normal);

        Assert.Equal($"{_folder.File}: cannot be opened for writing: {refused.InnerException!.Message}", refused.Message);
    }

    [Fact]
    public void Open_FolderThatCannotBeCreated_IsRefusedByName()
    {
        // Not even the superuser creates folders there.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs the proc file system.");

        JournalException refused = Assert.Throws<JournalException>(() => FileWritingJournal.Open("/proc/longwriter"));

        Assert.Equal($"/proc/longwriter/journal.jsonl: cannot be opened for writing: {refused.InnerException!.Message}", refused.Message);
    }

    private Process StartChild()
    {
        // The test assembly is an executable of its own; "dotnet x.dll" needs the assembly's name in front.
        string host = Environment.ProcessPath ?? throw new InvalidOperationException("This process has no path.");
        bool runsByDotnet = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        string[] arguments =
        [
            .. runsByDotnet ? [typeof(FileWritingJournalLockTests).Assembly.Location] : Array.Empty<string>(),
            "-method", $"{typeof(FileWritingJournalLockTests).FullName}.{nameof(Child_HoldsTheJournal)}",
            "-explicit", "only",
        ];
        ProcessStartInfo start = new(host, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment[ChildFolderVariable] = _folder.Directory;
        return Process.Start(start) ?? throw new InvalidOperationException("The child process did not start.");
    }
}
