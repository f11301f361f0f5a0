using LongWriter.Benchmarking;

namespace LongWriter.Core.Tests.Benchmarking;

/// <summary>A temporary folder for suites and runs. It is named DIR in its texts.</summary>
internal sealed class BenchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("longwriter-bench-").FullName;

    public string Run => PathTo("run");

    public string ResultPath => BenchmarkRunFolder.ResultPath(Run);

    public string ManifestPath => BenchmarkRunFolder.ManifestPath(Run);

    public string PathTo(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathTo(name), text);
        return PathTo(name);
    }

    public string Named(string text) => text.Replace(Path, "DIR", StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
