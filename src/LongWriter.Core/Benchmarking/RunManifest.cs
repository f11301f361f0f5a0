namespace LongWriter.Benchmarking;

/// <summary>What a run was made with, so that it can be made again: run.json in the run's folder. Immutable.</summary>
public sealed record RunManifest
{
    /// <summary>Name of the suite.</summary>
    public required string Suite { get; init; }

    /// <summary>Version or SHA-256 of the suite.</summary>
    public required string SuiteVersion { get; init; }

    /// <summary>Lower edges of the suite's length bins.</summary>
    public required IReadOnlyList<int> BinEdges { get; init; }

    /// <summary>Items of the suite that take part.</summary>
    public required int Items { get; init; }

    /// <summary>The subjects, in order.</summary>
    public required IReadOnlyList<SubjectManifest> Subjects { get; init; }

    /// <summary>Repetitions of every item; 1 or more.</summary>
    public required int Repeats { get; init; }

    /// <summary>Seed from which the seeds of the items are drawn.</summary>
    public required long Seed { get; init; }

    /// <summary>Name of the judge model; null without a judge.</summary>
    public string? Judge { get; init; }

    /// <summary>Prompt version of the judge; null without a judge.</summary>
    public string? JudgePromptVersion { get; init; }

    /// <summary>What measured negative log-likelihoods, such as "longwriter-tiny, window 1024"; null when they were not asked for.</summary>
    public string? Nll { get; init; }

    /// <summary>The command that makes the run again; null when a program made it.</summary>
    public string? Command { get; init; }

    /// <summary>Version of LongWriter, with the commit where it is known.</summary>
    public required string LongWriterVersion { get; init; }

    /// <summary>Such as ".NET 10.0.0".</summary>
    public required string Runtime { get; init; }

    /// <summary>Versions of the packages that carry the calls, by name; null in a run of an earlier version.</summary>
    public IReadOnlyDictionary<string, string>? Packages { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset Started { get; init; }
}

/// <summary>What wrote the texts.</summary>
/// <param name="Name">Such as "agent"; unique in the run.</param>
/// <param name="Kind">"chat" for a bare chat client, "agent" for an agent writer.</param>
/// <param name="Model">Name of the model; null when unknown.</param>
/// <param name="Options">Options that shape the texts, name and value, invariant culture; sorted by name.</param>
public sealed record SubjectManifest(string Name, string Kind, string? Model, IReadOnlyDictionary<string, string> Options);

/// <summary>A run as read from its folder: manifest and results. Immutable.</summary>
/// <param name="Manifest">What it was made with.</param>
/// <param name="Results">The finished items, ordered by subject, item and repeat.</param>
public sealed record BenchmarkRun(RunManifest Manifest, IReadOnlyList<BenchmarkResult> Results);
