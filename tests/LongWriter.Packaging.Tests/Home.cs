namespace LongWriter.Packaging.Tests;

/// <summary>A user who has nothing: no packages, no settings, no exported models. Packages come from a folder alone, so no network is needed.</summary>
internal sealed class Home : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public Home(Feed feed, bool withPackagesOfOthers = false)
    {
        Directory.CreateDirectory(folder.At("home"));
        Directory.CreateDirectory(folder.At("work"));
        File.Copy(BuildFacts.PathOf("global.json"), At("global.json"));
        string others = withPackagesOfOthers ? $"""<add key="others" value="{BuildFacts.PackageFolder}" />""" : "";
        File.WriteAllText(At("NuGet.config"), $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{feed.PackagesPath}" /></packageSources>
              <fallbackPackageFolders><clear />{others}</fallbackPackageFolders>
            </configuration>
            """);
    }

    /// <summary>Where programs run.</summary>
    public string Work => folder.At("work");

    public string Cache => folder.At("cache");

    /// <summary>Where exports go when nothing else is said, on Linux.</summary>
    public string DefaultCache => folder.At("home", ".local", "share", "longwriter", "models");

    public Dictionary<string, string?> Environment => new()
    {
        ["HOME"] = folder.At("home"),
        ["USERPROFILE"] = folder.At("home"),
        ["XDG_DATA_HOME"] = null,
        ["DOTNET_CLI_HOME"] = folder.At("home"),
        ["NUGET_PACKAGES"] = folder.At("packages"),
        ["NUGET_FALLBACK_PACKAGES"] = null,
        ["LONGWRITER_CACHE"] = null,
        ["LONGWRITER_ONNXRUNTIME"] = null,
    };

    public string At(params string[] parts) => Path.Combine([Work, .. parts]);

    public void Dispose() => folder.Dispose();
}
