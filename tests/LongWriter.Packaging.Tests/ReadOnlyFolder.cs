namespace LongWriter.Packaging.Tests;

/// <summary>A folder that nobody may write to, except an administrator, who may everywhere.</summary>
internal sealed class ReadOnlyFolder : IDisposable
{
    private const UnixFileMode Write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    private readonly string path;

    public ReadOnlyFolder(string path)
    {
        this.path = path;
        SetMode(mode => mode & ~Write);
    }

    /// <summary>Name, length and time of every file.</summary>
    public string[] Contents() =>
        [.. new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => FormattableString.Invariant($"{Path.GetRelativePath(path, file.FullName)} {file.Length} {file.LastWriteTimeUtc:O}"))
            .Order(StringComparer.Ordinal)];

    public void Dispose() => SetMode(mode => mode | UnixFileMode.UserWrite);

    private void SetMode(Func<UnixFileMode, UnixFileMode> change)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (string folder in Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Append(path).ToList())
        {
            File.SetUnixFileMode(folder, change(File.GetUnixFileMode(folder)));
        }
    }
}
