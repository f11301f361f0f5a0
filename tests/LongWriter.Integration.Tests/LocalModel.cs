using LongWriter.Onnx;

namespace LongWriter.Integration.Tests;

/// <summary>The embedded model, exported once for all tests. Tests of one collection run one after the other: two of them would share the cores.</summary>
public sealed class LocalModel : IDisposable
{
    private readonly DirectoryInfo cache = Directory.CreateTempSubdirectory("longwriter-");

    /// <summary>A client of its own for each use, so that no test finds what another one computed.</summary>
    public MeteredChatClient Open() => new(OnnxChatClient.Load(new OnnxChatClientOptions
    {
        ModelFolder = Folder(),
        CacheFolder = cache.FullName,
        Slots = 1,
    }));

    public void Dispose() => cache.Delete(recursive: true);

    private static string Folder()
    {
        for (DirectoryInfo? parent = new(AppContext.BaseDirectory); parent is not null; parent = parent.Parent)
        {
            string candidate = Path.Combine(parent.FullName, "models", "longwriter-tiny");
            if (File.Exists(Path.Combine(candidate, "model.safetensors")))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"models/longwriter-tiny is not above {AppContext.BaseDirectory}.");
    }
}

[CollectionDefinition(nameof(LocalModel))]
public sealed class LocalModelGroup : ICollectionFixture<LocalModel>;
