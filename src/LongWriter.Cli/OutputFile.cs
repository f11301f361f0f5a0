using System.Text;

namespace LongWriter.Cli;

/// <summary>
/// The document's file. While it is written its accepted text stands in FILE.partial; FILE itself is replaced in one
/// step once the document is complete.
/// </summary>
internal sealed class OutputFile
{
    private readonly string path;
    private readonly StringBuilder text = new();

    /// <exception cref="IOException">The file cannot be written; said now, not after the work.</exception>
    public OutputFile(string path)
    {
        this.path = path;
        if (Directory.Exists(path))
        {
            throw new IOException($"--out must be a file but {path} is a folder.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(PartialPath, "");
            if (File.Exists(path))
            {
                using FileStream _ = File.Open(path, FileMode.Open, FileAccess.Write);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--out: {path} cannot be written: {e.Message}", e);
        }
    }

    public string PartialPath => path + ".partial";

    /// <summary>Adds an accepted section.</summary>
    public void Add(string section)
    {
        text.Append(text.Length == 0 ? "" : DocumentText.Separator).Append(section);
        File.WriteAllText(PartialPath, text.ToString() + "\n");
    }

    /// <summary>The document is complete.</summary>
    public void Complete()
    {
        File.WriteAllText(PartialPath, text.ToString() + "\n");
        File.Move(PartialPath, path, overwrite: true);
    }

    /// <summary>The document is not complete; its text so far stays in the partial file when there is any.</summary>
    public void Abandon()
    {
        if (text.Length == 0)
        {
            File.Delete(PartialPath);
        }
    }
}
