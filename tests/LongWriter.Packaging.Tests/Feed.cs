using LongWriter.Packaging.Tests;

[assembly: AssemblyFixture(typeof(Feed))]

namespace LongWriter.Packaging.Tests;

/// <summary>A folder with the packages of this build, packed once for all tests, with nothing built again: other tests are running from the same outputs.</summary>
public sealed class Feed : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private string? whyNot;

    /// <summary>What packing the solution gives.</summary>
    internal static IReadOnlyList<string> PackageIds { get; } =
        ["LongWriter.Abstractions", "LongWriter.Cli", "LongWriter.Core", "LongWriter.Models.Tiny", "LongWriter.Onnx", "LongWriter.OpenAI"];

    /// <summary>Of all packages; each test that relies on it says so by <see cref="Open"/>.</summary>
    internal string Version { get; private set; } = "";

    internal string PackagesPath => folder.At("feed");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var environment = new Dictionary<string, string?>();
        if (!File.Exists(ProcessRun.DotnetPath) || (await ProcessRun.DotnetAsync(BuildFacts.Repository, environment, "--version")).Code != 0)
        {
            whyNot = $"{ProcessRun.DotnetPath} has no SDK that global.json accepts, so nothing can be packed.";
            return;
        }

        ProcessResult pack = await ProcessRun.DotnetAsync(
            BuildFacts.Repository,
            environment,
            "pack", "LongWriter.sln", "-c", BuildFacts.Configuration, "--no-build", "-m:1", "-o", PackagesPath, "--nologo", "-v", "quiet",
            $"-p:PublishDir={folder.At("publish")}/", $"-p:NuspecOutputPath={folder.At("nuspec")}/");
        PackOutput = pack.Out + pack.Error;
        pack.AssertSuccess();
        using PackageFile package = PackageFile.Open(Directory.GetFiles(PackagesPath, "LongWriter.Abstractions.*.nupkg").Single());
        Version = package.Text("version");
    }

    /// <summary>What packing printed.</summary>
    internal string PackOutput { get; private set; } = "";

    internal PackageFile Open(string id, string extension = "nupkg")
    {
        SkipWithoutSdk();
        return PackageFile.Open(Path.Combine(PackagesPath, $"{id}.{Version}.{extension}"));
    }

    internal void SkipWithoutSdk() => Assert.SkipWhen(whyNot is not null, whyNot ?? "");

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
