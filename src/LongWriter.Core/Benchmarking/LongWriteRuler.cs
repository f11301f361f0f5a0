namespace LongWriter.Benchmarking;

/// <summary>LongWrite-Ruler: eight plain requests, each at six lengths from 1,000 to 30,000, to see how long a model can write.</summary>
/// <remarks>
/// The prompts are not part of this package; they are in the folder <c>evaluation</c> of THUDM/LongWriter on GitHub (Apache-2.0).
/// Source: evaluation/longwrite_ruler.jsonl, THUDM/LongWriter 3fcfdff. Difference: its Chinese labels are given the English names that
/// LongBench-Write has for the same types, so that both suites group alike.
/// </remarks>
public static class LongWriteRuler
{
    /// <summary>"longwrite-ruler".</summary>
    public const string Name = "longwrite-ruler";

    private static readonly Dictionary<string, string> TypeNames = new(StringComparer.Ordinal)
    {
        ["社区论坛"] = "Community Forum",
        ["文学与创作"] = "Literature and Creative Writing",
        ["科普介绍"] = "Popular Science",
        ["学术与专著"] = "Academic and Monograph",
    };

    /// <summary>Lower edges of the length bins: one bin for each length.</summary>
    public static IReadOnlyList<int> BinEdges { get; } = [0, 2_000, 5_000, 10_000, 20_000, 30_000];

    /// <summary>Reads the released file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The suite; its version is the file's SHA-256.</returns>
    /// <exception cref="BenchmarkSuiteException">Lines of the file cannot be used; the message says which and why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BenchmarkSuite Load(string path) => SuiteReader.Read(path, new SuiteForm(Name, BinEdges) { TypeNames = TypeNames });
}
