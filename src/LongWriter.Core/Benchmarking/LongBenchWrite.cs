namespace LongWriter.Benchmarking;

/// <summary>LongBench-Write: prompts of real users with required lengths from 100 to 20,000.</summary>
/// <remarks>
/// The prompts are not part of this package; they are in the folder <c>evaluation</c> of THUDM/LongWriter on GitHub (Apache-2.0).
/// Source: evaluation/longbench_write.jsonl, THUDM/LongWriter 3fcfdff: fields <c>prompt</c>, <c>type</c>, <c>length</c>; bins as in the paper.
/// </remarks>
public static class LongBenchWrite
{
    /// <summary>"longbench-write".</summary>
    public const string Name = "longbench-write";

    /// <summary>Lower edges of the paper's length bins.</summary>
    public static IReadOnlyList<int> BinEdges { get; } = [0, 500, 2_000, 4_000];

    /// <summary>Reads the released file, all 120 prompts or the 60 English ones.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The suite; its version is the file's SHA-256.</returns>
    /// <exception cref="BenchmarkSuiteException">Lines of the file cannot be used; the message says which and why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BenchmarkSuite Load(string path) => SuiteReader.Read(path, new SuiteForm(Name, BinEdges));
}
