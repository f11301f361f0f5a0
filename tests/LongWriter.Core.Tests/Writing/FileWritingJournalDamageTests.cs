using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace LongWriter.Writing;

public sealed class FileWritingJournalDamageTests : IDisposable
{
    private const string Added = "{\"added\":true}";
    private static readonly string[] Records = ["{\"n\":1,\"text\":\"one\"}", "{\"n\":2,\"text\":\"zwei 二\"}", "{\"n\":3,\"text\":\"three\"}", "{\"n\":4}"];

    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadAsync_CutAtEveryByteOfTheLastTwoRecords_KeepsWhatIsWholeAndAppendsAfterIt()
    {
        await _folder.AppendAsync(Records);
        byte[] whole = _folder.Bytes;
        int[] lineEnds = LineEnds(whole);

        for (int length = lineEnds[2]; length <= whole.Length; length++)
        {
            int kept = lineEnds.Count(end => end <= length) - 1;
            _folder.Bytes = whole[..length];
            Assert.Equal(Records[..kept], await _folder.ReadAsync());
            Assert.Equal(length, _folder.Bytes.Length);

            await _folder.AppendAsync(Added);
            Assert.Equal([.. Records[..kept], Added], await _folder.ReadAsync());
        }
    }

    [Fact]
    public async Task Open_CutAtEveryByteOfTheHeader_StartsAnew()
    {
        for (int length = 0; length <= JournalFolder.Header.Length; length++)
        {
            _folder.Text = JournalFolder.Header[..length];
            await _folder.AppendAsync(Added);
            Assert.Equal([Added], await _folder.ReadAsync());
        }
    }

    [Fact]
    public async Task ReadAsync_AnyBitOfTheLastRecordFlipped_LeavesItOutOrSaysThatTheFileIsDamaged()
    {
        await _folder.AppendAsync(Records);
        byte[] whole = _folder.Bytes;
        int start = LineEnds(whole)[^2];

        for (int bit = start * 8; bit < whole.Length * 8; bit++)
        {
            byte[] damaged = Flip(whole, bit);
            _folder.Bytes = damaged;

            // One flip can make a line break, and then the damage is no longer in the last line.
            bool splits = damaged.Count(b => b == '\n') > whole.Count(b => b == '\n');
            if (splits)
            {
                await Assert.ThrowsAsync<JournalException>(_folder.ReadAsync);
                continue;
            }

            Assert.Equal(Records[..^1], await _folder.ReadAsync());
            await _folder.AppendAsync(Added);
            Assert.Equal([.. Records[..^1], Added], await _folder.ReadAsync());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task ReadAsync_AnyBitOfAnEarlierRecordFlipped_NamesTheLineAndRefusesToAppend(int record)
    {
        await _folder.AppendAsync(Records);
        byte[] whole = _folder.Bytes;
        int[] lineEnds = LineEnds(whole);

        for (int bit = lineEnds[record - 1] * 8; bit < lineEnds[record] * 8; bit++)
        {
            _folder.Bytes = Flip(whole, bit);

            JournalException reading = await Assert.ThrowsAsync<JournalException>(_folder.ReadAsync);
            JournalException appending = await Assert.ThrowsAsync<JournalException>(() => _folder.AppendAsync(Added));

            Assert.StartsWith($"{_folder.File}: line {record + 1}: expected ", reading.Message, StringComparison.Ordinal);
            Assert.Equal(reading.Message, appending.Message);
            Assert.Equal(Flip(whole, bit), _folder.Bytes);
        }
    }

    [Fact]
    public async Task ReadAsync_ChangedText_SaysWhichChecksumWasExpectedAndFound()
    {
        await _folder.AppendAsync("{\"n\":1}", "{\"n\":2}");
        string whole = _folder.Text;
        await ReplaceAllWithAsync("{\"n\":9}");
        string checksumOfNine = _folder.Text.Split('\n')[1][..8];
        _folder.Text = whole.Replace("{\"n\":1}", "{\"n\":9}", StringComparison.Ordinal);

        JournalException damage = await Assert.ThrowsAsync<JournalException>(_folder.ReadAsync);

        string checksumOfOne = whole.Split('\n')[1][..8];
        Assert.Equal($"{_folder.File}: line 2: expected a record with checksum '{checksumOfOne}', found one with checksum '{checksumOfNine}'.", damage.Message);
    }

    [Theory]
    [InlineData("remove")]
    [InlineData("repeat")]
    [InlineData("swap")]
    public async Task ReadAsync_WholeLinesMovedAbout_IsDamage(string how)
    {
        await _folder.AppendAsync(Records);
        string[] lines = _folder.Text.Split('\n');
        string[] moved = how switch
        {
            "remove" => [lines[0], lines[1], lines[3], lines[4], ""],
            "repeat" => [lines[0], lines[1], lines[1], lines[2], lines[3], lines[4], ""],
            _ => [lines[0], lines[1], lines[3], lines[2], lines[4], ""],
        };
        _folder.Text = string.Join('\n', moved);

        JournalException damage = await Assert.ThrowsAsync<JournalException>(_folder.ReadAsync);

        Assert.StartsWith($"{_folder.File}: line 3: expected a record with checksum ", damage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_LineBreakBeforeTheLastRecordLost_DoesNotDropTwoRecords()
    {
        await _folder.AppendAsync("{\"n\":1}", "{\"n\":2}");
        byte[] bytes = _folder.Bytes;
        bytes[LineEnds(bytes)[1] - 1] = (byte)' ';
        _folder.Bytes = bytes;

        JournalException damage = await Assert.ThrowsAsync<JournalException>(_folder.ReadAsync);

        Assert.Equal($"{_folder.File}: line 2: expected a line break after the record, found more text.", damage.Message);
    }

    [Fact]
    public async Task ReadAsync_TailOfZeros_IsTorn()
    {
        await _folder.AppendAsync(Records);
        _folder.Bytes = [.. _folder.Bytes, .. new byte[100_000]];

        Assert.Equal(Records, await _folder.ReadAsync());
        await _folder.AppendAsync(Added);
        Assert.Equal([.. Records, Added], await _folder.ReadAsync());
    }

    [Fact]
    public async Task ReadAsync_LineAbove64MiB_IsRefused()
    {
        await _folder.AppendAsync("{\"n\":1}");
        _folder.Bytes = [.. _folder.Bytes, .. Enumerable.Repeat((byte)'x', 64 * 1024 * 1024 + 10), (byte)'\n'];

        JournalException damage = await Assert.ThrowsAsync<JournalException>(_folder.ReadAsync);

        Assert.Equal($"{_folder.File}: line 3: expected at most 67108873 bytes, found a longer line.", damage.Message);
    }

    [Theory]
    [InlineData("Dear diary,\nI was here.\n", "expected a LongWriter journal header, found 'Dear diary,'")]
    [InlineData("\n", "expected a LongWriter journal header, found ''")]
    [InlineData("{\"longwriter\":\"benchmark\",\"version\":1}\n", "expected a LongWriter journal header, found '{\"longwriter\":\"benchmark\",\"version\":1}'")]
    [InlineData("{\"longwriter\":\"journal\",\"version\":\"1\"}\n", "expected a LongWriter journal header, found '{\"longwriter\":\"journal\",\"version\":\"1\"}'")]
    [InlineData("{\"longwriter\":\"journal\",\"version\":2}\n", "expected a journal of version 1, the only one that is read here, found version 2")]
    [InlineData("a\u0007b", "expected a LongWriter journal header, found 'a?b'")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789", "expected a LongWriter journal header, found '012345678901234567890123456789012345678901234567890123456789…'")]
    public void Open_ForeignFile_SaysWhatItIsAndLeavesItAlone(string content, string expectedAndFound)
    {
        _folder.Text = content;

        JournalException refused = Assert.Throws<JournalException>(() => FileWritingJournal.Open(_folder.Directory));

        Assert.Equal($"{_folder.File}: line 1: {expectedAndFound}.", refused.Message);
        Assert.Equal(content, _folder.Text);
    }

    [Fact]
    public void ReadAsync_AnyBytes_ThrowsNothingButJournalException()
    {
        Arbitrary<byte[]> anyBytes = ArbMap.Default.ArbFor<byte[]>();

        Prop.ForAll(anyBytes, bytes => Task.Run(() => IsReadOrRefusedAsync(bytes)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20, 25));
    }

    private static async Task<bool> IsReadOrRefusedAsync(byte[] bytes)
    {
        using JournalFolder folder = new();
        byte[][] files = [bytes, [.. Encoding.UTF8.GetBytes(JournalFolder.Header), .. bytes]];
        foreach (byte[] file in files)
        {
            folder.Bytes = file;
            try
            {
                // Nothing is a record without its checksum, so what is not refused is torn.
                if ((await folder.ReadAsync()).Count > 0)
                {
                    return false;
                }
            }
            catch (JournalException refused)
            {
                if (!refused.Message.StartsWith($"{folder.File}: line ", StringComparison.Ordinal))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private async Task ReplaceAllWithAsync(string record)
    {
        File.Delete(_folder.File);
        await _folder.AppendAsync(record);
    }

    /// <summary>The offset behind each line break: of the header, then of each record.</summary>
    private static int[] LineEnds(byte[] bytes) => [.. Enumerable.Range(1, bytes.Length).Where(end => bytes[end - 1] == '\n')];

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
