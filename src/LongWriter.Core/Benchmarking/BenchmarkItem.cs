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

    /// <summary>A part of the suite for a quick run: items at even distances, so that every length and language stays in it.</summary>
    /// <param name="count">How many items; 1 or more. Where the suite has no more than that, all of them.</param>
    /// <returns>The same suite with fewer items; name, version and bins stay.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public BenchmarkSuite Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return count >= Items.Count
            ? this
            : this with { Items = [.. Enumerable.Range(0, count).Select(i => Items[(int)((long)i * Items.Count / count)])] };
    }
}
