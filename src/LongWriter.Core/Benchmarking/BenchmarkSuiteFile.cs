namespace LongWriter.Benchmarking;

/// <summary>A suite of the user's own, in the form of the released ones: JSON lines.</summary>
/// <remarks>
/// Every line is an object with <c>prompt</c> (text), <c>type</c> (text) and <c>length</c> (whole number, 1 to 1000000), and may have
/// <c>id</c> (text, unique) and <c>language</c> ("en" or "zh"). Other fields are left alone, blank lines are skipped.
/// </remarks>
public static class BenchmarkSuiteFile
{
    /// <summary>Reads a file. The suite has the file's name without extension, and the bins of LongBench-Write.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The suite; its version is the file's SHA-256.</returns>
    /// <exception cref="BenchmarkSuiteException">Lines of the file cannot be used; the message says which and why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BenchmarkSuite Load(string path) =>
        SuiteReader.Read(path, new SuiteForm(Path.GetFileNameWithoutExtension(path), LongBenchWrite.BinEdges));
}

/// <summary>A file of a suite cannot be used.</summary>
/// <param name="message">The file and up to ten of the problems.</param>
/// <param name="problems">All problems, one sentence each, in the file's order.</param>
public sealed class BenchmarkSuiteException(string message, IReadOnlyList<string> problems) : FormatException(message)
{
    /// <summary>All problems, one sentence each, in the file's order.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
