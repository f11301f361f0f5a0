using System.Diagnostics.CodeAnalysis;

namespace LongWriter.Testing;

/// <summary>
/// Finds data sets that are not in the repository: under the folder that the environment variable <c>LONGWRITER_SHARED</c> names,
/// else under a folder <c>shared</c> beside the test or above it.
/// </summary>
public static class SharedData
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "LONGWRITER_SHARED";

    /// <summary>Finds a file, such as <c>data/longbench-write/longbench_write.jsonl</c>.</summary>
    /// <param name="relativePath">The path inside the shared folder.</param>
    /// <param name="path">The full path, or null where there is none.</param>
    /// <returns>Whether the file is there.</returns>
    public static bool TryFind(string relativePath, [NotNullWhen(true)] out string? path)
    {
        IEnumerable<string> folders = Ancestors(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, "shared"));
        string? named = Environment.GetEnvironmentVariable(Variable);
        folders = string.IsNullOrEmpty(named) ? folders : folders.Prepend(named);
        path = folders.Select(folder => Path.Combine(folder, relativePath)).FirstOrDefault(File.Exists);
        return path is not null;
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (DirectoryInfo? current = new(folder); current is not null; current = current.Parent)
        {
            yield return current.FullName;
        }
    }
}
