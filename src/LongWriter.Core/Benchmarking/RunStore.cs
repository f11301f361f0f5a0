namespace LongWriter.Benchmarking;

/// <summary>A run's folder while the run goes on: its manifest, and the results as they come.</summary>
internal sealed class RunStore : IDisposable
{
    private readonly ResultFile file;

    private RunStore(RunManifest manifest, ResultFile file) => (Manifest, this.file) = (manifest, file);

    /// <summary>The manifest of the run's start, with a judge or a measurement that was added.</summary>
    public RunManifest Manifest { get; }

    /// <summary>What an earlier start left, one result for each item.</summary>
    public IReadOnlyList<BenchmarkResult> Earlier => BenchmarkRunFolder.Ordered(Manifest, file.Results);

    /// <exception cref="BenchmarkRunException">The folder holds a run that must not be touched, none to go on with, or another one.</exception>
    public static RunStore Open(string folder, RunManifest wanted, bool resume)
    {
        if (BenchmarkRunFolder.Holds(folder) != resume)
        {
            throw new BenchmarkRunException(resume
                ? $"{folder} holds no run to resume."
                : $"{folder} holds a run already; resume it, or choose another folder.");
        }

        // An empty file is what a start leaves that was killed before its manifest was written.
        if (!resume && new FileInfo(BenchmarkRunFolder.ResultPath(folder)) is { Exists: true, Length: > 0 })
        {
            throw new BenchmarkRunException($"{folder} holds {ResultFile.FileName} without {ManifestFile.FileName}; choose another folder.");
        }

        Directory.CreateDirectory(folder);
        RunManifest manifest = resume ? Joined(folder, ManifestFile.Read(BenchmarkRunFolder.ManifestPath(folder)), wanted) : wanted;
        var file = ResultFile.Open(BenchmarkRunFolder.ResultPath(folder));
        try
        {
            ManifestFile.Write(BenchmarkRunFolder.ManifestPath(folder), manifest);
            return new RunStore(manifest, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Append(BenchmarkResult result) => file.Append(result);

    public void Dispose() => file.Dispose();

    private static RunManifest Joined(string folder, RunManifest recorded, RunManifest wanted)
    {
        IReadOnlyList<string> differences = ManifestComparison.Differences(recorded, wanted);
        return differences.Count > 0
            ? throw new BenchmarkRunException($"{folder} holds another run: {string.Join("; ", differences)}.")
            : recorded with { Judge = wanted.Judge, JudgePromptVersion = wanted.JudgePromptVersion, Nll = wanted.Nll };
    }
}
