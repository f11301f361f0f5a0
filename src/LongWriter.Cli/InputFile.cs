namespace LongWriter.Cli;

/// <summary>Reads files that the user names.</summary>
internal static class InputFile
{
    /// <summary>Reads a file, or standard input for "-".</summary>
    /// <exception cref="IOException">The file cannot be read; the message begins with the option that named it.</exception>
    public static string Read(string option, string path, ToolHost host) => path == "-" ? host.In.ReadToEnd() : Read(option, path);

    /// <exception cref="IOException">The file cannot be read; the message begins with the option that named it.</exception>
    public static string Read(string option, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"{option}: {path} does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{option}: {path} cannot be read: {e.Message}", e);
        }
    }
}
