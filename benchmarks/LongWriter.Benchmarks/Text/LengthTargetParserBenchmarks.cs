using BenchmarkDotNet.Attributes;
using LongWriter.Text;

namespace LongWriter.Benchmarks.Text;

/// <summary>Reading the length from a short instruction, from a long one with many numbers, and from a megabyte made to be slow.</summary>
public class LengthTargetParserBenchmarks
{
    private string withMaterial = string.Empty;
    private string adversarial = string.Empty;

    [GlobalSetup]
    public void Setup()
    {
        string material = string.Join('\n', Enumerable.Range(1, 40).Select(index => $"{index}. In {1950 + index} the port handled {index * 1234} tons with {index * 7} cranes."));
        withMaterial = $"{material}\nWrite a report of at least 2,000 words on the port.";
        adversarial = string.Concat(Enumerable.Repeat("each 1 word, ", 1_000_000 / 13));
    }

    [Benchmark(Baseline = true)]
    public LengthTarget? English() => LengthTargetParser.Parse("Write a 10,000-word article on the history of the Roman Empire.");

    [Benchmark]
    public LengthTarget? Chinese() => LengthTargetParser.Parse("写一篇关于气候变化对全球经济影响的文章，不少于一万二千字。");

    [Benchmark]
    public LengthTarget? LongWithNumbers() => LengthTargetParser.Parse(withMaterial);

    [Benchmark]
    public LengthTarget? AdversarialMegabyte() => LengthTargetParser.Parse(adversarial);
}
