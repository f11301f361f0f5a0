using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace LongWriter.Benchmarks.Text;

/// <summary>Both word counters over <see cref="Units"/> UTF-16 units (128 KiB) of text, against a plain count over runes.</summary>
[Config(typeof(ThroughputConfig))]
public class WordCounterBenchmarks
{
    private const int Units = 64 * 1024;

    private string _text = "";

    /// <summary>English has a curly apostrophe and an accent now and then; Mixed is Chinese with English words.</summary>
    [Params("English", "Chinese", "Mixed")]
    public string Corpus { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string[] english = ["the ", "harbour ", "lay ", "still, ", "and ", "nobody ", "on ", "the ", "quay ", "spoke ", "above ", "a ", "whisper. ", "It’s ", "café ", "1,000 "];
        string[] chinese = ["清晨的港口", "一片寂静，", "码头上", "没有人", "高声说话。", "海面平静", "“好。”"];
        string[] pieces = Corpus switch
        {
            "English" => [.. Enumerable.Repeat(english[..13], 8).SelectMany(words => words), .. english],
            "Chinese" => chinese,
            _ => [.. chinese, .. chinese, "IChatClient", " GPT-4 ", "LongWriter"],
        };
        var random = new Random(20240813);
        var text = new StringBuilder();
        while (text.Length < Units)
        {
            text.Append(pieces[random.Next(pieces.Length)]);
        }

        _text = text.ToString(0, Units);
    }

    /// <summary>One per ideograph or kana, one per run of letters and digits, over decoded runes and the runtime's categories.</summary>
    [Benchmark(Baseline = true)]
    public int PlainRunes()
    {
        int count = 0;
        bool inWord = false;
        foreach (Rune rune in _text.EnumerateRunes())
        {
            bool character = rune.Value is (>= 0x3041 and <= 0x30FF) or (>= 0x3400 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF);
            bool letter = !character && Rune.IsLetterOrDigit(rune);
            count += character || (letter && !inWord) ? 1 : 0;
            inWord = letter;
        }

        return count;
    }

    /// <summary>The Unicode counter without its blocks: segment by segment.</summary>
    [Benchmark]
    public int UnicodeBySegments()
    {
        int count = 0;
        for (int start = 0; start < _text.Length;)
        {
            start = WordSegmenter.NextBoundary(_text, start, out WordSegment segment);
            count += segment.Characters + (segment.HasWord ? 1 : 0);
        }

        return count;
    }

    [Benchmark]
    public int Unicode() => WordCounter.Unicode.Count(_text);

    [Benchmark]
    public int Compatible() => WordCounter.Compatible.Count(_text);

    private sealed class ThroughputConfig : ManualConfig
    {
        public ThroughputConfig() => AddColumn(new ThroughputColumn());
    }

    /// <summary>Bytes of UTF-16 counted per second.</summary>
    private sealed class ThroughputColumn : IColumn
    {
        public string Id => nameof(ThroughputColumn);

        public string ColumnName => "GB/s";

        public string Legend => "10^9 bytes of UTF-16 per second, by the mean";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

        // Bytes per nanosecond are 10^9 bytes per second.
        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
            summary[benchmarkCase]?.ResultStatistics is { } statistics
                ? (Units * sizeof(char) / statistics.Mean).ToString("F2", CultureInfo.InvariantCulture)
                : "-";
    }
}
