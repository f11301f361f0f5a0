namespace LongWriter.Cli;

/// <summary>Finds out how a shell calls this program, so that a printed command can be pasted.</summary>
internal static class Invocation
{
    /// <summary>Folders between an executable and its project: bin, configuration, framework, runtime.</summary>
    private const int MaxOutputDepth = 5;

    /// <summary>"dotnet run …" for a build inside its project, where source is at hand; else the installed tool, "longwriter".</summary>
    /// <param name="project">Name of the project.</param>
    /// <param name="baseDirectory">Where the program lies.</param>
    /// <param name="currentDirectory">Where the shell stands; the path to the project is relative to it.</param>
    public static string Of(string project, string baseDirectory, string currentDirectory)
    {
        DirectoryInfo? folder = new(Path.TrimEndingDirectorySeparator(baseDirectory));
        string configuration = "";
        for (int depth = 0; folder is not null && depth < MaxOutputDepth; depth++, folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, project + ".csproj")))
            {
                string path = Path.GetRelativePath(currentDirectory, folder.FullName);
                return ShellLine.Join(configuration.Length == 0
                    ? ["dotnet", "run", "--project", path, "--"]
                    : ["dotnet", "run", "-c", configuration, "--project", path, "--"]);
            }

            configuration = folder.Parent?.Name == "bin" ? folder.Name : configuration;
        }

        return "longwriter";
    }
}
