using System.Collections.Concurrent;
using LongWriter.Benchmarking;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>A subject whose replies a test writes. Without a script it repeats a word of its seed, half as often as was asked.</summary>
internal sealed class FakeSubject(string name, Func<BenchmarkItem, long, SubjectReply>? script = null) : IBenchmarkSubject
{
    private readonly ConcurrentQueue<(string Id, long Seed)> calls = new();

    public SubjectManifest Manifest { get; init; } = new(name, "chat", "fake-model", new Dictionary<string, string> { ["temperature"] = "0.5" });

    public IReadOnlyList<(string Id, long Seed)> Calls => [.. calls];

    public Func<CancellationToken, Task> BeforeReply { get; init; } = _ => Task.CompletedTask;

    public async Task<SubjectReply> WriteAsync(BenchmarkItem item, long seed, CancellationToken cancellationToken)
    {
        calls.Enqueue((item.Id, seed));
        await BeforeReply(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return script is null ? Reply(item, seed) : script(item, seed);
    }

    public static SubjectReply Reply(BenchmarkItem item, long seed)
    {
        int words = Math.Max(1, item.RequiredWords / 2);
        string word = string.Concat(seed.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0')));
        return new SubjectReply
        {
            Text = string.Join(' ', Enumerable.Repeat(item.Language == "zh" ? "字" : word, words)),
            End = EndCause.Stop,
            Usage = new TokenUsage(100, 10, words, 1),
            Sections = [new SectionLength(item.RequiredWords, words)],
        };
    }
}

/// <summary>A judge that gives one mark in every dimension, or what a test says.</summary>
internal sealed class FakeJudge(Func<string, QualitySample>? script = null) : IQualityJudge
{
    private readonly ConcurrentQueue<string> judged = new();

    public IReadOnlyList<string> Judged => [.. judged];

    public static QualitySample Marked(int mark) => new(new QualityMarks(mark, mark, mark, mark, mark, mark), null, "fine", ["{}"], 7);

    public Task<QualityJudgement> JudgeAsync(string instruction, string response, CancellationToken cancellationToken = default)
    {
        judged.Enqueue(response);
        return Task.FromResult(new QualityJudgement
        {
            Samples = [script is null ? Marked(4) : script(response)],
            Model = "fake-judge",
            PromptVersion = "quality-v1",
            Temperature = 0.5f,
            Usage = new TokenUsage(5, 0, 5, 1),
        });
    }
}

/// <summary>Progress as it is told, at once.</summary>
internal sealed class ProgressList : IProgress<BenchmarkProgress>
{
    public List<BenchmarkProgress> All { get; } = [];

    public void Report(BenchmarkProgress value) => All.Add(value);
}

/// <summary>Small suites.</summary>
internal static class Suites
{
    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static BenchmarkSuite Of(params int[] lengths) => new()
    {
        Name = "small",
        Version = "1",
        Items = [.. lengths.Select((length, i) => Item($"small-{i:000}", length, i % 2 == 0 ? "en" : "zh"))],
        BinEdges = [0, 500, 2_000],
    };

    public static BenchmarkItem Item(string id, int length, string language = "en") => new()
    {
        Id = id,
        Prompt = language == "zh" ? $"写一篇{length}字的文章" : $"Write {length} words about tea",
        Language = language,
        Type = "News Report",
        RequiredWords = length,
    };
}
