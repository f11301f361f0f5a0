using System.Globalization;
using LongWriter.Benchmarking;
using LongWriter.Benchmarking.Reports;

namespace LongWriter.Core.Tests.Benchmarking.Reports;

/// <summary>A made-up run of the shape of LongBench-Write: 120 items with its bins, types and languages. No model wrote any of it.</summary>
internal static class SyntheticRun
{
    public static readonly ReportOptions Options = new() { LengthScorer = new PaperLengthScorer(), Title = "Synthetic run: an agent writer and a bare chat client" };

    private static readonly (int Count, int[] Lengths)[] Bins =
    [
        (26, [100, 150, 200, 300, 400]), (36, [500, 600, 800, 1000, 1200, 1500]), (31, [2000, 2500, 3000, 3500]), (27, [4000, 5000, 6000, 8000, 10_000]),
    ];

    private static readonly string[] Types =
    [
        "Literature and Creative Writing", "Academic and Monograph", "Popular Science", "Functional Writing", "News Report", "Community Forum", "Education and Training",
    ];

    public static RunManifest Manifest { get; } = new()
    {
        Suite = "longbench-write",
        SuiteVersion = "synthetic-1",
        BinEdges = [0, 500, 2000, 4000],
        Items = 120,
        Subjects =
        [
            new SubjectManifest("agent", "agent", "longwriter-tiny", new SortedDictionary<string, string> { ["temperature"] = "0.5", ["topP"] = "0.8" }),
            new SubjectManifest("chat", "chat", "longwriter-tiny", new SortedDictionary<string, string> { ["temperature"] = "0.5" }),
        ],
        Repeats = 3,
        Seed = 42,
        Judge = "judge-model",
        JudgePromptVersion = "quality-v1",
        Command = "longwriter bench run longbench-write --subject agent --subject chat --repeats 3 --seed 42",
        LongWriterVersion = "0.1.0",
        Runtime = ".NET 10.0.0",
        Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    public static IReadOnlyList<(string Id, int Required)> Items { get; } =
    [
        .. Bins.SelectMany(bin => Enumerable.Range(0, bin.Count).Select(index => bin.Lengths[index % bin.Lengths.Length]))
            .Select((required, index) => ($"item-{(index + 1).ToString("000", CultureInfo.InvariantCulture)}", index == 119 ? 20_000 : required)),
    ];

    public static BenchmarkRun Create()
    {
        Random random = new(20_240_813);
        List<BenchmarkResult> results = [];
        foreach (string subject in (string[])["agent", "chat"])
        {
            for (int index = 0; index < Items.Count; index++)
            {
                for (int repeat = 0; repeat < Manifest.Repeats; repeat++)
                {
                    results.Add(Result(random, subject, index, repeat));
                }
            }
        }

        return new BenchmarkRun(Manifest, results);
    }

    /// <summary>A result without anything special, to build small runs from.</summary>
    public static BenchmarkResult Plain(string id, int required, int produced, string subject = "agent", int repeat = 0, string? failure = null) => new()
    {
        Id = id,
        Subject = subject,
        Repeat = repeat,
        Seed = 7,
        Prompt = $"Write {required} words.",
        Language = "en",
        Type = "News Report",
        Required = required,
        Produced = produced,
        Text = string.Concat(Enumerable.Repeat("word ", Math.Min(produced, 40))),
        End = failure is null ? EndCause.Stop : EndCause.Error,
        Failure = failure,
        Seconds = 2,
        Usage = new TokenUsage(100, 10, 50, 1),
    };

    public static BenchmarkRun Small(params IReadOnlyList<BenchmarkResult> results) => new(
        Manifest with { Items = results.Count, Repeats = 1, Judge = null, JudgePromptVersion = null, Subjects = [new SubjectManifest("agent", "agent", null, new Dictionary<string, string>())] },
        results);

    public static QualityJudgement Judgement(params int[][] samples) => new()
    {
        Samples = [.. samples.Select(marks => new QualitySample(new QualityMarks(marks[0], marks[1], marks[2], marks[3], marks[4], marks[5]), null, null, [], null))],
        Model = "judge-model",
        PromptVersion = "quality-v1",
        Temperature = 0.5f,
    };

    public static QualityJudgement FailedJudgement() => new()
    {
        Samples = [new QualitySample(null, "The reply has no mark for Clarity.", null, ["?"], null)],
        PromptVersion = "quality-v1",
        Temperature = 0.5f,
    };

    private static BenchmarkResult Result(Random random, string subject, int index, int repeat)
    {
        bool isAgent = subject == "agent";
        bool isChinese = index % 2 == 1;
        (string id, int required) = Items[index];
        bool fails = random.NextDouble() < (isAgent ? 0.015 : required >= 5000 ? 0.2 : 0.01);
        double aim = isAgent ? required : 2600 * (1 - Math.Exp(-required / 2600.0));
        int produced = fails ? random.Next(0, 3) * required / 8 : Math.Max(1, (int)(aim * Math.Exp(Normal(random) * (isAgent ? 0.11 : 0.2))));
        return Plain(id, required, produced, subject, repeat) with
        {
            Seed = 1000 + index,
            Prompt = isChinese ? $"请写一篇关于第{index}座桥的文章，{required}字左右。" : $"Write an article of about {required} words on bridge number {index}, its builders and its river.",
            Language = isChinese ? "zh" : "en",
            Type = Types[index % Types.Length],
            Text = isChinese && index != 61 ? new string('桥', Math.Min(produced, 40)) : string.Concat(Enumerable.Repeat("bridge ", Math.Min(produced, 40))),
            End = fails ? (isAgent ? EndCause.Error : EndCause.Refusal) : EndCause.Stop,
            Failure = fails ? (isAgent ? "The server closed the connection." : "The model declined to write it.") : null,
            Seconds = 1 + produced / 90.0,
            Usage = new TokenUsage(isAgent ? produced * 4 : 60, isAgent ? produced * 3 : 0, produced * 4 / 3, isAgent ? 1 + required / 500 : 1),
            Sections = isAgent && !fails ? Sections(random, required, produced) : [],
            Judgement = produced == 0 ? null : random.NextDouble() < 0.02 ? FailedJudgement() : Judgement(Marks(random, isAgent)),
            Nll = repeat == 0 && produced > 0 ? Curve(random, produced * 4 / 3, isAgent) : null,
        };
    }

    private static SectionLength[] Sections(Random random, int required, int produced)
    {
        int count = Math.Max(1, required / 450);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(60, 140) * required / count / 100)
            .Select(asked => new SectionLength(Math.Max(1, asked), Math.Max(1, (int)(asked * (double)produced / required * Math.Exp(Normal(random) * 0.15)))))];
    }

    private static int[] Marks(Random random, bool isAgent)
    {
        double[] means = isAgent ? [4.7, 4.4, 4.2, 4.5, 4.3, 4.0] : [4.6, 4.4, 4.4, 4.5, 3.5, 3.9];
        return [.. means.Select(mean => (int)Math.Clamp(Math.Round(mean + Normal(random) * 0.5), 1, 5))];
    }

    private static NllPoint[] Curve(Random random, int tokens, bool isAgent)
    {
        double end = (isAgent ? 1.7 : 1.9) + Normal(random) * 0.12;
        double begin = 1.6 + Normal(random) * 0.3;
        return [.. Enumerable.Range(1, Math.Max(1, tokens / 64)).Select(step => new NllPoint(step * 64, end + begin / Math.Sqrt(1 + step)))];
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
