using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using LongWriter.Writing;

namespace LongWriter.Benchmarks.Writing;

/// <summary>
/// A document of 100,000 words as 200 sections of 500: saved section by section, and read back. The plain versions are an unchecked text file:
/// appending lines to it, and reading all lines.
/// </summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class JournalBenchmarks
{
    private const int Sections = 200;
    private const int WordsPerSection = 500;
    private const int Seed = 1;

    private readonly string[] _records = new string[Sections];
    private string _directory = "";
    private string _plainFile = "";
    private string _replayDirectory = "";
    private FileWritingJournal? _replayed;

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(Seed);
        for (int section = 0; section < Sections; section++)
        {
            StringBuilder record = new(string.Create(CultureInfo.InvariantCulture, $"{{\"section\":{section},\"text\":\""));
            for (int word = 0; word < WordsPerSection; word++)
            {
                for (int letters = random.Next(2, 9); letters > 0; letters--)
                {
                    record.Append((char)random.Next('a', 'z' + 1));
                }

                record.Append(' ');
            }

            _records[section] = record.Append("\"}").ToString();
        }

        _directory = Directory.CreateTempSubdirectory("longwriter-benchmark-").FullName;
        _plainFile = Path.Combine(_directory, "plain.txt");
        _replayDirectory = Path.Combine(_directory, "replay");
        Append(_replayDirectory, durable: false).GetAwaiter().GetResult();
        AppendPlain();
        _replayed = FileWritingJournal.Open(_replayDirectory);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _replayed?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [BenchmarkCategory("append"), Benchmark(Baseline = true)]
    public long AppendPlain()
    {
        File.Delete(_plainFile);
        foreach (string record in _records)
        {
            File.AppendAllText(_plainFile, record + "\n");
        }

        return new FileInfo(_plainFile).Length;
    }

    [BenchmarkCategory("append"), Benchmark]
    public Task<long> AppendJournal() => Append(Path.Combine(_directory, "append"), durable: false);

    [BenchmarkCategory("append"), Benchmark]
    public Task<long> AppendJournalDurable() => Append(Path.Combine(_directory, "durable"), durable: true);

    [BenchmarkCategory("replay"), Benchmark(Baseline = true)]
    public int ReplayPlain() => File.ReadAllLines(_plainFile).Length;

    [BenchmarkCategory("replay"), Benchmark]
    public async Task<int> ReplayJournal() => (await _replayed!.ReadAsync()).Count;

    private async Task<long> Append(string directory, bool durable)
    {
        string file = Path.Combine(directory, FileWritingJournal.FileName);
        if (Directory.Exists(directory))
        {
            File.Delete(file);
        }

        await using (FileWritingJournal journal = FileWritingJournal.Open(directory))
        {
            foreach (string record in _records)
            {
                await journal.AppendAsync(record, durable);
            }
        }

        return new FileInfo(file).Length;
    }
}
