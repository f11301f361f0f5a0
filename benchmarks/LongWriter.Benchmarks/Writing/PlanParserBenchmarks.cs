using BenchmarkDotNet.Attributes;
using LongWriter.Writing;

namespace LongWriter.Benchmarks.Writing;

/// <summary>Reading a plan: a usual one, and one of the size that a book would need. Twenty lines are the baseline, so the ratio shows that time is linear.</summary>
public class PlanParserBenchmarks
{
    private string twentyLines = "";
    private string twoThousandLines = "";

    [GlobalSetup]
    public void Setup()
    {
        twentyLines = Plan(20);
        twoThousandLines = Plan(2_000);
    }

    [Benchmark(Baseline = true)]
    public PlanParseResult TwentyLines() => PlanParser.Parse(twentyLines);

    [Benchmark]
    public PlanParseResult TwoThousandLines() => PlanParser.Parse(twoThousandLines);

    private static string Plan(int steps) => "Here is the plan:\n\n" + string.Concat(Enumerable.Range(1, steps).Select(static step =>
        $"Paragraph {step} - Heading: Chapter {step} - Main Point: What happened in year {step} and what came of it - Word Count: {200 + (step * 37 % 800)} words\n"));
}
