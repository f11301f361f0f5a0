using System.Text;

namespace LongWriter.Cli;

/// <summary>
/// The document's file. While it is written its accepted text stands in FILE.partial; FILE itself appears, or is replaced, in one
/// step once the document is complete.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string path;
    private readonly bool isNewPartial;
    private FileStream? partial;

    /// <exception cref="IOException">The file cannot be written; said now, not after the work.</exception>
    public OutputFile(string path)
    {
        this.path = path;
        if (Directory.Exists(path))
        {
            throw new IOException($"--out: {path} must be a file but is a folder.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            isNewPartial = !File.Exists(PartialPath);

            // Opened, not emptied: what an earlier run left there stays until this one has text of its own.
            File.Open(PartialPath, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            if (File.Exists(path))
            {
                File.Open(path, FileMode.Open, FileAccess.Write).Dispose();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--out: {path} cannot be written: {e.Message}", e);
        }
    }

    public string PartialPath => path + ".partial";

    /// <summary>True once a section was added.</summary>
    public bool HasText => partial is not null;

    /// <summary>What the file of a complete document holds.</summary>
    public static string Content(string text) => text + "\n";

    /// <summary>Adds an accepted section.</summary>
    public void Add(string section)
    {
        bool isFirst = partial is null;
        partial ??= new FileStream(PartialPath, FileMode.Create, FileAccess.Write, FileShare.Read);
        partial.Write(Encoding.UTF8.GetBytes(isFirst ? section : DocumentText.Separator + section));
        partial.Flush();
    }

    /// <summary>The document is complete.</summary>
    public void Complete()
    {
        partial!.Write("\n"u8);
        partial.Flush(flushToDisk: true);
        partial.Dispose();
        File.Move(PartialPath, path, overwrite: true);
    }

    /// <summary>Closes. The text so far stays in the partial file; without any, none is left behind.</summary>
    public void Dispose()
    {
        if (partial is null && isNewPartial)
        {
            File.Delete(PartialPath);
        }

        partial?.Dispose();
    }
}
