namespace LongWriter.Onnx.Tests.Export;

/// <summary>The trained seed model: below LONGWRITER_SHARED or an ancestor's folder "shared", else the repository's models/longwriter-tiny.</summary>
internal static class SeedModel
{
    /// <summary>The folder, or null when there is none.</summary>
    public static string? Folder { get; } = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "model.safetensors")));

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("LONGWRITER_SHARED") is { Length: > 0 } shared)
        {
            yield return Path.Combine(shared, "data", "seed-model");
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "shared", "data", "seed-model");
            yield return Path.Combine(folder.FullName, "models", "longwriter-tiny");
        }
    }
}
