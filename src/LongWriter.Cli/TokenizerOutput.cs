using LongWriter.Onnx.Tokenization.Training;

namespace LongWriter.Cli;

/// <summary>The tokenizer.json to write; it appears, or is replaced, in one step.</summary>
internal sealed class TokenizerOutput
{
    /// <exception cref="IOException">The file is there already and may not be replaced; said now, not after the work.</exception>
    public TokenizerOutput(string path, bool overwrite)
    {
        string full = System.IO.Path.GetFullPath(path);
        bool isFile = full.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(full);
        Path = isFile ? full : System.IO.Path.Combine(full, "tokenizer.json");
        if (File.Exists(Path) && !overwrite)
        {
            throw new IOException($"--out: {Path} exists already; add --overwrite to replace it.");
        }
    }

    public string Path { get; }

    public void Write(BytePairVocabulary vocabulary)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            string partial = Path + ".partial";
            using (FileStream file = File.Create(partial))
            {
                vocabulary.WriteTokenizerJson(file);
                file.WriteByte((byte)'\n');
            }

            File.Move(partial, Path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"--out: {Path} cannot be written: {e.Message}", e);
        }
    }
}
