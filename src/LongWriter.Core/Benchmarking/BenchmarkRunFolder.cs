namespace LongWriter.Benchmarking;

/// <summary>The folder of a run: <c>run.json</c>, the manifest, and <c>results.jsonl</c>, a line for each finished item.</summary>
public static class BenchmarkRunFolder
{
    /// <summary>Reads a run, finished or not. A torn last line is left out; of several lines for one item the last one counts.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The run, its results ordered by subject as in the manifest, then id, then repeat.</returns>
    /// <exception cref="BenchmarkRunException">The folder holds no run, or a file in it holds something else.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static BenchmarkRun Read(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Holds(folder))
        {
            throw new BenchmarkRunException($"{folder} holds no run; expected {ManifestFile.FileName} and {ResultFile.FileName} in it.");
        }

        RunManifest manifest = ManifestFile.Read(ManifestPath(folder));
        string results = ResultPath(folder);
        return new BenchmarkRun(manifest, Ordered(manifest, File.Exists(results) ? ResultFile.Read(results) : []));
    }

    /// <summary>Whether a run was begun in the folder.</summary>
    /// <param name="folder">The folder; need not exist.</param>
    /// <returns>True when it holds a manifest.</returns>
    public static bool Holds(string folder) => File.Exists(ManifestPath(folder));

    internal static string ManifestPath(string folder) => Path.Combine(folder, ManifestFile.FileName);

    internal static string ResultPath(string folder) => Path.Combine(folder, ResultFile.FileName);

    /// <summary>One result for each item, the last one there is; the same order whatever the order of writing was.</summary>
    internal static IReadOnlyList<BenchmarkResult> Ordered(RunManifest manifest, IEnumerable<BenchmarkResult> results)
    {
        var last = new Dictionary<ResultKey, BenchmarkResult>();
        foreach (BenchmarkResult result in results)
        {
            last[ResultKey.Of(result)] = result;
        }

        string[] subjects = [.. manifest.Subjects.Select(subject => subject.Name)];
        return
        [
            .. last.Values
                .OrderBy(result => Array.IndexOf(subjects, result.Subject))
                .ThenBy(result => result.Id, StringComparer.Ordinal)
                .ThenBy(result => result.Repeat),
        ];
    }
}

/// <summary>What tells the results of a run apart.</summary>
internal readonly record struct ResultKey(string Subject, string Id, int Repeat)
{
    public static ResultKey Of(BenchmarkResult result) => new(result.Subject, result.Id, result.Repeat);
}

/// <summary>The folder of a run cannot be read, written or continued.</summary>
/// <param name="message">Which folder or file, where in it, what was found and what was expected.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class BenchmarkRunException(string message, Exception? inner = null) : IOException(message, inner);
