namespace LongWriter.Benchmarking;

/// <summary>One prompt of a suite. Immutable.</summary>
public sealed record BenchmarkItem
{
    /// <summary>Unique in its suite, stable between runs, such as "longbench-write-017".</summary>
    public required string Id { get; init; }

    /// <summary>What the writer is asked.</summary>
    public required string Prompt { get; init; }

    /// <summary>Language of the prompt and of the expected text: "en" or "zh".</summary>
    public required string Language { get; init; }

    /// <summary>The label by which results are grouped, such as "News Report".</summary>
    public required string Type { get; init; }

    /// <summary>The required length, words or 字 by the compatible counter; 1 or more.</summary>
    public required int RequiredWords { get; init; }
}

/// <summary>A set of prompts with required lengths. Immutable.</summary>
public sealed record BenchmarkSuite
{
    /// <summary>Such as "longbench-write".</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the file, lower-case hexadecimal, or the version of a suite that ships.</summary>
    public required string Version { get; init; }

    /// <summary>The prompts, in the file's order.</summary>
    public required IReadOnlyList<BenchmarkItem> Items { get; init; }

    /// <summary>Lower edges of the length bins, ascending, from 0; each bin is half-open, the last one is open above.</summary>
    public required IReadOnlyList<int> BinEdges { get; init; }
}
