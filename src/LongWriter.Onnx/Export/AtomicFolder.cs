namespace LongWriter.Onnx.Export;

/// <summary>A folder that appears under its name only when it is complete: it is filled beside it and renamed.</summary>
internal sealed class AtomicFolder : IDisposable
{
    private readonly string finalPath;
    private readonly bool overwrite;
    private bool committed;

    /// <exception cref="IOException">The folder exists and may not be replaced.</exception>
    public AtomicFolder(string path, bool overwrite)
    {
        finalPath = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        this.overwrite = overwrite;
        RequireFree();
        Path = $"{finalPath}.partial";

        // What an export that was killed left behind.
        DeleteIfThere(Path);
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where to write.</summary>
    public string Path { get; }

    /// <summary>Gives the folder its name.</summary>
    public void Commit()
    {
        RequireFree();
        string old = $"{finalPath}.replaced";
        DeleteIfThere(old);
        if (Directory.Exists(finalPath))
        {
            Directory.Move(finalPath, old);
        }

        Directory.Move(Path, finalPath);
        committed = true;
        DeleteIfThere(old);
    }

    public void Dispose()
    {
        if (!committed)
        {
            DeleteIfThere(Path);
        }
    }

    private void RequireFree()
    {
        if (File.Exists(finalPath) || !overwrite && Directory.Exists(finalPath))
        {
            throw new IOException($"'{finalPath}' already exists. Choose another folder, delete it, or set Overwrite.");
        }
    }

    private static void DeleteIfThere(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
