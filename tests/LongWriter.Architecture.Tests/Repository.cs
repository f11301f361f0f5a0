using System.Runtime.CompilerServices;

namespace LongWriter.Architecture;

/// <summary>One C# file: its path from the repository's root, with forward slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text);

/// <summary>Finds the repository and the files in it that belong to it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory) ?? FindRoot(ThisFile()) ?? throw new InvalidOperationException("LongWriter.sln is in no folder above these tests.");

    /// <summary>The C# files under src.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = [.. Files("src").Where(p => p.EndsWith(".cs", StringComparison.Ordinal)).Select(p => new SourceFile(p, Read(p)))];

    /// <summary>Folders under src with a project in them, by name.</summary>
    public static IReadOnlyList<string> Projects { get; } =
        [.. Directory.GetDirectories(Absolute("src")).Where(d => Directory.GetFiles(d, "*.csproj").Length == 1).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)];

    public static string Absolute(string path) => Path.Combine(Root, path);

    public static string Read(string path) => File.ReadAllText(Absolute(path));

    /// <summary>All files of a folder that version control would take, as paths from the root with forward slashes, sorted.</summary>
    public static IEnumerable<string> Files(string folder)
    {
        IgnoreList ignored = IgnoreList.Parse(Read(".gitignore"));
        return Walk(Absolute(folder), ignored).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Walk(string directory, IgnoreList ignored)
    {
        foreach (string file in Directory.EnumerateFiles(directory))
        {
            string path = Relative(file);
            if (!ignored.Contains(path) && path != ".git")
            {
                yield return path;
            }
        }

        foreach (string child in Directory.EnumerateDirectories(directory))
        {
            if (!ignored.Contains(Relative(child) + "/") && Path.GetFileName(child) != ".git")
            {
                foreach (string path in Walk(child, ignored))
                {
                    yield return path;
                }
            }
        }
    }

    private static string Relative(string absolute) => Path.GetRelativePath(Root, absolute).Replace('\\', '/');

    private static string? FindRoot(string start)
    {
        DirectoryInfo? directory = new(start);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "LongWriter.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
