namespace LongWriter.Onnx.Tests.Export;

/// <summary>The trained model of this repository, models/longwriter-tiny.</summary>
internal static class EmbeddedModel
{
    /// <summary>The folder, or null when there is none.</summary>
    public static string? Folder { get; } = Candidates().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "model.safetensors")));

    private static IEnumerable<string> Candidates()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "models", "longwriter-tiny");
        }
    }
}
