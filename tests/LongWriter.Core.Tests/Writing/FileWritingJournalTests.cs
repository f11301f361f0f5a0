using FsCheck;
using FsCheck.Fluent;
using Microsoft.Win32.SafeHandles;

namespace LongWriter.Writing;

public sealed class FileWritingJournalTests : IDisposable
{
    private const string First = "{\"kind\":\"request\",\"text\":\"Write about the sea.\"}";
    private const string Second = "{\"kind\":\"section\",\"text\":\"Ä ocean, 海, 🌊\"}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_FolderThatDoesNotExist_CreatesItWithAHeader()
    {
        string directory = Path.Combine(_folder.Directory, "a", "b");

        await using (FileWritingJournal journal = FileWritingJournal.Open(directory))
        {
            Assert.Empty(await journal.ReadAsync(Stop));
        }

        Assert.Equal(JournalFolder.Header, await File.ReadAllTextAsync(Path.Combine(directory, "journal.jsonl"), Stop));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AppendAsync_TwoRecords_AreReadInOrderAndAfterReopening(bool durable)
    {
        await using (FileWritingJournal journal = FileWritingJournal.Open(_folder.Directory))
        {
            await journal.AppendAsync(First, durable, Stop);
            await journal.AppendAsync(Second, durable, Stop);
            Assert.Equal([First, Second], await journal.ReadAsync(Stop));
        }

        Assert.Equal([First, Second], await _folder.ReadAsync());
    }

    [Fact]
    public async Task AppendAsync_KnownRecord_WritesTheDocumentedBytes()
    {
        await _folder.AppendAsync("{}", "{}");

        // CRC-32C of 00 00 00 00 7b 7d, then of the little-endian bytes of that and 7b 7d again.
        uint one = PlainCrc32C([0, 0, 0, 0, (byte)'{', (byte)'}']);
        uint two = PlainCrc32C([.. BitConverter.GetBytes(one), (byte)'{', (byte)'}']);
        Assert.Equal($"{JournalFolder.Header}{one:x8} {{}}\n{two:x8} {{}}\n", _folder.Text);
    }

    [Fact]
    public void PlainCrc32C_CheckValue_IsTheOneOfTheCatalogue() => Assert.Equal(0xE3069283u, PlainCrc32C("123456789"u8));

    [Fact]
    public async Task AppendAsync_ManyCallersAtOnce_KeepsEveryRecordWhole()
    {
        string[] records = [.. Enumerable.Range(0, 200).Select(i => $"{{\"i\":{i},\"text\":\"{new string('x', i * 7)}\"}}")];
        await using FileWritingJournal journal = FileWritingJournal.Open(_folder.Directory);

        await Parallel.ForEachAsync(records, Stop, (record, token) => journal.AppendAsync(record, durable: false, token));

        IReadOnlyList<string> read = await journal.ReadAsync(Stop);
        Assert.Equal(records.Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AppendAsync_RecordLongerThanTheReadBuffer_IsReadBack()
    {
        string record = $"{{\"text\":\"{new string('海', 300_000)}\"}}";

        await _folder.AppendAsync(First, record, Second);

        Assert.Equal([First, record, Second], await _folder.ReadAsync());
    }

    [Fact]
    public void AppendAsync_AnySequenceOfRecords_RoundTrips()
    {
        Gen<string> text = ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => s.Get);
        Gen<string> record = text.Select(s => System.Text.Json.JsonSerializer.Serialize(s));
        Arbitrary<string[]> anyRecords = Arb.From(record.ArrayOf());

        Prop.ForAll(anyRecords, records => Task.Run(() => RoundTripsAsync(records)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20, 25));
    }

    [Theory]
    [InlineData("", "The value cannot be an empty string. (Parameter 'record')")]
    [InlineData("{\n}", "A journal record must be one line but has a line break at character 1. (Parameter 'record')")]
    [InlineData("{}\r", "A journal record must be one line but has a line break at character 2. (Parameter 'record')")]
    public async Task AppendAsync_RecordThatIsNotOneLine_IsRefusedByBothJournals(string record, string message)
    {
        await using FileWritingJournal file = FileWritingJournal.Open(_folder.Directory);
        IWritingJournal[] journals = [file, new MemoryWritingJournal()];

        foreach (IWritingJournal journal in journals)
        {
            ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(async () => await journal.AppendAsync(record, durable: false, Stop));
            Assert.Equal(message, refused.Message);
            Assert.Empty(await journal.ReadAsync(Stop));
        }
    }

    [Fact]
    public async Task AppendAsync_UnpairedSurrogate_IsRefused()
    {
        await using FileWritingJournal journal = FileWritingJournal.Open(_folder.Directory);
        string record = "{\"a\":\"" + '\ud83c' + "\"}";

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(async () => await journal.AppendAsync(record, durable: false, Stop));

        Assert.Equal("A journal record must be well-formed text but has an unpaired surrogate at character 6. (Parameter 'record')", refused.Message);
    }

    [Fact]
    public async Task AppendAsync_RecordAbove64MiB_IsRefused()
    {
        await using FileWritingJournal journal = FileWritingJournal.Open(_folder.Directory);
        string record = new('x', 64 * 1024 * 1024 + 1);

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(async () => await journal.AppendAsync(record, durable: false, Stop));

        Assert.Equal("A journal record must have at most 67108864 bytes but has 67108865. (Parameter 'record')", refused.Message);
    }

    [Fact]
    public async Task AppendAsync_AlreadyCancelled_WritesNothing()
    {
        await using FileWritingJournal file = FileWritingJournal.Open(_folder.Directory);
        IWritingJournal[] journals = [file, new MemoryWritingJournal()];

        foreach (IWritingJournal journal in journals)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await journal.AppendAsync(First, durable: true, new CancellationToken(canceled: true)));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await journal.ReadAsync(new CancellationToken(canceled: true)));
            Assert.Empty(await journal.ReadAsync(Stop));
        }
    }

    [Fact]
    public async Task AppendAsync_AfterDispose_Throws()
    {
        FileWritingJournal journal = FileWritingJournal.Open(_folder.Directory);
        journal.Dispose();
        journal.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.AppendAsync(First, durable: false, Stop));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.ReadAsync(Stop));
    }

    [Fact]
    public async Task AppendAsync_FileThatCannotBeWritten_NamesItAndKeepsReading()
    {
        await _folder.AppendAsync(First);
        SafeFileHandle readOnly = File.OpenHandle(_folder.File, FileMode.Open, FileAccess.Read);
        await using FileWritingJournal journal = new(_folder.File, readOnly);

        JournalException failure = await Assert.ThrowsAsync<JournalException>(async () => await journal.AppendAsync(Second, durable: true, Stop));

        Assert.Equal($"{_folder.File}: the record could not be written: {failure.InnerException!.Message}", failure.Message);
        Assert.Equal([First], await journal.ReadAsync(Stop));
    }

    [Fact]
    public async Task AppendAsync_AfterAnAppendThatFailedHalfWay_OverwritesTheRest()
    {
        SafeFileHandle shared = File.OpenHandle(_folder.File, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.Write(shared, JournalFile.Header, 0);
        await using FileWritingJournal journal = new(_folder.File, shared);
        await journal.AppendAsync(First, durable: false, Stop);

        // What a full disk leaves: more bytes than were acknowledged.
        RandomAccess.Write(shared, "deadbeef {\"half of a much longer record than the next one, which does not cover it all"u8, RandomAccess.GetLength(shared));
        Assert.Equal([First], await journal.ReadAsync(Stop));
        await journal.AppendAsync(Second, durable: false, Stop);

        Assert.Equal([First, Second], await journal.ReadAsync(Stop));
        Assert.EndsWith(Second + "\n", ReadAll(shared), StringComparison.Ordinal);
    }

    private static string ReadAll(SafeFileHandle file)
    {
        byte[] bytes = new byte[RandomAccess.GetLength(file)];
        RandomAccess.Read(file, bytes, 0);
        return System.Text.Encoding.UTF8.GetString(bytes);
    }

    private static async Task<bool> RoundTripsAsync(string[] records)
    {
        using JournalFolder folder = new();
        MemoryWritingJournal memory = new();
        foreach (string[] part in records.Chunk(3))
        {
            await folder.AppendAsync(part);
            foreach (string record in part)
            {
                await memory.AppendAsync(record, durable: true, CancellationToken.None);
            }
        }

        return records.SequenceEqual(await folder.ReadAsync()) && records.SequenceEqual(await memory.ReadAsync(CancellationToken.None));
    }

    /// <summary>CRC-32C bit by bit, from its polynomial: the plain version of what the journal computes with the processor's instruction.</summary>
    private static uint PlainCrc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82F63B78u;
            }
        }

        return ~crc;
    }
}
