namespace LongWriter.Benchmarks;

/// <summary>The model of the repository, found above the folder of the program.</summary>
internal static class EmbeddedModel
{
    public static string Folder()
    {
        for (DirectoryInfo? parent = new(AppContext.BaseDirectory); parent is not null; parent = parent.Parent)
        {
            string candidate = Path.Combine(parent.FullName, "models", "longwriter-tiny");
            if (File.Exists(Path.Combine(candidate, "model.safetensors")))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException("models/longwriter-tiny is not above the benchmark program's folder.");
    }
}
