using System.Text.Json;

namespace LongWriter.Benchmarking;

/// <summary>run.json of a run's folder.</summary>
internal static class ManifestFile
{
    public const string FileName = "run.json";

    /// <exception cref="BenchmarkRunException">The file holds something else.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RunManifest Read(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(path), RunJson.Manifest) is { } manifest
                && manifest.Subjects.All(subject => subject is not null) && manifest.Subjects.Count > 0 && manifest.BinEdges.Count > 0)
            {
                return manifest;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new BenchmarkRunException($"{path}: expected the manifest of a run, found something else: {e.Message}", e);
        }

        throw new BenchmarkRunException($"{path}: expected the manifest of a run with subjects and bins, found none.");
    }

    /// <summary>Writes the whole file or leaves the old one.</summary>
    public static void Write(string path, RunManifest manifest)
    {
        string partial = path + ".partial";
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, manifest, RunJson.Manifest);
            file.Write("\n"u8);
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, path, overwrite: true);
    }
}
